#include "switchgear/breaker/success_times.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <thread>
#include <utility>
#include <vector>

using namespace std::chrono_literals;

namespace switchgear {

namespace {

using slices = std::vector<std::pair<duration, std::uint64_t>>;

class success_times_test : public testing::Test {
public:
  /// `n` successes at that time.
  void succeed(duration at, std::uint64_t n = 1) {
    for (; n > 0; --n)
      tested.note(time_point{at}, 100ms, count++);
  }

  slices of(std::uint64_t from, std::uint64_t to) {
    slices result;
    tested.distribute(from, to, [&](time_point at, std::uint64_t n) {
      result.emplace_back(at.time_since_epoch(), n);
    });
    return result;
  }

  success_times tested;
  std::uint64_t count = 0;
};

TEST_F(success_times_test, are_those_of_the_slices) {
  EXPECT_EQ(of(0, 0), slices{});
  succeed(1234ms, 3);
  succeed(1299ms, 2);
  succeed(1300ms, 4);
  succeed(1750ms, 1);
  EXPECT_EQ(of(0, 10), (slices{{1200ms, 5}, {1300ms, 4}, {1700ms, 1}}));
}

TEST_F(success_times_test, are_told_for_any_part) {
  succeed(100ms, 5);
  succeed(200ms, 5);
  succeed(300ms, 5);
  EXPECT_EQ(of(3, 12), (slices{{100ms, 2}, {200ms, 5}, {300ms, 2}}));
  EXPECT_EQ(of(6, 9), (slices{{200ms, 3}}));
  EXPECT_EQ(of(15, 15), slices{});
}

TEST_F(success_times_test, are_forgotten_when_too_old_for_a_window) {
  for (int i = 0; i < 100; ++i)
    succeed(i * 100ms);
  const auto left = of(0, 100);
  ASSERT_GE(left.size(), 10u);
  for (std::size_t i = 0; i < left.size(); ++i)
    EXPECT_EQ(left[i], (std::pair{duration{(100 - left.size() + i) * 100ms},
                                  std::uint64_t{1}}));
}

TEST_F(success_times_test, never_go_back) {
  succeed(500ms);
  succeed(450ms); // as a clock that is read on two cores might have it
  EXPECT_EQ(of(0, 2), (slices{{500ms, 2}}));
}

// The owner reads while the thread rushes through the slices: what it gets is
// in order, and never more than there was.
TEST_F(success_times_test, are_read_while_they_are_written) {
  std::atomic<std::uint64_t> counted{0};
  std::atomic<bool> done{false};
  std::thread thread{[&] {
    for (std::uint64_t i = 0; i < 200'000; ++i) {
      tested.note(time_point{1ms * (i / 3)}, 1ms, i);
      counted.store(i + 1, std::memory_order_release);
    }
    done = true;
  }};
  while (!done) {
    const auto to = counted.load(std::memory_order_acquire);
    const auto from = to > 20 ? to - 20 : 0;
    std::uint64_t sum = 0;
    time_point last{};
    bool right = true;
    tested.distribute(from, to, [&](time_point at, std::uint64_t n) {
      sum += n;
      right = right && at >= last && n <= 3;
      // A slice has the successes 3t to 3t + 2.
      right = right && at.time_since_epoch() >= 1ms * (from / 3)
              && at.time_since_epoch() <= 1ms * (to / 3);
      last = at;
    });
    ASSERT_TRUE(right);
    ASSERT_LE(sum, to - from);
  }
  thread.join();
}

} // namespace

} // namespace switchgear
