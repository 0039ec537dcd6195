#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "switchgear/breaker/call_durations.hpp"
#include "switchgear/breaker/config.hpp"
#include "switchgear/breaker/state.hpp"
#include "switchgear/time.hpp"

namespace switchgear {

/// A change of state, for people.
struct transition_record {
  state from = state::closed;
  state to = state::closed;
  reason why = reason::none;
  wall_time at{};
  std::string text; ///< Of a trip: the cause in words.
  /// The epoch that began with it: tells this change from all others.
  std::uint64_t epoch = 0;

  friend bool operator==(const transition_record&, const transition_record&)
    = default;
};

/// How calls ended. Each call that has ended is in exactly one of these.
struct outcome_counts {
  std::uint64_t success = 0;
  std::uint64_t failure = 0; ///< Timeouts are not in it.
  std::uint64_t timeout = 0; ///< Whether they count as failures or not.
  std::uint64_t ignored = 0;
  std::uint64_t cancelled = 0;
  std::uint64_t late = 0; ///< However it ended, in a later epoch.

  std::uint64_t total() const noexcept {
    return success + failure + timeout + ignored + cancelled + late;
  }

  friend bool operator==(const outcome_counts&, const outcome_counts&)
    = default;
};

/// How often a breaker changed from one state to another for one reason.
struct transition_count {
  state from = state::closed;
  state to = state::closed;
  reason why = reason::none;
  std::uint64_t count = 0;

  friend bool operator==(const transition_count&, const transition_count&)
    = default;
};

/// All there is to know about a breaker at one moment.
///
/// Totals are never cleared, not by a reset nor by a restart of the actor.
struct statistics {
  std::string name;
  switchgear::state state = switchgear::state::closed;
  switchgear::mode mode = switchgear::mode::automatic;
  std::uint64_t epoch = 0;

  /// Successes and failures (and rejections, if so configured).
  std::uint64_t total_calls = 0;
  std::uint64_t total_successes = 0;
  /// Timeouts included, if they count as failures.
  std::uint64_t total_failures = 0;
  std::uint64_t total_rejected = 0;
  std::uint64_t total_ignored = 0;
  std::uint64_t total_cancelled = 0;
  std::uint64_t total_timeouts = 0;
  /// Results that came after the epoch in which their call began. They are in
  /// the other totals too.
  std::uint64_t total_late = 0;
  /// In mode `metrics_only`: calls that passed and would have been rejected.
  std::uint64_t total_would_reject = 0;

  std::uint64_t consecutive_failures = 0;
  std::uint64_t consecutive_successes = 0;
  /// Shares of `total_calls`, 0 to 1; 0 without calls.
  double success_rate = 0;
  double failure_rate = 0;

  std::uint64_t window_calls = 0;
  std::uint64_t window_failures = 0;
  std::uint64_t window_slow = 0;
  /// A count-based window's last results, the oldest first: `S` and `F`; a
  /// thousand at the most.
  std::string window;

  std::uint64_t trip_count = 0;
  /// Times it closed by itself after a trip, and how long that took from the
  /// first trip on.
  std::uint64_t recoveries = 0;
  double avg_recovery_ms = 0;

  /// Of the calls that are measured (`config::latency_sampling`).
  duration avg_latency{};
  duration p95_latency{};

  duration time_in_state{};
  wall_time last_state_change{};
  reason last_reason = reason::none;
  /// Why it last tripped, in words; empty if it never did.
  std::string why;
  /// How serious its condition is.
  /// @see config::alert_failure_rate, config::alert_trips
  alert_level alert = alert_level::healthy;
  /// Why, in words and as things stood when the level changed, where a rule and
  /// not the state alone is why: too many failures, too many trips. Else empty.
  std::string alert_reason;
  std::optional<wall_time> last_failure_time;
  std::string last_failure;

  /// While open: time to the first probe.
  duration retry_after{};
  /// Calls that have begun and not ended.
  std::uint64_t calls_under_way = 0;
  /// For how long the oldest of them has been under way, of those that are
  /// measured (`config::latency_sampling`); zero if there is none.
  duration oldest_call{};
  /// While half-open.
  std::uint64_t probes_out = 0;
  std::uint64_t probes_allowed = 0;

  /// Restarts of the actor.
  std::uint64_t restarts = 0;
  /// Events that hooks missed because they were too slow, and successes that
  /// somebody wanted to hear of and that were overwritten before they could be
  /// told. What a sink missed is in `telemetry::sink_health`.
  std::uint64_t events_dropped = 0;

  /// The last changes of state, the oldest first.
  std::vector<transition_record> transitions;

  /// The calls that ended, each in one class; `total_failures` and the others
  /// overlap. A call that was given up when its time was over is a timeout, and
  /// a probe whose lease ended a failure, whatever comes of them later.
  outcome_counts outcomes;
  /// Of the calls that are measured (`config::latency_sampling`).
  call_durations durations;
  /// All changes of state ever, those that occurred.
  std::vector<transition_count> transition_counts;
  /// When the breaker was made. A restart of the actor makes no new one.
  wall_time created{};

  /// `warning`: half-open, or closed with too many failures or trips.
  bool is_degraded() const noexcept {
    return alert == alert_level::warning;
  }

  /// `critical`: open.
  bool is_critical() const noexcept {
    return alert == alert_level::critical;
  }

  friend bool operator==(const statistics&, const statistics&) = default;
};

} // namespace switchgear
