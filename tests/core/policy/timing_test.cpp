#include "switchgear/policy/timing.hpp"

#include <gtest/gtest.h>

#include <thread>

#include "support/eventually.hpp"
#include "support/policies.hpp"

using namespace std::chrono_literals;

namespace switchgear::policy {

namespace {

TEST(timing, real_time_passes_by_itself) {
  auto& time = *real_time();
  const auto before = time.now();
  EXPECT_TRUE(sleep_until(time, before + 1ms, {}));
  EXPECT_GE(time.now(), before + 1ms);
}

TEST(timing, who_sleeps_can_be_told_to_stop) {
  std::stop_source stop;
  bool over = true;
  {
    std::jthread sleeper{[&] {
      over = sleep_until(*real_time(), time_point::max(), stop.get_token());
    }};
    stop.request_stop();
  }
  EXPECT_FALSE(over);
  EXPECT_FALSE(sleep_until(*real_time(), time_point::max(), stop.get_token()));
}

TEST(timing, does_not_go_further_than_time_does) {
  const auto now = clock::now();
  EXPECT_EQ(after(now, 1s), now + 1s);
  EXPECT_EQ(after(now, duration::max()), time_point::max());
}

TEST(virtual_time, jumps_over_waits) {
  auto time = test::jumping_time();
  EXPECT_TRUE(sleep_until(*time, time->now() + 24h, {}));
  EXPECT_EQ(time->passed(), 24h);
  EXPECT_TRUE(sleep_until(*time, time->now() - 1h, {})); // not back
  EXPECT_EQ(time->passed(), 24h);
}

TEST(virtual_time, stands_still_until_it_is_told) {
  auto time = test::still_time();
  const auto until = time->now() + 1h;
  std::atomic<bool> over{false};
  std::jthread sleeper{[&] { over = sleep_until(*time, until, {}); }};
  ASSERT_TRUE(time->await_waiting(1));
  time->advance(59min);
  EXPECT_FALSE(over);
  time->advance(1min);
  EXPECT_TRUE(test::eventually([&] { return over.load(); }));
}

} // namespace

} // namespace switchgear::policy
