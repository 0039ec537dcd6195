#include <algorithm>
#include <cmath>

#include "switchgear/breaker/machine.hpp"
#include "switchgear/detail/random.hpp"

namespace switchgear {

namespace {

// For jitter, the same on every machine.
double next_random(std::uint64_t& x) {
  x += 0x9e3779b97f4a7c15u;
  return static_cast<double>(detail::scramble(x) >> 11)
         * 0x1.0p-53; // in [0, 1)
}

} // namespace

input::pause input::to_pause(duration value) noexcept {
  return std::chrono::ceil<pause>(
    std::clamp(value, duration::zero(), longest_open));
}

duration breaker_machine::open_time(breaker_data& d) const {
  const auto& cfg = *d.cfg;
  const auto base = static_cast<double>(cfg.open_timeout.count());
  auto time = base;
  if (cfg.open_timeout_multiplier > 1.0) {
    const auto most
      = static_cast<double>(cfg.effective_open_timeout_maximum().count());
    const auto steps = static_cast<double>(d.trips_in_a_row - 1);
    time = std::min(most, base * std::pow(cfg.open_timeout_multiplier, steps));
  }
  if (cfg.open_timeout_jitter > 0.0)
    time *= 1.0 + cfg.open_timeout_jitter * (2.0 * next_random(d.random) - 1.0);
  // What the tool asked for is not shortened by jitter, only by the maximum.
  // Jitter may not take all of it: a zero timeout would mean no open state.
  const auto asked = std::min(d.last_trip->cause.retry_after,
                              cfg.effective_open_timeout_maximum());
  return std::max({duration{static_cast<duration::rep>(time)}, asked,
                   duration{std::chrono::milliseconds{1}}});
}

duration breaker_machine::asked_for(const breaker_data& d, time_point now) {
  if (d.period.consecutive_failures == 0
      || d.last_failure->away_until == time_point::min())
    return duration::zero();
  return std::max(d.last_failure->away_until - now, duration::zero());
}

} // namespace switchgear
