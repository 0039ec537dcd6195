#include "switchgear/breaker/lane.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <set>
#include <thread>
#include <vector>

#include "support/allocation_count.hpp"
#include "support/hands.hpp"

using namespace std::chrono_literals;

namespace switchgear {

namespace {

using test::hands;

/// What has been counted; no times, no logs.
lane::reading read(lane& where, std::uint64_t epoch) {
  return where.read(
    epoch, [](time_point, std::uint64_t) {},
    [](const success_log::entry&, std::uint64_t) {}, [] {});
}

/// A thread's call that succeeds in the first epoch.
void call(lane& where) {
  auto* own = where.mine();
  where.begin(own);
  EXPECT_TRUE(where.succeed(own, 1, 1));
}

TEST(lane, has_a_slot_for_each_of_the_first_threads) {
  lane tested;
  hands threads{20};
  std::set<lane::slot*> slots;
  for (std::size_t i = 0; i < threads.count(); ++i)
    threads.on(i, [&] {
      auto* mine = tested.mine();
      ASSERT_NE(mine, nullptr);
      EXPECT_EQ(tested.mine(), mine);
      EXPECT_TRUE(slots.insert(mine).second);
    });
}

TEST(lane, adds_up_all_slots) {
  lane tested;
  hands threads{12};
  for (std::size_t i = 0; i < threads.count(); ++i)
    threads.on(i, [&] {
      for (std::size_t n = 0; n <= i; ++n)
        call(tested);
      tested.reject(tested.mine());
    });
  EXPECT_EQ(tested.successes(1), 78u);
  const auto got = read(tested, 1);
  EXPECT_EQ(got.successes.fresh, 78u);
  EXPECT_EQ(got.rejected, 12u);
  EXPECT_EQ(read(tested, 1).rejected, 0u);
  EXPECT_EQ(tested.successes(1), 78u);
}

TEST(lane, goes_on_in_the_slot_of_a_thread_that_has_ended) {
  lane tested;
  std::set<lane::slot*> slots;
  for (int i = 0; i < 100; ++i)
    std::thread{[&] {
      slots.insert(tested.mine());
      call(tested);
    }}.join();
  EXPECT_LE(slots.size(), 2u); // numbers come back
  EXPECT_EQ(read(tested, 1).successes.fresh, 100u);
}

TEST(lane, has_a_shared_slot_for_all_other_threads) {
  constexpr auto count = detail::numbered_threads + 8;
  lane tested;
  hands threads{count};
  std::size_t without = 0;
  for (std::size_t i = 0; i < count; ++i)
    threads.on(i, [&] {
      without += tested.mine() == nullptr;
      call(tested);
      call(tested);
      tested.reject(tested.mine());
      auto* own = tested.mine();
      tested.begin(own); // stays under way
      static_cast<void>(tested.start(own, time_point{1s}));
      tested.timing_of(own)->latencies.add_shared(5ms);
    });
  EXPECT_GE(without, 8u);
  EXPECT_EQ(tested.successes(1), 2 * count);
  EXPECT_EQ(tested.under_way(), count);
  std::size_t starts = 0;
  tested.each_start([&](time_point at) {
    ++starts;
    EXPECT_EQ(at, time_point{1s});
  });
  EXPECT_EQ(starts, count);
  latency_histogram latencies;
  tested.add_latencies(latencies);
  EXPECT_EQ(latencies.count(), count);
  const auto got = read(tested, 1);
  EXPECT_EQ(got.successes.fresh, 2 * count);
  EXPECT_EQ(got.rejected, count);
}

TEST(lane, knows_the_epoch_of_each_success) {
  lane tested;
  auto* own = tested.mine();
  EXPECT_TRUE(tested.succeed(own, 1, 1));
  EXPECT_EQ(read(tested, 1).successes.fresh, 1u);
  EXPECT_EQ(tested.begin_epoch(2), 0u);
  EXPECT_TRUE(tested.succeed(own, 1, 2)); // of the epoch it counts in: late
  EXPECT_EQ(read(tested, 2).successes.late, 1u);
  EXPECT_TRUE(tested.succeed(own, 2, 2));
  EXPECT_FALSE(tested.succeed(own, 1, 2)); // has to be told
  const auto got = read(tested, 2);
  EXPECT_EQ(got.successes.fresh, 1u);
  EXPECT_EQ(got.successes.late, 0u);
}

TEST(lane, counts_calls_under_way_wherever_they_end) {
  lane tested;
  hands threads{2};
  threads.on(0, [&] {
    for (int i = 0; i < 3; ++i)
      tested.begin(tested.mine());
  });
  EXPECT_EQ(tested.under_way(), 3u);
  threads.on(1, [&] {
    tested.end(tested.mine());
    tested.succeed(tested.mine(), 1, 1);
  });
  EXPECT_EQ(tested.under_way(), 1u);
}

TEST(lane, samples_one_call_in_n) {
  lane tested;
  auto* own = tested.mine();
  const auto sampled = [&](std::uint32_t interval, int calls) {
    int result = 0;
    for (int i = 0; i < calls; ++i)
      result += tested.sample(own, interval);
    return result;
  };
  EXPECT_EQ(sampled(10, 1000), 100);
  EXPECT_EQ(sampled(1, 10), 10);
  EXPECT_EQ(sampled(1000, 5000), 5);
  EXPECT_EQ(sampled(4, 100), 25); // a shorter interval holds at once
}

TEST(lane, allocates_for_a_threads_first_calls_only) {
  lane tested;
  call(tested);
  auto* own = tested.mine();
  tested.stop_here(own, tested.start(own, time_point{1s}));
  const auto before = test::allocations();
  for (int i = 0; i < 1000; ++i) {
    call(tested);
    tested.stop_here(own, tested.start(own, time_point{1s}));
    tested.reject(own);
  }
  EXPECT_EQ(test::allocations(), before);
}

TEST(lane, may_go_before_its_threads_and_its_threads_before_it) {
  auto first = std::make_unique<lane>();
  lane second;
  hands threads{1};
  threads.on(0, [&] {
    call(*first);
    call(second);
  });
  first.reset();
  threads.on(0, [&] { call(second); });
  std::thread{[&] { call(second); }}.join();
  EXPECT_EQ(read(second, 1).successes.fresh, 3u);
}

} // namespace

} // namespace switchgear
