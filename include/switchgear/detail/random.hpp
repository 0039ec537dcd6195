#pragma once

#include <atomic>
#include <cstdint>
#include <random>

namespace switchgear::detail {

/// One step of SplitMix64: small, fast, and the same on every machine.
constexpr std::uint64_t scramble(std::uint64_t z) noexcept {
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
  return z ^ (z >> 31);
}

/// Random numbers for many threads. Asked by one thread they are the same for
/// the same seed.
class shared_random {
public:
  /// @param seed 0: another one each time
  explicit shared_random(std::uint64_t seed)
    : state_(seed != 0 ? seed : any_seed()) {
    // nop
  }

  /// In [0, 1).
  double next() noexcept {
    constexpr std::uint64_t step = 0x9e3779b97f4a7c15u;
    const auto z = state_.fetch_add(step, std::memory_order_relaxed) + step;
    return static_cast<double>(scramble(z) >> 11) * 0x1.0p-53;
  }

private:
  static std::uint64_t any_seed() {
    std::random_device source;
    return std::uint64_t{source()} << 32 | source();
  }

  std::atomic<std::uint64_t> state_;
};

} // namespace switchgear::detail
