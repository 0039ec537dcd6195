#include "traffic.hpp"

#include <atomic>
#include <semaphore>
#include <thread>

#include <gtest/gtest.h>

using namespace demo;
using namespace std::chrono_literals;

TEST(traffic, one_call_when_asked) {
  std::counting_semaphore<> calls{0};
  traffic sender{[&] { calls.release(); }, 1ms};
  sender.once();
  EXPECT_TRUE(calls.try_acquire_for(30s));
  EXPECT_FALSE(calls.try_acquire_for(50ms)); // and only one
  EXPECT_FALSE(sender.steady());
}

TEST(traffic, a_call_that_hangs_does_not_keep_the_next_one) {
  std::counting_semaphore<> calls{0};
  std::binary_semaphore gate{0};
  std::atomic<bool> first{true};
  traffic sender{[&] {
                   if (first.exchange(false))
                     gate.acquire();
                   calls.release();
                 },
                 1ms};
  sender.once();
  sender.once();
  EXPECT_TRUE(calls.try_acquire_for(30s));
  gate.release();
  EXPECT_TRUE(calls.try_acquire_for(30s));
}

TEST(traffic, steady_until_told_otherwise) {
  std::counting_semaphore<> calls{0};
  std::atomic<int> count{0};
  traffic sender{[&] {
                   ++count;
                   calls.release();
                 },
                 1ms};
  sender.set_steady(true);
  EXPECT_TRUE(sender.steady());
  for (int i = 0; i < 20; ++i)
    ASSERT_TRUE(calls.try_acquire_for(30s));

  sender.set_steady(false);
  EXPECT_FALSE(sender.steady());
  // Besides single ones only those come that were under way, one a thread.
  const int when_told = count;
  constexpr int threads = 3;
  constexpr int singles = 20;
  for (int i = 0; i < singles; ++i)
    sender.once();
  while (count < when_told + singles)
    ASSERT_TRUE(calls.try_acquire_for(30s));
  while (calls.try_acquire_for(20ms))
    continue;
  EXPECT_LE(count, when_told + singles + threads);
}

TEST(traffic, the_stream_keeps_its_pace_and_single_calls_do_not) {
  std::counting_semaphore<> calls{0};
  std::atomic<int> count{0};
  {
    traffic sender{[&] {
                     ++count;
                     calls.release();
                   },
                   1h};
    sender.set_steady(true);
    sender.once();
    EXPECT_TRUE(calls.try_acquire_for(30s));
    sender.set_steady(false);
    sender.once();
    EXPECT_TRUE(calls.try_acquire_for(30s));
  }
  EXPECT_EQ(count, 2);
}

TEST(traffic, single_calls_that_wait_are_limited) {
  std::counting_semaphore<> gate{0};
  std::counting_semaphore<> calls{0};
  traffic sender{[&] {
                   gate.acquire();
                   calls.release();
                 },
                 1ms};
  for (int i = 0; i < 1000; ++i)
    sender.once();
  gate.release(1000);
  int made = 0;
  while (calls.try_acquire_for(50ms))
    ++made;
  EXPECT_LE(made, 60);
}
