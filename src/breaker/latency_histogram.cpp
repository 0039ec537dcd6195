#include "switchgear/breaker/latency_histogram.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <functional>
#include <utility>

namespace switchgear {

namespace {

constexpr auto relaxed = std::memory_order_relaxed;

} // namespace

auto latency_histogram::counts() -> buckets& {
  if (!buckets_)
    buckets_ = std::make_unique<buckets>();
  return *buckets_;
}

void latency_histogram::add(duration latency) {
  latency = std::max(latency, duration::zero());
  ++counts()[index_of(static_cast<std::uint64_t>(latency.count()))];
  ++count_;
  sum_ += latency;
  longest_ = std::max(longest_, latency);
}

void latency_histogram::add(const latency_counters& those) {
  auto& mine = counts();
  const auto highest = those.highest_.load(relaxed);
  for (auto i = those.lowest_.load(relaxed); i <= highest; ++i) {
    const auto n = those.buckets_[i].load(relaxed);
    mine[i] += n;
    count_ += n;
  }
  sum_ += duration{those.sum_.load(relaxed)};
  longest_ = std::max(longest_, duration{those.longest_.load(relaxed)});
}

void latency_histogram::add(const latency_histogram& other) {
  if (other.count_ == 0)
    return;
  auto& mine = counts();
  for (std::size_t i = 0; i < bucket_count; ++i)
    mine[i] += (*other.buckets_)[i];
  count_ += other.count_;
  sum_ += other.sum_;
  longest_ = std::max(longest_, other.longest_);
}

void latency_counters::add(duration latency) noexcept {
  const auto took = std::max(latency, duration::zero()).count();
  const auto bucket = static_cast<index>(
    latency_histogram::index_of(static_cast<std::uint64_t>(took)));
  const auto add_to
    = [](auto& x, auto n) { x.store(x.load(relaxed) + n, relaxed); };
  add_to(buckets_[bucket], std::uint64_t{1});
  add_to(count_, std::uint64_t{1});
  add_to(sum_, took);
  if (took > longest_.load(relaxed))
    longest_.store(took, relaxed);
  if (bucket < lowest_.load(relaxed))
    lowest_.store(bucket, relaxed);
  if (bucket > highest_.load(relaxed))
    highest_.store(bucket, relaxed);
}

void latency_counters::add_shared(duration latency) noexcept {
  const auto took = std::max(latency, duration::zero()).count();
  const auto bucket = static_cast<index>(
    latency_histogram::index_of(static_cast<std::uint64_t>(took)));
  const auto move_to = [](auto& x, auto value, auto beyond) {
    auto known = x.load(relaxed);
    while (beyond(value, known)
           && !x.compare_exchange_weak(known, value, relaxed)) {
      // nop: another one moved it meanwhile
    }
  };
  buckets_[bucket].fetch_add(1, relaxed);
  count_.fetch_add(1, relaxed);
  sum_.fetch_add(took, relaxed);
  move_to(longest_, took, std::greater{});
  move_to(lowest_, bucket, std::less{});
  move_to(highest_, bucket, std::greater{});
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
