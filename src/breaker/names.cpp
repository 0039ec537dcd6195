#include "switchgear/breaker/config.hpp"
#include "switchgear/breaker/events.hpp"
#include "switchgear/breaker/state.hpp"

namespace switchgear {

std::string_view to_string(state value) noexcept {
  switch (value) {
    case state::closed:
      return "closed";
    case state::open:
      return "open";
    case state::half_open:
      return "half_open";
  }
  return "?";
}

std::string_view to_string(mode value) noexcept {
  switch (value) {
    case mode::automatic:
      return "automatic";
    case mode::isolated:
      return "isolated";
    case mode::forced_closed:
      return "forced_closed";
    case mode::disabled:
      return "disabled";
    case mode::metrics_only:
      return "metrics_only";
  }
  return "?";
}

std::string_view to_string(reason value) noexcept {
  switch (value) {
    case reason::none:
      return "none";
    case reason::consecutive_failures:
      return "consecutive_failures";
    case reason::failure_rate:
      return "failure_rate";
    case reason::slow_call_rate:
      return "slow_call_rate";
    case reason::ready_to_trip:
      return "ready_to_trip";
    case reason::probe_failed:
      return "probe_failed";
    case reason::probe_slow:
      return "probe_slow";
    case reason::stuck_calls:
      return "stuck_calls";
    case reason::probe_lost:
      return "probe_lost";
    case reason::open_time_over:
      return "open_time_over";
    case reason::recovered:
      return "recovered";
    case reason::forced_open:
      return "forced_open";
    case reason::isolated:
      return "isolated";
    case reason::forced_closed:
      return "forced_closed";
    case reason::disabled:
      return "disabled";
    case reason::reset:
      return "reset";
    case reason::released:
      return "released";
  }
  return "?";
}

std::string_view to_string(outcome value) noexcept {
  switch (value) {
    case outcome::success:
      return "success";
    case outcome::failure:
      return "failure";
    case outcome::timeout:
      return "timeout";
    case outcome::ignored:
      return "ignored";
    case outcome::cancelled:
      return "cancelled";
  }
  return "?";
}

std::string_view to_string(alert_level level) noexcept {
  switch (level) {
    case alert_level::healthy:
      return "healthy";
    case alert_level::warning:
      return "warning";
    case alert_level::critical:
      return "critical";
  }
  return "?";
}

alert_level level_of(state value) noexcept {
  switch (value) {
    case state::closed:
      return alert_level::healthy;
    case state::half_open:
      return alert_level::warning;
    case state::open:
      break;
  }
  return alert_level::critical;
}

bool is_call(event_kind kind) noexcept {
  switch (kind) {
    case event_kind::call_succeeded:
    case event_kind::call_failed:
    case event_kind::call_rejected:
    case event_kind::call_ignored:
    case event_kind::call_late:
      return true;
    default:
      return false;
  }
}

std::string_view to_string(event_kind kind) noexcept {
  switch (kind) {
    case event_kind::breaker_initialized:
      return "circuit_breaker.breaker_initialized";
    case event_kind::call_succeeded:
      return "circuit_breaker.call_succeeded";
    case event_kind::call_failed:
      return "circuit_breaker.call_failed";
    case event_kind::call_rejected:
      return "circuit_breaker.call_rejected";
    case event_kind::state_transition:
      return "circuit_breaker.state_transition";
    case event_kind::breaker_terminated:
      return "circuit_breaker.breaker_terminated";
    case event_kind::breaker_restarted:
      return "circuit_breaker.breaker_restarted";
    case event_kind::config_changed:
      return "circuit_breaker.config_changed";
    case event_kind::mode_changed:
      return "circuit_breaker.mode_changed";
    case event_kind::call_ignored:
      return "circuit_breaker.call_ignored";
    case event_kind::call_late:
      return "circuit_breaker.call_late";
    case event_kind::alert_changed:
      return "circuit_breaker.alert_changed";
  }
  return "?";
}

} // namespace switchgear
