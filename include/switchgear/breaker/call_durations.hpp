#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <numeric>

#include "switchgear/time.hpp"

namespace switchgear {

/// How long calls took, counted exactly in buckets whose bounds other programs
/// know: those of the metric `circuit_breaker.call.duration`.
///
/// In it are the calls that were timed (`config::latency_sampling`) and have
/// ended, however they ended, but for those that were cancelled.
struct call_durations {
  /// A call that took exactly as long as a bound is in the bucket of that
  /// bound. The last bucket, which has none, is for those that took longer.
  static constexpr auto bounds = [] {
    using std::chrono::milliseconds;
    return std::array<duration, 14>{
      milliseconds{1},      milliseconds{5},     milliseconds{10},
      milliseconds{25},     milliseconds{50},    milliseconds{100},
      milliseconds{250},    milliseconds{500},   milliseconds{1'000},
      milliseconds{2'500},  milliseconds{5'000}, milliseconds{10'000},
      milliseconds{30'000}, milliseconds{60'000}};
  }();
  static constexpr std::size_t bucket_count = bounds.size() + 1;

  /// Calls in each bucket; not those of the buckets before.
  std::array<std::uint64_t, bucket_count> buckets{};

  /// How long all of them took together.
  duration sum{};

  /// How many there are.
  std::uint64_t count() const noexcept {
    return std::accumulate(buckets.begin(), buckets.end(), std::uint64_t{0});
  }

  friend bool operator==(const call_durations&, const call_durations&)
    = default;
};

} // namespace switchgear
