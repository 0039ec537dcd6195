#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "switchgear/breaker/state.hpp"
#include "switchgear/failure.hpp"
#include "switchgear/time.hpp"

namespace switchgear {

/// The settings of a breaker. Plain values: they can be sent to another node.
/// Functions are in `hooks`. A changed configuration keeps the history.
struct config {
  // -- when to trip -----------------------------------------------------------

  /// Failures in a row that trip the breaker. 1 or more.
  std::uint32_t failure_threshold = 5;

  /// Results that the count-based window holds: the last so many calls made in
  /// closed. 1 to 1,000,000; memory grows by two bits for each. Not used if
  /// `window_duration` is set.
  std::uint32_t window_size = 10;

  /// Time that the window spans instead of a number of calls, in tenths of
  /// itself: a call counts for at least nine tenths of it. Zero (the default)
  /// keeps the count-based window. 10 ms to 24 h.
  duration window_duration = duration::zero();

  /// Share of failures in the window that trips the breaker, judged when a
  /// call fails or is slow. Above 0, to 1; the comparison is `>=`.
  double failure_rate_threshold = 0.5;

  /// Results that the window must hold before a rate is judged. Zero (the
  /// default) stands for `window_size`. At most `window_size` for a count-based
  /// window, or a rate would never be judged.
  std::uint32_t minimum_calls = 0;

  /// Calls that take this long or longer are slow. Zero (the default): none.
  /// In half-open a slow probe re-opens the breaker.
  duration slow_call_duration = duration::zero();

  /// Share of slow calls in the window that trips the breaker, judged when a
  /// call is slow or fails. Above 0, to 1. No effect without
  /// `slow_call_duration`.
  double slow_call_rate_threshold = 1.0;

  /// Calls begun in closed that have been under way for `stuck_after` or
  /// longer: so many of them trip the breaker, although none has failed. Zero
  /// (the default): none do.
  std::uint32_t max_stuck_calls = 0;

  /// From when on a call that has not come back is stuck. 1 ms to 24 h where
  /// `max_stuck_calls` is set, else zero (the default).
  duration stuck_after = duration::zero();

  /// While closed all counts towards a trip are cleared each time this is
  /// over. Zero (the default): never.
  duration closed_interval = duration::zero();

  // -- while open -------------------------------------------------------------

  /// Time from a trip to the first probe. 1 ms to 30 days.
  ///
  /// If the tool itself asks for more (`failure::retry_later`) it is more. What
  /// counts is the latest instant that one of the failures in a row which end
  /// with the trip has asked for; a success between them begins anew, and so
  /// does half-open. The open time, with growth and jitter, is made so long
  /// that it does not end before that instant, but for that no longer than
  /// `open_timeout_maximum`.
  duration open_timeout = std::chrono::seconds{60};

  /// Each trip without a recovery in between multiplies the open time by this.
  /// 1 (the default: it does not grow) to 100.
  double open_timeout_multiplier = 1.0;

  /// The most that the open time grows to, before jitter, and the most that a
  /// tool can ask for. Not below `open_timeout`, or zero (the default): ten
  /// times `open_timeout`.
  duration open_timeout_maximum = duration::zero();

  /// Random share by which the open time is made longer or shorter, so that
  /// many breakers do not probe in step. 0 (the default) to 1.
  double open_timeout_jitter = 0.0;

  // -- while half-open --------------------------------------------------------

  /// Probes that may be out at the same time. 1 or more.
  std::uint32_t half_open_max_calls = 3;

  /// Probes in a row that must succeed to close the breaker. 1 or more.
  std::uint32_t success_threshold = 2;

  /// A probe without a result for this long counts as failed. Zero (the
  /// default) stands for `open_timeout`. 1 ms or more.
  duration probe_lease = duration::zero();

  // -- calls ------------------------------------------------------------------

  /// A call message that runs longer answers `timeout`; a call on the caller's
  /// own thread can not be interrupted and is judged when it returns. Zero (the
  /// default): no limit.
  duration call_timeout = duration::zero();

  /// Whether a timeout counts as a failure. If not it is ignored.
  bool count_timeout_as_failure = true;

  /// Which calls' durations are measured, for `avg_latency`, `p95_latency` and
  /// `durations`: 1 (the default) all, N one in N, 0 none; up to 1,000,000. A
  /// measurement costs two readings of the clock. All calls are measured where
  /// something depends on it: with `slow_call_duration`, `call_timeout`,
  /// `window_duration` or `max_stuck_calls`.
  std::uint32_t latency_sampling = 1;

  // -- telling people ---------------------------------------------------------

  /// Share of failures in the window, once it holds `minimum_calls`, above
  /// which a closed breaker's level is `warning`, until it is at four fifths of
  /// this. 0 (off) to 1.
  double alert_failure_rate = 0.1;

