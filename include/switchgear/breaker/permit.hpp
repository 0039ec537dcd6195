#pragma once

#include <cstdint>

#include "switchgear/breaker/state.hpp"

namespace switchgear {

/// The right to make one call. It ends exactly once: with a result, or when
/// its lease is over, or with the epoch in which it was given.
struct permit {
  /// Every state entry begins a new epoch. The result of a call that began in
  /// an earlier epoch is counted but never moves the state.
  std::uint64_t epoch = 0;
  /// Of a probe: its lease, never used twice. Zero: not a probe.
  std::uint64_t lease = 0;

  bool is_probe() const noexcept {
    return lease != 0;
  }

  friend bool operator==(const permit&, const permit&) = default;
};

} // namespace switchgear
