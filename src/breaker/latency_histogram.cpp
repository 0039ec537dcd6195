#include "switchgear/breaker/latency_histogram.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <functional>
#include <utility>

namespace switchgear {

namespace {

constexpr auto relaxed = std::memory_order_relaxed;

// Below `sub_buckets` each value has a bucket of its own. Above, the bucket is
// told by the power of two and the three bits that follow the leading one.
constexpr std::size_t fine_index(std::uint64_t nanoseconds) noexcept {
  constexpr auto sub_buckets = latency_histogram::sub_buckets;
  if (nanoseconds < sub_buckets)
    return static_cast<std::size_t>(nanoseconds);
  const auto power = static_cast<std::size_t>(std::bit_width(nanoseconds)) - 1;
  const auto rest
    = static_cast<std::size_t>(nanoseconds >> (power - 3)) & (sub_buckets - 1);
  return std::min((power - 2) * sub_buckets + rest,
                  latency_histogram::bucket_count - 1);
}

constexpr std::uint64_t fine_upper_edge(std::size_t index) noexcept {
  constexpr auto sub_buckets = latency_histogram::sub_buckets;
  if (index < sub_buckets)
    return index;
  const auto power = index / sub_buckets + 2;
  const auto rest = index % sub_buckets;
  return ((sub_buckets + rest + 1) << (power - 3)) - 1;
}

// For each fine bucket the first bound that its shortest call does not exceed;
constexpr auto first_bounds = [] {
  constexpr auto& bounds = call_durations::bounds;
  std::array<std::uint8_t, latency_histogram::bucket_count> result{};
  for (std::size_t i = 0; i < result.size(); ++i) {
    const auto shortest
      = i == 0 ? 0 : static_cast<duration::rep>(fine_upper_edge(i - 1)) + 1;
    const auto at = std::ranges::lower_bound(bounds, duration{shortest});
    result[i] = static_cast<std::uint8_t>(at - bounds.begin());
  }
  return result;
}();

// and whether its longest call does not exceed the one after that.
constexpr bool one_comparison_will_do() {
  constexpr auto& bounds = call_durations::bounds;
  for (std::size_t i = 0; i + 1 < latency_histogram::bucket_count; ++i) {
    const auto longest = static_cast<duration::rep>(fine_upper_edge(i));
    const auto second = first_bounds[i] + 1u;
    if (second < bounds.size() && longest > bounds[second].count())
      return false;
  }
  return true;
}
static_assert(one_comparison_will_do());

// What no call exceeds stands behind the last bound.
constexpr auto limits = [] {
  std::array<duration::rep, call_durations::bucket_count> result{};
  for (std::size_t i = 0; i < call_durations::bounds.size(); ++i)
    result[i] = call_durations::bounds[i].count();
  result.back() = duration::max().count();
  return result;
}();

std::size_t coarse_index(std::size_t fine, duration::rep took) noexcept {
  // Where this costs something in comparison the call was a short one. Then a
  // branch, which is foreseen, is over before the table has been read.
  if (took <= limits.front()) [[likely]]
    return 0;
  const std::size_t first = first_bounds[fine];
  return first + (took > limits[first] ? 1 : 0);
}

} // namespace

auto latency_histogram::counts() -> buckets& {
  if (!buckets_)
    buckets_ = std::make_unique<buckets>();
  return *buckets_;
}

void latency_histogram::add(duration latency) {
  latency = std::max(latency, duration::zero());
  const auto fine = fine_index(static_cast<std::uint64_t>(latency.count()));
  auto& mine = counts();
  ++mine.fine[fine];
  ++mine.coarse[coarse_index(fine, latency.count())];
  ++count_;
  sum_ += latency;
  longest_ = std::max(longest_, latency);
}

void latency_histogram::add(const latency_counters& those) {
  auto& mine = counts();
  const auto highest = those.highest_.load(relaxed);
  for (auto i = those.lowest_.load(relaxed); i <= highest; ++i) {
    const auto n = those.buckets_[i].load(relaxed);
    mine.fine[i] += n;
    count_ += n;
  }
  for (std::size_t i = 0; i < mine.coarse.size(); ++i)
    mine.coarse[i] += those.coarse_[i].load(relaxed);
  sum_ += duration{those.sum_.load(relaxed)};
  longest_ = std::max(longest_, duration{those.longest_.load(relaxed)});
}

void latency_histogram::add(const latency_histogram& other) {
  if (other.count_ == 0)
    return;
  auto& mine = counts();
  for (std::size_t i = 0; i < bucket_count; ++i)
    mine.fine[i] += other.buckets_->fine[i];
  for (std::size_t i = 0; i < mine.coarse.size(); ++i)
    mine.coarse[i] += other.buckets_->coarse[i];
  count_ += other.count_;
  sum_ += other.sum_;
  longest_ = std::max(longest_, other.longest_);
}

void latency_counters::add(duration latency) noexcept {
  const auto took = std::max(latency, duration::zero()).count();
  const auto bucket
    = static_cast<index>(fine_index(static_cast<std::uint64_t>(took)));
  const auto add_to
    = [](auto& x, auto n) { x.store(x.load(relaxed) + n, relaxed); };
  add_to(buckets_[bucket], std::uint64_t{1});
  add_to(coarse_[coarse_index(bucket, took)], std::uint64_t{1});
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
  const auto bucket
    = static_cast<index>(fine_index(static_cast<std::uint64_t>(took)));
  const auto move_to = [](auto& x, auto value, auto beyond) {
    auto known = x.load(relaxed);
    while (beyond(value, known)
           && !x.compare_exchange_weak(known, value, relaxed)) {
      // nop: another one moved it meanwhile
    }
  };
  buckets_[bucket].fetch_add(1, relaxed);
  coarse_[coarse_index(bucket, took)].fetch_add(1, relaxed);
  sum_.fetch_add(took, relaxed);
  move_to(longest_, took, std::greater{});
  move_to(lowest_, bucket, std::less{});
  move_to(highest_, bucket, std::greater{});
}

auto latency_counters::read_new() noexcept -> sum {
  sum now{0, duration{sum_.load(relaxed)}};
  for (const auto& each : coarse_)
    now.count += each.load(relaxed);
  const auto last = std::exchange(read_, now);
  return {now.count - last.count, now.took - last.took};
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
    seen += buckets_->fine[i];
    if (seen >= rank)
      return std::min(longest_,
                      duration{static_cast<duration::rep>(fine_upper_edge(i))});
  }
  return longest_;
}

call_durations latency_histogram::durations() const noexcept {
  call_durations result;
  if (buckets_)
    result.buckets = buckets_->coarse;
  result.sum = sum_;
  return result;
}

} // namespace switchgear
