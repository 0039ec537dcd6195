#pragma once

#include <algorithm>

#include "switchgear/breaker/machine.hpp"

// What the parts of the breaker machine share.
namespace switchgear::judging {

template <class... Fs>
struct overloaded : Fs... {
  using Fs::operator()...;
};

inline constexpr auto lease_timer = breaker_types::timer_name::probe_lease;
inline constexpr auto stuck_timer = breaker_types::timer_name::stuck_calls;

/// The least time between two looks for stuck calls.
inline constexpr auto shortest_look = std::chrono::milliseconds{1};

inline bool is_slow(const input::report& r, const config& cfg) {
  return cfg.slow_call_duration > duration::zero()
         && r.latency >= cfg.slow_call_duration;
}

/// What a result says about the tool: a timeout is a failure, or nothing.
inline outcome weigh(const input::report& r, const config& cfg) {
  if (r.how != outcome::timeout)
    return r.how;
  return cfg.count_timeout_as_failure ? outcome::failure : outcome::ignored;
}

/// Counts `n` calls that have ended, in the one class that they are in.
inline void note_outcome(outcome how, bool late, std::uint64_t n,
                         breaker_data& d) {
  auto& in = d.classified.edit().outcomes;
  const auto place = [&]() -> std::uint64_t& {
    if (late)
      return in.late;
    switch (how) {
      case outcome::success:
        return in.success;
      case outcome::failure:
        return in.failure;
      case outcome::timeout:
        return in.timeout;
      case outcome::ignored:
        return in.ignored;
      default:
        return in.cancelled;
    }
  };
  place() += n;
}

/// Counts a change of state.
inline void note_transition(state from, state to, reason why, breaker_data& d) {
  // Few kinds of them occur.
  auto& all = d.classified.edit().transitions;
  const auto known = std::ranges::find_if(all, [&](const auto& x) {
    return x.from == from && x.to == to && x.why == why;
  });
  if (known != all.end())
    ++known->count;
  else
    all.push_back({from, to, why, 1});
}

/// From `now` to an instant that may be past, or unknown: then zero.
inline duration time_left(time_point until, time_point now) {
  return until == time_point::max() ? duration::zero()
                                    : std::max(until - now, duration::zero());
}

/// Keeps a place for the result of a probe whose epoch is over.
inline void abandon(std::uint64_t lease, breaker_data& d) {
  // Bounded; who comes back after that many others is not counted.
  const auto most = std::max<std::size_t>(1024, d.cfg->half_open_max_calls);
  if (d.abandoned.size() == most)
    d.abandoned.erase(d.abandoned.begin());
  d.abandoned.push_back(lease);
}

/// Lends a probe out. Leases are kept in the order in which they end, which is
/// not that in which they were given if the configuration has changed.
inline void lend(std::uint64_t lease, time_point now, breaker_data& d) {
  const auto ends = now + d.cfg->effective_probe_lease();
  const auto later = [](time_point t, const auto& p) { return t < p.ends; };
  d.probes.insert(
    std::upper_bound(d.probes.begin(), d.probes.end(), ends, later),
    {lease, ends});
}

} // namespace switchgear::judging
