#pragma once

#include <array>
#include <cstdint>
#include <memory>

#include "switchgear/time.hpp"

namespace switchgear {

/// How long calls took: their mean, exactly, and quantiles to within 12.5 %.
/// Eight buckets for each power of two nanoseconds, up to about 78 hours.
/// @note Not thread-safe. Memory for buckets is taken with the first call.
class latency_histogram {
public:
  void add(duration latency);

  std::uint64_t count() const noexcept {
    return count_;
  }

  /// Zero if there was no call.
  duration mean() const noexcept;

  /// The upper edge of the bucket in which the `q`-quantile lies, 0 < q <= 1.
  /// Never more than the longest call. Zero if there was no call.
  duration quantile(double q) const noexcept;

private:
  static constexpr std::size_t sub_buckets = 8;
  static constexpr std::size_t bucket_count = 46 * sub_buckets;

  static std::size_t index_of(std::uint64_t nanoseconds) noexcept;
  static std::uint64_t upper_edge(std::size_t index) noexcept;

  std::uint64_t count_ = 0;
  duration sum_{};
  duration longest_{};
  std::unique_ptr<std::array<std::uint64_t, bucket_count>> buckets_;
};

} // namespace switchgear
