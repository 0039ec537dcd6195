#include "switchgear/telemetry/attributes.hpp"

#include <chrono>

namespace switchgear::telemetry {

namespace {

double seconds(duration value) {
  return std::chrono::duration<double>{value}.count();
}

using visitor
  = std::function<void(std::string_view name, attribute_value value)>;

/// What a single event says. An empty text is one that is not known.
class teller {
public:
  teller(const event& what, const visitor& visit) : what_(what), visit_(visit) {
    // nop
  }

  void text(std::string_view name, std::string_view value) const {
    if (!value.empty())
      visit_(name, value);
  }

  void number(std::string_view name, std::uint64_t value) const {
    visit_(name, static_cast<std::int64_t>(value));
  }

  void time(std::string_view name, duration value) const {
    if (value > duration::zero())
      visit_(name, seconds(value));
  }

  void state() const {
    text("circuit_breaker.state", to_string(what_.to));
    text("circuit_breaker.mode", to_string(what_.mode));
  }

  void call() const {
    text("circuit_breaker.call.outcome", to_string(what_.how));
    time("circuit_breaker.call.duration", what_.latency);
  }

  void error() const {
    text("error.type", what_.error_type);
    text("error.message", what_.text);
  }

  void level() const {
    text("circuit_breaker.alert.level", to_string(what_.level));
    text("circuit_breaker.alert.level_before", to_string(what_.level_before));
  }

  void alert() const {
    level();
    text("circuit_breaker.alert.reason", what_.text);
  }

  void transition() const {
    text("circuit_breaker.transition.from", to_string(what_.from));
    text("circuit_breaker.transition.to", to_string(what_.to));
    text("circuit_breaker.transition.reason", to_string(what_.why));
    visit_("circuit_breaker.transition.time_in_state",
           seconds(what_.time_in_state));
    text("circuit_breaker.mode", to_string(what_.mode));
    level();
    text("circuit_breaker.cause", what_.text);
    if (what_.cause)
      cause(*what_.cause);
  }

private:
  void cause(const trip_cause& why) const {
    text("circuit_breaker.cause.rule", to_string(why.why));
    number("circuit_breaker.cause.consecutive_failures",
           why.consecutive_failures);
    number("circuit_breaker.cause.window_calls", why.window_calls);
    number("circuit_breaker.cause.window_failures", why.window_failures);
    number("circuit_breaker.cause.window_slow", why.window_slow);
    number("circuit_breaker.cause.stuck_calls", why.stuck_calls);
    number("circuit_breaker.cause.trips_in_a_row", why.trips_in_a_row);
    text("circuit_breaker.cause.last_failure", why.last_failure);
  }

  const event& what_;
  const visitor& visit_;
};

} // namespace

std::string_view to_string(severity value) noexcept {
  switch (value) {
    case severity::debug:
      return "debug";
    case severity::info:
      return "info";
    case severity::warn:
      return "warn";
  }
  return "?";
}

severity severity_of(const event& what) noexcept {
  switch (what.kind) {
    case event_kind::call_failed:
      return severity::warn;
    case event_kind::call_succeeded:
    case event_kind::call_rejected:
    case event_kind::call_ignored:
    case event_kind::call_late:
      return severity::debug;
    case event_kind::state_transition:
      return what.to == state::open ? severity::warn : severity::info;
    case event_kind::alert_changed:
      return what.level > what.level_before ? severity::warn : severity::info;
    default:
      return severity::info;
  }
}

void for_each_attribute(const event& what, const visitor& visit) {
  const teller tell{what, visit};
  tell.text("circuit_breaker.name", what.breaker);
  tell.number("circuit_breaker.sequence", what.sequence);
  tell.number("circuit_breaker.epoch", what.epoch);
  switch (what.kind) {
    case event_kind::breaker_initialized:
      tell.state();
      break;
    case event_kind::breaker_terminated:
    case event_kind::breaker_restarted:
      tell.state();
      tell.text("circuit_breaker.end.reason", what.text);
      break;
    case event_kind::config_changed:
      tell.state();
      tell.text("circuit_breaker.changes", what.text);
      break;
    case event_kind::mode_changed:
      tell.state();
      break;
    case event_kind::call_succeeded:
      tell.call();
      break;
    case event_kind::call_failed:
    case event_kind::call_ignored:
      tell.call();
      tell.error();
      break;
    case event_kind::call_late:
      tell.call();
      tell.number("circuit_breaker.count", what.count);
      break;
    case event_kind::call_rejected:
      tell.text("circuit_breaker.rejection.reason",
                to_string(what.rejected_with));
      tell.number("circuit_breaker.count", what.count);
      break;
    case event_kind::state_transition:
      tell.transition();
      break;
    case event_kind::alert_changed:
      tell.state();
      tell.alert();
      break;
  }
}

} // namespace switchgear::telemetry
