#include <algorithm>

#include "switchgear/breaker/machine.hpp"

namespace switchgear {

namespace {

// A window may hold a million; nobody reads more than this.
constexpr std::size_t most_results = 1000;

double share(std::uint64_t part, std::uint64_t whole) {
  return whole == 0 ? 0.0
                    : static_cast<double>(part) / static_cast<double>(whole);
}

} // namespace

statistics statistics_of(state now_in, const breaker_data& d, time_point now,
                         wall_time wall_now) {
  // Inside there is only monotonic time; what a person reads is made here, so
  // that a step of the wall clock never moves a decision.
  const auto on_wall = [&](time_point at) {
    return wall_now - std::chrono::duration_cast<wall_time::duration>(now - at);
  };
  const auto& cfg = *d.cfg;
  statistics s;
  s.state = now_in;
  s.mode = d.mode;
  s.epoch = d.epoch;
  s.total_calls = d.total_calls();
  s.total_successes = d.successes;
  s.total_failures = d.failures;
  s.total_rejected = d.rejected;
  s.total_ignored = d.ignored;
  s.total_cancelled = d.cancelled;
  s.total_timeouts = d.timeouts;
  s.total_late = d.late;
  s.total_would_reject = d.would_reject;
  s.consecutive_failures = d.period.consecutive_failures;
  s.consecutive_successes = d.period.consecutive_successes;
  s.success_rate = share(d.successes, s.total_calls);
  s.failure_rate = share(d.failures, s.total_calls);
  const auto in_window = d.recent.count(now);
  s.window_calls = in_window.calls;
  s.window_failures = in_window.failures;
  s.window_slow = in_window.slow;
  s.window = d.recent.to_string(most_results);
  s.trip_count = d.trips;
  s.recoveries = d.recoveries;
  if (d.recoveries > 0) {
    using milliseconds = std::chrono::duration<double, std::milli>;
    s.avg_recovery_ms = milliseconds{d.recovery_time}.count()
                        / static_cast<double>(d.recoveries);
  }
  s.avg_latency = d.latencies->mean();
  s.p95_latency = d.latencies->quantile(0.95);
  s.durations = d.latencies->durations();
  s.alert
    = std::max(level_of(now_in),
               d.alerts.raised() ? alert_level::warning : alert_level::healthy);
  if (d.alerts.raised())
    s.alert_reason = d.alerts.why();
  s.time_in_state = now - d.entered;
  s.last_state_change = on_wall(d.entered);
  s.last_reason = d.why;
  s.why = d.last_trip->text;
  if (d.last_failure) {
    s.last_failure_time = on_wall(d.last_failure->at);
    s.last_failure = d.last_failure->text;
  }
  if (d.open_until != time_point::max())
    s.retry_after = std::max(d.open_until - now, duration::zero());
  if (now_in == state::half_open) {
    s.probes_out = d.probes.size();
    s.probes_allowed = cfg.half_open_max_calls;
  }
  s.restarts = d.restarts;
  s.transitions.reserve(d.history->size());
  for (std::size_t i = 0; i < d.history->size(); ++i) {
    const auto& past = (*d.history)[i];
    s.transitions.push_back(
      {past.from, past.to, past.why, on_wall(past.at), past.text, past.epoch});
  }
  s.outcomes = d.classified->outcomes;
  s.transition_counts = d.classified->transitions;
  return s;
}

} // namespace switchgear
