#include <algorithm>
#include <cmath>

#include "switchgear/breaker/machine.hpp"

namespace switchgear {

namespace {

// SplitMix64, for jitter: small, fast, and the same on every machine.
double next_random(std::uint64_t& x) {
  x += 0x9e3779b97f4a7c15u;
  auto z = x;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
  z ^= z >> 31;
  return static_cast<double>(z >> 11) * 0x1.0p-53; // in [0, 1)
}

} // namespace

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
  // Jitter may not take all of it: a zero timeout would mean no open state.
  return std::max(duration{static_cast<duration::rep>(time)},
                  duration{std::chrono::milliseconds{1}});
}

} // namespace switchgear
