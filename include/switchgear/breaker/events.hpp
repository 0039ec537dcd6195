#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "switchgear/breaker/config.hpp"
#include "switchgear/breaker/state.hpp"
#include "switchgear/time.hpp"

namespace switchgear {

/// What a breaker tells of. The names are those of `to_string`, which begin
/// with `circuit_breaker.`.
enum class event_kind : std::uint8_t {
  breaker_initialized,
  call_succeeded,
  call_failed,
  call_rejected,
  state_transition,
  breaker_terminated,
  breaker_restarted,
  config_changed,
  mode_changed,
  call_ignored,
  call_late,
  alert_changed, ///< Though the state is the same; see `alert_monitor`.
};

/// E.g. `circuit_breaker.call_failed`.
std::string_view to_string(event_kind kind) noexcept;

/// Whether it tells of a call, not of a change.
bool is_call(event_kind kind) noexcept;

/// One event. A call's event precedes the transition that it causes.
struct breaker_event {
  event_kind kind = event_kind::breaker_initialized;
  /// Grows by one from event to event of a breaker, also across restarts and
  /// over events that nobody wanted to hear of: a gap is what was not wanted,
  /// or was dropped.
  std::uint64_t sequence = 0;
  /// The epoch in which it happened.
  std::uint64_t epoch = 0;
  /// When, on the monotonic clock. A machine leaves that of its termination,
  /// which no event tells it of, to its driver.
  time_point at{};
  /// The same on the wall clock, for people; set by the breaker's actor.
  wall_time when{};
  /// The state after the event; of a transition, `from` is the one before.
  state from = state::closed;
  state to = state::closed;
  reason why = reason::none;
  switchgear::mode mode = switchgear::mode::automatic;
  /// Of calls: how it ended and how long it took. Zero if that was not
  /// measured (`config::latency_sampling`).
  outcome how = outcome::success;
  duration latency{};
  /// Of a transition and of an alert: how serious it is after it, and before.
  alert_level level = alert_level::healthy;
  alert_level level_before = alert_level::healthy;
  /// Of a transition: time spent in `from`.
  duration time_in_state{};
  /// Of rejections, and of successes that come late: how many are told of at
  /// once. Otherwise 1.
  std::uint64_t count = 1;
  /// Of rejections: `circuit_open` or `too_many_probes`.
  errc rejected_with = errc::circuit_open;
  /// Of failures the error's text; of a trip the cause in words; of changed
  /// settings what has changed; of an alert why; of an end the reason.
  std::string text;
  /// Of failures: what kind of error, for those who group by it. The type of
  /// an exception or of an error value, else the name of the `errc`.
  std::string error_type;
  /// Of a trip: the rule that decided, and its numbers. Else null.
  std::shared_ptr<const trip_cause> cause;
};

} // namespace switchgear
