/// The buckets that metrics are made of: exact at their bounds.

#include "switchgear/breaker/call_durations.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <chrono>
#include <thread>
#include <vector>

#include "switchgear/breaker/latency_histogram.hpp"

using namespace std::chrono_literals;

namespace switchgear {

namespace {

/// The same, one comparison after the other.
std::size_t bucket_of(duration took) {
  std::size_t result = 0;
  while (result < call_durations::bounds.size()
         && took > call_durations::bounds[result])
    ++result;
  return result;
}

/// All that a histogram, and counters of threads, make of these calls.
std::vector<call_durations> counted(const std::vector<duration>& calls) {
  latency_histogram plain;
  latency_counters own;
  latency_counters shared;
  for (auto took : calls) {
    plain.add(took);
    own.add(took);
    shared.add_shared(took);
  }
  latency_histogram of_own;
  of_own.add(own);
  latency_histogram of_shared;
  of_shared.add(shared);
  latency_histogram copied;
  copied.add(plain);
  return {plain.durations(), of_own.durations(), of_shared.durations(),
          copied.durations()};
}

void expect_counted(const std::vector<duration>& calls) {
  call_durations expected;
  for (auto took : calls) {
    ++expected.buckets[bucket_of(took)];
    expected.sum += took;
  }
  for (const auto& each : counted(calls)) {
    EXPECT_EQ(each.buckets, expected.buckets);
    EXPECT_EQ(each.sum, expected.sum);
    EXPECT_EQ(each.count(), calls.size());
  }
}

TEST(call_durations, have_the_bounds_that_dashboards_expect) {
  std::vector<double> seconds;
  for (auto each : call_durations::bounds)
    seconds.push_back(std::chrono::duration<double>{each}.count());
  EXPECT_EQ(seconds, (std::vector{0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25,
                                  0.5, 1., 2.5, 5., 10., 30., 60.}));
}

TEST(call_durations, of_nothing_are_empty) {
  expect_counted({});
  EXPECT_EQ(call_durations{}.count(), 0u);
}

TEST(call_durations, a_bound_belongs_to_its_bucket) {
  for (std::size_t i = 0; i < call_durations::bounds.size(); ++i) {
    const auto bound = call_durations::bounds[i];
    const auto at = counted({bound}).front();
    EXPECT_EQ(at.buckets[i], 1u) << i;
    const auto beyond = counted({bound + 1ns}).front();
    EXPECT_EQ(beyond.buckets[i + 1], 1u) << i;
    expect_counted({bound - 1ns, bound, bound + 1ns});
  }
}

TEST(call_durations, have_room_for_the_shortest_and_the_longest) {
  expect_counted({0ns, 1ns, 7ns, 8ns, 100h, 24h * 3650});
}

TEST(call_durations, of_a_clock_that_ran_backwards_are_nothing) {
  for (const auto& each : counted({-1s})) {
    EXPECT_EQ(each.buckets[0], 1u);
    EXPECT_EQ(each.sum, 0ns);
  }
}

RC_GTEST_PROP(call_durations, are_exact_for_any_calls, ()) {
  expect_counted(*rc::gen::container<std::vector<duration>>(rc::gen::map(
    rc::gen::pair(rc::gen::inRange(0, 50), rc::gen::arbitrary<std::uint64_t>()),
    [](const std::pair<int, std::uint64_t>& x) {
      const auto mask = (std::uint64_t{1} << x.first) - 1;
      return duration{static_cast<duration::rep>(x.second & mask)};
    })));
}

TEST(call_durations, only_grow_while_calls_are_made) {
  latency_counters tested;
  std::jthread caller{[&](std::stop_token stop) {
    for (duration took = 0ns; !stop.stop_requested(); took += 977us)
      tested.add(took % 70s);
  }};
  call_durations last;
  for (int i = 0; i < 2000 || last.count() < 1000; ++i) {
    latency_histogram read;
    read.add(tested);
    const auto now = read.durations();
    for (std::size_t b = 0; b < now.buckets.size(); ++b)
      ASSERT_GE(now.buckets[b], last.buckets[b]);
    ASSERT_GE(now.sum, last.sum);
    last = now;
  }
}

} // namespace

} // namespace switchgear
