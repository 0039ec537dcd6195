#pragma once

/// Expectations about what a breaker tells, for tests with GoogleTest:
///
///     switchgear::test_kit::event_recorder told{rt};
///     // ... calls ...
///     using namespace switchgear::test_kit;
///     EXPECT_EVENTS(told, "database", initialized(), succeeded(),
///                   failed("refused"), transition(state::closed,
///                   state::open));
///
/// Needs GoogleMock, which is the including program's to bring.

#include <chrono>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

#include <gmock/gmock.h>

#include "switchgear/telemetry/attributes.hpp"
#include "switchgear/test_kit/event_recorder.hpp"

namespace switchgear::telemetry {

/// How GoogleTest prints an event: in words.
inline void PrintTo(const event& what, std::ostream* out) {
  *out << '#' << what.sequence << ' ' << describe(what);
}

} // namespace switchgear::telemetry

namespace switchgear::test_kit {

using event_matcher = ::testing::Matcher<const telemetry::event&>;

/// Any event of that kind.
inline event_matcher of_kind(event_kind kind) {
  return ::testing::Field("kind", &telemetry::event::kind, kind);
}

/// The breaker was started.
inline event_matcher initialized() {
  return of_kind(event_kind::breaker_initialized);
}

inline event_matcher terminated() {
  return of_kind(event_kind::breaker_terminated);
}

/// Its actor died, and another one took over.
inline event_matcher restarted() {
  return of_kind(event_kind::breaker_restarted);
}

inline event_matcher config_changed() {
  return of_kind(event_kind::config_changed);
}

inline event_matcher mode_changed(mode to) {
  return ::testing::AllOf(
    of_kind(event_kind::mode_changed),
    ::testing::Field("mode", &telemetry::event::mode, to));
}

inline event_matcher succeeded() {
  return of_kind(event_kind::call_succeeded);
}

/// A call failed, with an error that has `part` in its text.
inline event_matcher failed(const std::string& part = {}) {
  return ::testing::AllOf(of_kind(event_kind::call_failed),
                          ::testing::Field("text", &telemetry::event::text,
                                           ::testing::HasSubstr(part)));
}

/// A call timed out and counts as failed.
inline event_matcher timed_out() {
  return ::testing::AllOf(
    of_kind(event_kind::call_failed),
    ::testing::Field("how", &telemetry::event::how, outcome::timeout));
}

/// A call said nothing about the tool.
inline event_matcher ignored() {
  return of_kind(event_kind::call_ignored);
}

/// A call of an earlier epoch came back.
inline event_matcher late() {
  return of_kind(event_kind::call_late);
}

/// So many calls were turned away.
inline event_matcher rejected(std::uint64_t count = 1,
                              errc with = errc::circuit_open) {
  return ::testing::AllOf(
    of_kind(event_kind::call_rejected),
    ::testing::Field("count", &telemetry::event::count, count),
    ::testing::Field("rejected_with", &telemetry::event::rejected_with, with));
}

/// A change of state.
inline event_matcher transition(state from, state to) {
  return ::testing::AllOf(
    of_kind(event_kind::state_transition),
    ::testing::Field("from", &telemetry::event::from, from),
    ::testing::Field("to", &telemetry::event::to, to));
}

inline event_matcher transition(state from, state to, reason why) {
  return ::testing::AllOf(transition(from, to),
                          ::testing::Field("why", &telemetry::event::why, why));
}

/// The level changed, though the state did not, with a reason that has `part` in its text.
inline event_matcher alert(alert_level to, const std::string& part = {}) {
  return ::testing::AllOf(
    of_kind(event_kind::alert_changed),
    ::testing::Field("level", &telemetry::event::level, to),
    ::testing::Field("text", &telemetry::event::text,
                     ::testing::HasSubstr(part)));
}

} // namespace switchgear::test_kit

/// Expects that `breaker` has told exactly these events since it was last
/// asked, in this order; alerts aside.
#define EXPECT_EVENTS(recorder, breaker, ...) \
  EXPECT_THAT((recorder).take(breaker), ::testing::ElementsAre(__VA_ARGS__))

/// The same, and gives up on the test if it is not so.
#define ASSERT_EVENTS(recorder, breaker, ...) \
  ASSERT_THAT((recorder).take(breaker), ::testing::ElementsAre(__VA_ARGS__))

/// Expects that `breaker` has told exactly these alerts since it was last asked:
/// `EXPECT_ALERTS(told, "database", alert(alert_level::warning))`.
#define EXPECT_ALERTS(recorder, breaker, ...) \
  EXPECT_THAT((recorder).take_alerts(breaker), \
              ::testing::ElementsAre(__VA_ARGS__))
