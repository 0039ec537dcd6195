#pragma once

/// How the types of our messages are serialized, so that a breaker can be
/// asked, and reported to, from another node.

#include <memory>
#include <optional>
#include <utility>

#include "switchgear/actor/inspect_enum.hpp"
#include "switchgear/breaker/config_fields.hpp"
#include "switchgear/breaker/events.hpp"
#include "switchgear/breaker/permit.hpp"
#include "switchgear/breaker/statistics.hpp"
#include "switchgear/telemetry/event.hpp"

namespace switchgear {

template <class Inspector>
bool inspect(Inspector& f, errc& x) {
  return actor::inspect_enum(f, x, errc::unavailable);
}

template <class Inspector>
bool inspect(Inspector& f, state& x) {
  return actor::inspect_enum(f, x, state::half_open);
}

template <class Inspector>
bool inspect(Inspector& f, mode& x) {
  return actor::inspect_enum(f, x, mode::metrics_only);
}

template <class Inspector>
bool inspect(Inspector& f, reason& x) {
  return actor::inspect_enum(f, x, reason::released);
}

template <class Inspector>
bool inspect(Inspector& f, outcome& x) {
  return actor::inspect_enum(f, x, outcome::cancelled);
}

template <class Inspector>
bool inspect(Inspector& f, alert_level& x) {
  return actor::inspect_enum(f, x, alert_level::critical);
}

template <class Inspector>
bool inspect(Inspector& f, event_kind& x) {
  return actor::inspect_enum(f, x, event_kind::alert_changed);
}

template <class Inspector>
bool inspect(Inspector& f, permit& x) {
  return f.object(x).fields(f.field("epoch", x.epoch),
                            f.field("lease", x.lease));
}

template <class Inspector>
bool inspect(Inspector& f, config& x) {
  return std::apply(
    [&](const auto&... each) {
      return f.object(x).fields(f.field(each.name, x.*each.value)...);
    },
    config_fields);
}

template <class Inspector>
bool inspect(Inspector& f, trip_cause& x) {
  return f.object(x).fields(
    f.field("why", x.why), f.field("last_failure", x.last_failure),
    f.field("consecutive_failures", x.consecutive_failures),
    f.field("window_calls", x.window_calls),
    f.field("window_failures", x.window_failures),
    f.field("window_slow", x.window_slow),
    f.field("stuck_calls", x.stuck_calls),
    f.field("trips_in_a_row", x.trips_in_a_row),
    f.field("retry_after", x.retry_after));
}

template <class Inspector>
bool inspect(Inspector& f, breaker_event& x) {
  // Monotonic time means nothing on another node; there `at` is the age of the
  // event's clock, of use only to compare events of one breaker.
  auto get_at = [&x] { return x.at.time_since_epoch(); };
  auto set_at = [&x](duration since) {
    x.at = time_point{since};
    return true;
  };
  auto get_cause
    = [&x] { return x.cause ? std::optional{*x.cause} : std::nullopt; };
  auto set_cause = [&x](std::optional<trip_cause> cause) {
    x.cause
      = cause ? std::make_shared<const trip_cause>(std::move(*cause)) : nullptr;
    return true;
  };
  return f.object(x).fields(
    f.field("kind", x.kind), f.field("sequence", x.sequence),
    f.field("epoch", x.epoch), f.field("at", get_at, set_at),
    f.field("when", x.when), f.field("from", x.from), f.field("to", x.to),
    f.field("why", x.why), f.field("mode", x.mode), f.field("how", x.how),
    f.field("latency", x.latency), f.field("level", x.level),
    f.field("level_before", x.level_before),
    f.field("time_in_state", x.time_in_state), f.field("count", x.count),
    f.field("rejected_with", x.rejected_with), f.field("text", x.text),
    f.field("error_type", x.error_type),
    f.field("cause", get_cause, set_cause));
}

template <class Inspector>
bool inspect(Inspector& f, transition_record& x) {
  return f.object(x).fields(f.field("from", x.from), f.field("to", x.to),
                            f.field("why", x.why), f.field("at", x.at),
                            f.field("text", x.text), f.field("epoch", x.epoch));
}

template <class Inspector>
bool inspect(Inspector& f, outcome_counts& x) {
  return f.object(x).fields(
    f.field("success", x.success), f.field("failure", x.failure),
    f.field("timeout", x.timeout), f.field("ignored", x.ignored),
    f.field("cancelled", x.cancelled), f.field("late", x.late));
}

template <class Inspector>
bool inspect(Inspector& f, call_durations& x) {
  return f.object(x).fields(f.field("buckets", x.buckets),
                            f.field("sum", x.sum));
}

template <class Inspector>
bool inspect(Inspector& f, transition_count& x) {
  return f.object(x).fields(f.field("from", x.from), f.field("to", x.to),
                            f.field("why", x.why), f.field("count", x.count));
}

template <class Inspector>
bool inspect(Inspector& f, statistics& x) {
  return f.object(x).fields(
    f.field("name", x.name), f.field("state", x.state), f.field("mode", x.mode),
    f.field("epoch", x.epoch), f.field("total_calls", x.total_calls),
    f.field("total_successes", x.total_successes),
    f.field("total_failures", x.total_failures),
    f.field("total_rejected", x.total_rejected),
    f.field("total_ignored", x.total_ignored),
    f.field("total_cancelled", x.total_cancelled),
    f.field("total_timeouts", x.total_timeouts),
    f.field("total_late", x.total_late),
    f.field("total_would_reject", x.total_would_reject),
    f.field("consecutive_failures", x.consecutive_failures),
    f.field("consecutive_successes", x.consecutive_successes),
    f.field("success_rate", x.success_rate),
    f.field("failure_rate", x.failure_rate),
    f.field("window_calls", x.window_calls),
    f.field("window_failures", x.window_failures),
    f.field("window_slow", x.window_slow), f.field("window", x.window),
    f.field("trip_count", x.trip_count), f.field("recoveries", x.recoveries),
    f.field("avg_recovery_ms", x.avg_recovery_ms),
    f.field("avg_latency", x.avg_latency),
    f.field("p95_latency", x.p95_latency),
    f.field("time_in_state", x.time_in_state),
    f.field("last_state_change", x.last_state_change),
    f.field("last_reason", x.last_reason), f.field("why", x.why),
    f.field("alert", x.alert), f.field("alert_reason", x.alert_reason),
    f.field("last_failure_time", x.last_failure_time),
    f.field("last_failure", x.last_failure),
    f.field("retry_after", x.retry_after),
    f.field("calls_under_way", x.calls_under_way),
    f.field("oldest_call", x.oldest_call), f.field("probes_out", x.probes_out),
    f.field("probes_allowed", x.probes_allowed),
    f.field("restarts", x.restarts),
    f.field("events_dropped", x.events_dropped),
    f.field("transitions", x.transitions), f.field("outcomes", x.outcomes),
    f.field("durations", x.durations),
    f.field("transition_counts", x.transition_counts),
    f.field("created", x.created));
}

} // namespace switchgear

namespace switchgear::telemetry {

template <class Inspector>
bool inspect(Inspector& f, event& x) {
  return f.object(x).fields(f.field("breaker", x.breaker),
                            f.field("event", static_cast<breaker_event&>(x)));
}

} // namespace switchgear::telemetry
