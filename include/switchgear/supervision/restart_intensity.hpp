#pragma once

#include <cstddef>

#include "switchgear/detail/ring_queue.hpp"
#include "switchgear/time.hpp"

namespace switchgear::supervision {

/// Counts restarts within a sliding period.
///
/// Invariant: holds at most `intensity` + 1 instants.
/// @note Not thread-safe.
class restart_intensity {
public:
  restart_intensity(std::size_t intensity, duration period)
    : intensity_(intensity),
      period_(period) {
    // nop
  }

  /// Adds a restart. One that is exactly `period` old still counts.
  /// @returns false if that is one too many.
  bool add(time_point now);

private:
  std::size_t intensity_;
  duration period_;
  switchgear::detail::ring_queue<time_point> recent_; // oldest first
};

} // namespace switchgear::supervision
