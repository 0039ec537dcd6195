#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>

#include "switchgear/breaker/call_durations.hpp"
#include "switchgear/time.hpp"

namespace switchgear {

class latency_counters;

/// How long calls took: their mean, exactly, and quantiles to within 12.5 %.
/// Eight buckets for each power of two nanoseconds, up to about 78 hours. They
/// are counted in the buckets of `call_durations` as well, whose bounds lie
/// between the edges of these.
/// @note Not thread-safe. Memory for buckets is taken with the first call.
class latency_histogram {
public:
  static constexpr std::size_t sub_buckets = 8;
  static constexpr std::size_t bucket_count = 46 * sub_buckets;

  void add(duration latency);

  /// Adds all that has been counted there.
  void add(const latency_counters& those);

  /// Adds all that is in `other`.
  void add(const latency_histogram& other);

  std::uint64_t count() const noexcept {
    return count_;
  }

  /// Zero if there was no call.
  duration mean() const noexcept;

  /// The upper edge of the bucket in which the `q`-quantile lies, 0 < q <= 1.
  /// Never more than the longest call. Zero if there was no call.
  duration quantile(double q) const noexcept;

  /// The same in other buckets.
  call_durations durations() const noexcept;

private:
  struct buckets {
    std::array<std::uint64_t, bucket_count> fine{};
    std::array<std::uint64_t, call_durations::bucket_count> coarse{};
  };

  buckets& counts();

  std::uint64_t count_ = 0;
  duration sum_{};
  duration longest_{};
  std::unique_ptr<buckets> buckets_;
};

/// A histogram that is added to by threads and read by others meanwhile.
class latency_counters {
public:
  /// For one thread at a time.
  void add(duration latency) noexcept;

  /// For any number of threads.
  void add_shared(duration latency) noexcept;

  /// How many have been added, and how long they took together.
  struct sum {
    std::uint64_t count = 0;
    duration took{};
  };

  /// What has been added since the last time. For one reader.
  sum read_new() noexcept;

private:
  friend class latency_histogram;

  using index = std::uint32_t;

  std::array<std::atomic<std::uint64_t>, latency_histogram::bucket_count>
    buckets_{};
  // A call is in one of each. What could be told from the fine ones and the few
  // calls beside a bound would not only grow while it is read.
  std::array<std::atomic<std::uint64_t>, call_durations::bucket_count>
    coarse_{};
  std::atomic<duration::rep> sum_{0};
  std::atomic<duration::rep> longest_{0};
  // The buckets in use, so that who reads need not look at all of them.
  std::atomic<index> lowest_{latency_histogram::bucket_count};
  std::atomic<index> highest_{0};
  sum read_; // the reader's
};

} // namespace switchgear
