#pragma once

#include <ctime>

#include "switchgear/time.hpp"

namespace switchgear::detail {

/// The monotonic clock as of the kernel's last tick, at most some milliseconds
/// ago: a quarter of the price of `clock::now()`. For instants that only people
/// read.
inline time_point coarse_now() noexcept {
#ifdef CLOCK_MONOTONIC_COARSE
  timespec t{};
  if (clock_gettime(CLOCK_MONOTONIC_COARSE, &t) == 0)
    return time_point{std::chrono::duration_cast<duration>(
      std::chrono::seconds{t.tv_sec} + std::chrono::nanoseconds{t.tv_nsec})};
#endif
  return clock::now();
}

} // namespace switchgear::detail
