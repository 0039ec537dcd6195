#include "switchgear/breaker/config.hpp"

#include <algorithm>
#include <cmath>

#include "checker.hpp"

namespace switchgear {

namespace {

using namespace std::chrono_literals;

constexpr std::uint32_t most_calls = 1'000'000;

class config_checker : public checker {
public:
  void amount(std::string_view field, std::uint32_t value) {
    require(value >= 1 && value <= most_calls, field, value, "1 to 1000000");
  }

  void share(std::string_view field, double value) {
    require(value > 0.0 && value <= 1.0, field, value,
            "above 0, up to and including 1");
  }
};

} // namespace

std::uint32_t config::effective_minimum_calls() const noexcept {
  return minimum_calls == 0 ? window_size : minimum_calls;
}

duration config::effective_open_timeout_maximum() const noexcept {
  if (open_timeout_maximum != duration::zero())
    return open_timeout_maximum;
  return std::min(open_timeout * 10, longest_open);
}

duration config::effective_probe_lease() const noexcept {
  return probe_lease == duration::zero() ? open_timeout : probe_lease;
}

std::uint32_t config::effective_latency_sampling() const noexcept {
  const bool all = slow_call_duration > duration::zero()
                   || call_timeout > duration::zero()
                   || window_duration > duration::zero() || max_stuck_calls > 0;
  return all ? 1 : latency_sampling;
}

std::string config_error::to_string() const {
  return field + " = " + value + ": must be " + allowed;
}

std::vector<config_error> validate(const config& cfg) {
  config_checker c;
  c.amount("failure_threshold", cfg.failure_threshold);
  c.amount("window_size", cfg.window_size);
  c.optional_time("window_duration", cfg.window_duration, 10ms, 24h,
                  "0 (count-based), or 10 ms to 24 h");
  c.share("failure_rate_threshold", cfg.failure_rate_threshold);
  const auto most_minimum
    = cfg.window_duration == duration::zero() ? cfg.window_size : most_calls;
  c.require(cfg.minimum_calls <= most_minimum, "minimum_calls",
            cfg.minimum_calls,
            cfg.window_duration == duration::zero()
              ? "0 (window_size), or 1 to window_size ("
                  + std::to_string(cfg.window_size) + ")"
              : std::string{"0 (window_size), or 1 to 1000000"});
  c.optional_time("slow_call_duration", cfg.slow_call_duration, 1us, 24h,
                  "0 (off), or 1 us to 24 h");
  c.share("slow_call_rate_threshold", cfg.slow_call_rate_threshold);
  if (cfg.max_stuck_calls > 0)
    c.require(cfg.stuck_after >= 1ms && cfg.stuck_after <= 24h, "stuck_after",
              cfg.stuck_after, "1 ms to 24 h where max_stuck_calls is set");
  else
    c.require(cfg.stuck_after == duration::zero(), "stuck_after",
              cfg.stuck_after, "0 where max_stuck_calls is not set");
  c.require(cfg.max_stuck_calls <= most_calls, "max_stuck_calls",
            cfg.max_stuck_calls, "0 (off), or 1 to 1000000");
  c.optional_time("closed_interval", cfg.closed_interval, 1ms, longest_open,
                  "0 (never), or 1 ms to 30 days");
  c.require(cfg.open_timeout >= 1ms && cfg.open_timeout <= longest_open,
            "open_timeout", cfg.open_timeout, "1 ms to 30 days");
  c.require(cfg.open_timeout_multiplier >= 1.0
              && cfg.open_timeout_multiplier <= 100.0,
            "open_timeout_multiplier", cfg.open_timeout_multiplier, "1 to 100");
  c.optional_time("open_timeout_maximum", cfg.open_timeout_maximum,
                  cfg.open_timeout, longest_open,
                  "0 (ten times open_timeout), or open_timeout to 30 days");
  c.require(cfg.open_timeout_jitter >= 0.0 && cfg.open_timeout_jitter <= 1.0,
            "open_timeout_jitter", cfg.open_timeout_jitter, "0 to 1");
  c.amount("half_open_max_calls", cfg.half_open_max_calls);
  c.amount("success_threshold", cfg.success_threshold);
  c.optional_time("probe_lease", cfg.probe_lease, 1ms, longest_open,
                  "0 (open_timeout), or 1 ms to 30 days");
  c.optional_time("call_timeout", cfg.call_timeout, 1ms, 24h,
                  "0 (no limit), or 1 ms to 24 h");
  c.require(cfg.alert_failure_rate >= 0.0 && cfg.alert_failure_rate <= 1.0,
            "alert_failure_rate", cfg.alert_failure_rate, "0 (off) to 1");
  c.require(cfg.alert_trips <= 1000, "alert_trips", cfg.alert_trips,
            "0 (off) to 1000");
  c.require(cfg.alert_period >= 1s && cfg.alert_period <= longest_open,
            "alert_period", cfg.alert_period, "1 s to 30 days");
  c.require(cfg.success_events <= most_calls, "success_events",
            cfg.success_events, "0 to 1000000");
  c.require(cfg.latency_sampling <= most_calls, "latency_sampling",
            cfg.latency_sampling,
            "0 (none), 1 (all), or N (one in N) to 1000000");
  return std::move(c.errors);
}

std::string explain(const std::vector<config_error>& errors) {
  std::string result;
  for (const auto& each : errors) {
    if (!result.empty())
      result += "; ";
    result += each.to_string();
  }
  return result;
}

} // namespace switchgear
