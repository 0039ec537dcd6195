#pragma once

#include "switchgear/breaker/machine.hpp"

// What the parts of the breaker machine share.
namespace switchgear::judging {

inline constexpr auto lease_timer = breaker_types::timer_name::probe_lease;

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

} // namespace switchgear::judging
