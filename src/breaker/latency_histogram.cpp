#include "switchgear/breaker/latency_histogram.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

namespace switchgear {

void latency_histogram::add(duration latency) {
  latency = std::max(latency, duration::zero());
  if (!buckets_)
    buckets_ = std::make_unique<std::array<std::uint64_t, bucket_count>>();
  ++(*buckets_)[index_of(static_cast<std::uint64_t>(latency.count()))];
  ++count_;
  sum_ += latency;
  longest_ = std::max(longest_, latency);
}

duration latency_histogram::mean() const noexcept {
  return count_ == 0 ? duration::zero()
                     : sum_ / static_cast<duration::rep>(count_);
}

duration latency_histogram::quantile(double q) const noexcept {
  if (count_ == 0)
    return duration::zero();
  const auto rank = std::max<std::uint64_t>(
    1, static_cast<std::uint64_t>(std::ceil(q * static_cast<double>(count_))));
  std::uint64_t seen = 0;
  for (std::size_t i = 0; i < bucket_count; ++i) {
    seen += (*buckets_)[i];
    if (seen >= rank)
      return std::min(longest_,
                      duration{static_cast<duration::rep>(upper_edge(i))});
  }
  return longest_;
}

// Below `sub_buckets` each value has a bucket of its own. Above, the bucket is
// told by the power of two and the three bits that follow the leading one.
std::size_t latency_histogram::index_of(std::uint64_t nanoseconds) noexcept {
  if (nanoseconds < sub_buckets)
    return static_cast<std::size_t>(nanoseconds);
  const auto power = static_cast<std::size_t>(std::bit_width(nanoseconds)) - 1;
  const auto rest
    = static_cast<std::size_t>(nanoseconds >> (power - 3)) & (sub_buckets - 1);
  return std::min((power - 2) * sub_buckets + rest, bucket_count - 1);
}

std::uint64_t latency_histogram::upper_edge(std::size_t index) noexcept {
  if (index < sub_buckets)
    return index;
  const auto power = index / sub_buckets + 2;
  const auto rest = index % sub_buckets;
  return ((sub_buckets + rest + 1) << (power - 3)) - 1;
}

} // namespace switchgear