  /// Trips within `alert_period` above which the level is at least `warning`,
  /// until there are no more than four fifths of this. 0 (off) to 1,000.
  std::uint32_t alert_trips = 10;

  /// The time in which `alert_trips` are counted. 1 s to 30 days.
  duration alert_period = std::chrono::hours{1};

  /// Which successes become events, if there is anybody who wants to hear of
  /// them: 1 (the default) all, N one in N, 0 none; up to 1,000,000. Failures
  /// and rejections always do; of the successes probes and slow calls do unless
  /// this is 0.
  std::uint32_t success_events = 1;

  /// Whether `total_calls` includes rejected calls.
  bool rejected_in_total = false;

  friend bool operator==(const config&, const config&) = default;

  /// `minimum_calls` with its default in place.
  std::uint32_t effective_minimum_calls() const noexcept;

  /// `open_timeout_maximum` with its default in place.
  duration effective_open_timeout_maximum() const noexcept;

  /// `probe_lease` with its default in place.
  duration effective_probe_lease() const noexcept;

  /// `latency_sampling`, or 1 where all calls have to be measured.
  std::uint32_t effective_latency_sampling() const noexcept;
};

/// One thing that is wrong with a configuration.
struct config_error {
  std::string field;
  std::string value;
  std::string allowed;

  /// `failure_threshold = 0: must be 1 or more`
  std::string to_string() const;
};

/// All that is wrong with `cfg`; empty if it is valid.
std::vector<config_error> validate(const config& cfg);

/// The errors of `validate` in one line each, or an empty string.
std::string explain(const std::vector<config_error>& errors);

/// What differs, in words: `failure_threshold 5 -> 3, ...`; empty if nothing
/// does.
std::string describe_changes(const config& from, const config& to);

/// What happened in closed since the counts were last cleared.
struct counts {
  std::uint64_t requests = 0;
  std::uint64_t total_successes = 0;
  std::uint64_t total_failures = 0;
  std::uint64_t consecutive_successes = 0;
  std::uint64_t consecutive_failures = 0;

  friend bool operator==(const counts&, const counts&) = default;
};

/// The bounds of every open time.
inline constexpr duration shortest_open = std::chrono::milliseconds{1};
inline constexpr duration longest_open = std::chrono::hours{24 * 30};

/// Why a breaker tripped, with the numbers that decided.
struct trip_cause {
  switchgear::reason why = reason::none;
  /// Text of the failure that came last.
  std::string last_failure;
  std::uint64_t consecutive_failures = 0;
  /// Of the window when it tripped: results, failures and slow calls in it.
  std::uint64_t window_calls = 0;
  std::uint64_t window_failures = 0;
  std::uint64_t window_slow = 0;
  /// Calls that had not come back.
  std::uint64_t stuck_calls = 0;
  /// Trips since the breaker last closed by itself, this one included.
  std::uint64_t trips_in_a_row = 0;

  /// For how much longer the tool wants to be left alone: the latest that one
  /// of the failures in a row asked for (`failure::retry_later`). Zero if none
  /// did.
  duration retry_after{};

  /// In words: `5 failures in a row (threshold 5), last: connection refused`.
  std::string to_string(const config& cfg) const;

  friend bool operator==(const trip_cause&, const trip_cause&) = default;
};

/// Functions of the user's. None runs inside a breaker's actor or under a
/// lock: predicates on calls run on the caller's thread, all others on the
/// executor, one after the other for each breaker, in order. They may call
/// the breaker. What they throw is logged and counts as noted.
struct hooks {
  /// Whether an exception or error is a failure. False: it counts as success.
  /// Throws: it is a failure. Default: all are, but for refusals by another
  /// breaker, bulkhead or limiter within the call (`failure::is_refusal`),
  /// which are ignored.
  std::function<bool(const failure&)> is_failure;

  /// Whether an exception or error says nothing about the tool: it is not
  /// counted and gives its permit back. Asked first. Throws: not ignored.
  std::function<bool(const failure&)> is_ignored;

  /// Replaces the built-in rules for tripping; asked after each failure and
  /// each slow call in closed. Throws: the built-in rules decide.
  std::function<bool(const counts&)> ready_to_trip;

  /// Computes the open time from the trip's cause, in place of
  /// `open_timeout`, its growth, and what the tool asked for, which is in the
  /// cause; 30 days at the most. Below 1 ms, or
  /// throws: `open_timeout`.
  std::function<duration(const trip_cause&)> open_time;

  /// Told of each change of state.
  std::function<void(std::string_view name, state from, state to)>
    on_state_change;

  /// Told when the level changes, with a text for people. See `alert_level`.
  std::function<void(std::string_view name, alert_level level,
                     const std::string& text)>
    on_alert;
};

} // namespace switchgear
