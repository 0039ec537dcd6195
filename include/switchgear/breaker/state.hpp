#pragma once

#include <cstdint>
#include <string_view>

namespace switchgear {

/// The states of a breaker.
enum class state : std::uint8_t {
  closed,    ///< Calls pass; failures are counted.
  open,      ///< Calls are rejected until the open time is over.
  half_open, ///< A few calls pass as probes; they decide.
};

/// How a breaker is run: by its own rules, or by hand.
enum class mode : std::uint8_t {
  automatic,     ///< By its rules.
  isolated,      ///< Held open until told otherwise.
  forced_closed, ///< Held closed: calls pass and are counted, nothing trips.
  disabled,      ///< Calls pass; nothing is counted towards a trip.
  metrics_only,  ///< Changes state by its rules but never rejects a call.
};

/// Why a breaker changed its state.
enum class reason : std::uint8_t {
  none,
  // closed -> open
  consecutive_failures, ///< `failure_threshold` failures in a row.
  failure_rate,         ///< The window's failure rate reached its threshold.
  slow_call_rate,       ///< The window's slow calls reached their threshold.
  ready_to_trip,        ///< The user's predicate said so.
  stuck_calls,          ///< Too many calls have not come back.
  // half_open -> open
  probe_failed, ///< A probe failed.
  probe_slow,   ///< A probe took longer than `slow_call_duration`.
  probe_lost,   ///< A probe's lease ended before its result came.
  // open -> half_open
  open_time_over, ///< The open time is over.
  // half_open -> closed
  recovered, ///< `success_threshold` probes succeeded in a row.
  // by hand
  forced_open,
  isolated,
  forced_closed,
  disabled,
  reset,
  released, ///< An isolated breaker was set back to automatic.
};

/// How an admitted call ended.
enum class outcome : std::uint8_t {
  success,
  failure,
  timeout,   ///< Took longer than `call_timeout`.
  ignored,   ///< Says nothing about the tool; gives its permit back.
  cancelled, ///< Never ran to an end; gives its permit back.
};

/// How serious a breaker's condition is.
enum class alert_level : std::uint8_t {
  healthy,  ///< Closed, and all is well.
  warning,  ///< Half-open; or too many failures, or too many trips.
  critical, ///< Open.
};

/// The level that a state has by itself.
alert_level level_of(state value) noexcept;

std::string_view to_string(state value) noexcept;
std::string_view to_string(mode value) noexcept;
std::string_view to_string(reason value) noexcept;
std::string_view to_string(outcome value) noexcept;
std::string_view to_string(alert_level value) noexcept;

} // namespace switchgear
