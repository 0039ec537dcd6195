#include "switchgear/breaker/latency_histogram.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <numeric>
#include <vector>

using namespace std::chrono_literals;

namespace switchgear {

namespace {

// From nothing to half a day, every magnitude as likely as any other.
rc::Gen<duration> latencies() {
  return rc::gen::map(
    rc::gen::pair(rc::gen::inRange(0, 45), rc::gen::arbitrary<std::uint64_t>()),
    [](const std::pair<int, std::uint64_t>& x) {
      const auto mask = (std::uint64_t{1} << x.first) - 1;
      return duration{static_cast<duration::rep>(x.second & mask)};
    });
}

RC_GTEST_PROP(latency_histogram, is_a_sorted_list_to_within_an_eighth, ()) {
  const auto added = *rc::gen::nonEmpty(
    rc::gen::container<std::vector<duration>>(latencies()));
  latency_histogram tested;
  for (auto each : added)
    tested.add(each);
  auto sorted = added;
  std::ranges::sort(sorted);
  RC_ASSERT(tested.count() == added.size());
  RC_ASSERT(tested.mean()
            == std::accumulate(added.begin(), added.end(), duration::zero())
                 / static_cast<duration::rep>(added.size()));
  for (auto q : {0.001, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99, 1.0}) {
    const auto rank
      = std::max(1.0, std::ceil(q * static_cast<double>(sorted.size())));
    const auto exact = sorted[static_cast<std::size_t>(rank) - 1];
    const auto estimate = tested.quantile(q);
    RC_ASSERT(estimate >= exact);
    RC_ASSERT(estimate.count() <= exact.count() + exact.count() / 8);
    RC_ASSERT(estimate <= sorted.back());
  }
}

TEST(latency_histogram, of_nothing_is_zero) {
  const latency_histogram tested;
  EXPECT_EQ(tested.count(), 0u);
  EXPECT_EQ(tested.mean(), 0ns);
  EXPECT_EQ(tested.quantile(0.95), 0ns);
}

TEST(latency_histogram, keeps_within_its_buckets) {
  latency_histogram tested;
  tested.add(-1s); // a clock that ran backwards
  tested.add(0ns);
  EXPECT_EQ(tested.quantile(1.0), 0ns);
  tested.add(24h * 365);
  EXPECT_EQ(tested.count(), 3u);
  EXPECT_GE(tested.quantile(1.0), 78h);
  EXPECT_LE(tested.quantile(1.0), 24h * 365);
}

// -- of threads ---------------------------------------------------------------

TEST(latency_counters, add_up_to_the_same) {
  latency_histogram expected;
  latency_counters alone;
  latency_counters shared;
  for (duration took : {3ns, 40ns, 1000ns, 1000ns, 5'000'000ns, -1ns}) {
    alone.add(took);
    shared.add_shared(took);
    expected.add(took);
    expected.add(took);
  }
  latency_histogram sum;
  sum.add(alone);
  sum.add(shared);
  sum.add(latency_counters{}); // one that is empty
  sum.add(latency_histogram{});
  EXPECT_EQ(sum.count(), expected.count());
  EXPECT_EQ(sum.mean(), expected.mean());
  for (double q : {0.1, 0.3, 0.5, 0.7, 0.9, 0.95, 1.0})
    EXPECT_EQ(sum.quantile(q), expected.quantile(q));
  latency_histogram twice;
  twice.add(sum);
  twice.add(expected);
  EXPECT_EQ(twice.count(), 24u);
  EXPECT_EQ(twice.quantile(0.7), expected.quantile(0.7));
}

} // namespace

} // namespace switchgear
