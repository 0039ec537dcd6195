#pragma once

#include <vector>

#include "switchgear/telemetry/event.hpp"

namespace switchgear::test {

/// When all of them happened: 2023-11-14 22:13:20.123456789.
inline wall_time some_time() {
  using namespace std::chrono;
  return wall_time{duration_cast<system_clock::duration>(
    nanoseconds{1'700'000'000'123'456'789})};
}

/// An event of each kind, with all that one of its kind can say.
inline std::vector<telemetry::event> one_of_each() {
  using namespace std::chrono_literals;
  std::vector<telemetry::event> result;
  const auto add = [&](event_kind kind) -> telemetry::event& {
    auto& made = result.emplace_back();
    made.kind = kind;
    made.breaker = "database";
    made.sequence = result.size();
    made.epoch = 3;
    made.when = some_time();
    return made;
  };
  const auto fail = [](telemetry::event& call, outcome how) {
    call.how = how;
    call.latency = 1500ms;
    call.error_type = "std::runtime_error";
    call.text = "connection refused";
  };
  add(event_kind::breaker_initialized);
  add(event_kind::call_succeeded).latency = 250ms;
  fail(add(event_kind::call_failed), outcome::failure);
  auto& rejected = add(event_kind::call_rejected);
  rejected.rejected_with = errc::too_many_probes;
  rejected.count = 12;
  auto& trip = add(event_kind::state_transition);
  trip.from = state::closed;
  trip.to = state::open;
  trip.why = reason::failure_rate;
  trip.level = alert_level::critical;
  trip.time_in_state = 90s;
  trip.text = "3 of the last 4 calls failed";
  trip.cause = std::make_shared<trip_cause>(
    trip_cause{.why = reason::failure_rate,
               .last_failure = "connection refused",
               .consecutive_failures = 2,
               .window_calls = 4,
               .window_failures = 3,
               .window_slow = 1,
               .stuck_calls = 5,
               .trips_in_a_row = 6});
  add(event_kind::breaker_terminated).text = "shutdown";
  auto& restarted = add(event_kind::breaker_restarted);
  restarted.to = state::open;
  restarted.text = "killed";
  add(event_kind::config_changed).text = "window_size: 10 -> 20";
  add(event_kind::mode_changed).mode = mode::isolated;
  fail(add(event_kind::call_ignored), outcome::ignored);
  auto& late = add(event_kind::call_late);
  late.how = outcome::timeout;
  late.latency = 1500ms;
  late.count = 2;
  auto& alert = add(event_kind::alert_changed);
  alert.level = alert_level::warning;
  alert.text = "2 of the last 10 calls failed";
  return result;
}

} // namespace switchgear::test
