#include "switchgear/policy/rate_limit.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <atomic>
#include <deque>
#include <thread>
#include <vector>

#include "support/eventually.hpp"
#include "support/policies.hpp"

using namespace std::chrono_literals;

namespace switchgear::policy {

namespace {

using test::jumping_time;
using test::still_time;

TEST(rate_limit, lets_a_burst_through_and_then_one_for_each_share_of_time) {
  auto time = still_time();
  rate_limit tested{{.permits = 10, .period = 1s}, time};
  for (int i = 0; i < 10; ++i)
    EXPECT_TRUE(tested.try_take());
  EXPECT_FALSE(tested.try_take());
  time->advance(99ms);
  EXPECT_FALSE(tested.try_take());
  time->advance(1ms);
  EXPECT_TRUE(tested.try_take());
  EXPECT_FALSE(tested.try_take());
}

TEST(rate_limit, saves_up_no_more_than_the_burst) {
  auto time = still_time();
  rate_limit tested{{.permits = 10, .period = 1s, .burst = 3}, time};
  time->advance(1h);
  for (int i = 0; i < 3; ++i)
    EXPECT_TRUE(tested.try_take());
  EXPECT_FALSE(tested.try_take());
}

TEST(rate_limit, refuses_with_the_time_to_come_back) {
  auto time = still_time();
  pipeline p{rate_limit{{.permits = 2, .period = 1s}, time}};
  const auto call = [&] { return p.call([] { return 7; }); };
  EXPECT_EQ(call(), 7);
  EXPECT_EQ(call(), 7);
  time->advance(100ms);
  const auto refused = call();
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error(), errc::rate_limited);
  EXPECT_TRUE(refused.error().is_refusal());
  EXPECT_EQ(refused.error().retry_after(), 400ms);
  time->advance(400ms);
  EXPECT_EQ(call(), 7);
  const auto stats = p.get<rate_limit>().stats();
  EXPECT_EQ(stats.admitted, 3u);
  EXPECT_EQ(stats.rejected, 1u);
  EXPECT_EQ(stats.waited, 0u);
}

TEST(rate_limit, copies_share_the_bucket) {
  rate_limit one{{.permits = 1, .period = 1h}, still_time()};
  const auto other = one;
  EXPECT_TRUE(one.try_take());
  EXPECT_FALSE(other.try_take());
}

TEST(rate_limit, waits_for_its_turn) {
  auto time = jumping_time();
  pipeline p{rate_limit{{.permits = 1, .period = 1s, .max_wait = 3s}, time}};
  for (int i = 0; i < 5; ++i)
    EXPECT_EQ(p.call([] { return 7; }), 7);
  EXPECT_EQ(time->passed(), 4s);
  EXPECT_EQ(p.get<0>().stats().waited, 4u);
}

TEST(rate_limit, does_not_wait_for_longer_than_it_may) {
  auto time = still_time();
  rate_limit tested{{.permits = 1, .period = 1s, .max_wait = 999ms}, time};
  EXPECT_FALSE(tested.enter({}));
  const auto refused = tested.enter({});
  ASSERT_TRUE(refused);
  EXPECT_EQ(refused->retry_after(), 1s);
}

TEST(rate_limit, does_not_wait_past_the_deadline) {
  auto time = still_time();
  rate_limit tested{{.permits = 1, .period = 1s, .max_wait = 1h}, time};
  EXPECT_FALSE(tested.enter({}));
  context ctx;
  ctx.deadline = time->now() + 500ms;
  EXPECT_EQ(tested.enter(ctx), errc::rate_limited);
}

TEST(rate_limit, those_who_wait_are_let_through_in_their_order) {
  auto time = still_time();
  rate_limit tested{{.permits = 1, .period = 1s, .max_wait = 1h}, time};
  EXPECT_FALSE(tested.enter({}));
  std::mutex mutex;
  std::vector<int> order;
  std::vector<std::jthread> all;
  for (int i = 0; i < 4; ++i) {
    all.emplace_back([&, i] {
      EXPECT_FALSE(tested.enter({}));
      std::lock_guard guard{mutex};
      order.push_back(i);
    });
    ASSERT_TRUE(time->await_waiting(static_cast<std::size_t>(i + 1)));
  }
  for (std::size_t i = 1; i <= 4; ++i) {
    time->advance(1s);
    ASSERT_TRUE(test::eventually([&] {
      std::lock_guard guard{mutex};
      return order.size() == i;
    }));
  }
  EXPECT_EQ(order, (std::vector{0, 1, 2, 3}));
}

TEST(rate_limit, can_be_told_to_stop_waiting_and_gives_the_permit_back) {
  auto time = still_time();
  rate_limit tested{{.permits = 1, .period = 1h, .max_wait = 2h}, time};
  EXPECT_FALSE(tested.enter({}));
  std::stop_source stop;
  std::optional<failure> got;
  {
    std::jthread waiting{
      [&] { got = tested.enter({.stop = stop.get_token()}); }};
    ASSERT_TRUE(time->await_waiting(1));
    EXPECT_EQ(tested.stats().waiting, 1u);
    stop.request_stop();
  }
  EXPECT_EQ(got, errc::cancelled);
  EXPECT_EQ(tested.stats().cancelled, 1u);
  EXPECT_EQ(tested.stats().waiting, 0u);
  time->advance(1h);
  EXPECT_TRUE(tested.try_take());
}

// A period that its permits do not divide: none is lost in a day.
TEST(rate_limit, loses_no_fraction_of_a_nanosecond) {
  auto time = still_time();
  rate_limit tested{{.permits = 7, .period = 1s, .burst = 2}, time};
  EXPECT_TRUE(tested.try_take());
  EXPECT_TRUE(tested.try_take());
  const duration rounded_up{142'857'143};
  std::uint64_t admitted = 0;
  for (int i = 0; i < 86'400; ++i) {
    for (int n = 0; n < 7; ++n) {
      time->advance(n < 6 ? rounded_up : 1s - 6 * rounded_up);
      admitted += tested.try_take();
    }
  }
  EXPECT_EQ(admitted, 86'400u * 7);
  EXPECT_FALSE(tested.try_take());
}

// What a bucket lets through, computed from all that it has let through: at
// most `burst` more than what time has brought, in whole numbers.
RC_GTEST_PROP(rate_limit, is_what_a_bucket_of_fractions_would_be, ()) {
  const rate_limit_options how{
    .permits = *rc::gen::inRange<std::uint32_t>(1, 50),
    .period = duration{*rc::gen::inRange<std::int64_t>(1000, 1'000'000)},
    .burst = *rc::gen::inRange<std::uint32_t>(1, 20)};
  auto time = still_time();
  rate_limit tested{how, time};
  // In units of 1/permits ns.
  const std::int64_t full = how.period.count() * how.burst;
  std::int64_t level = full;
  const auto steps
    = *rc::gen::container<std::vector<int>>(rc::gen::inRange(0, 200'000));
  for (int each : steps) {
    time->advance(duration{each});
    level = std::min(full, level + std::int64_t{each} * how.permits);
    const bool expected = level >= how.period.count();
    if (expected)
      level -= how.period.count();
    RC_ASSERT(tested.try_take() == expected);
  }
}

RC_GTEST_PROP(rate_limit, retry_after_is_exact, ()) {
  const rate_limit_options how{
    .permits = *rc::gen::inRange<std::uint32_t>(1, 1000),
    .period = duration{*rc::gen::inRange<std::int64_t>(1000, 1'000'000'000)},
    .burst = 1};
  auto time = still_time();
  rate_limit tested{how, time};
  RC_ASSERT(!tested.enter({}));
  const auto refused = tested.enter({});
  RC_ASSERT(refused.has_value());
  const auto wait = refused->retry_after();
  time->advance(wait - 1ns);
  RC_ASSERT(!tested.try_take());
  time->advance(1ns);
  RC_ASSERT(tested.try_take());
}

TEST(rate_limit, is_exact_under_threads) {
  rate_limit tested{{.permits = 1000, .period = 24h}, still_time()};
  std::atomic<int> admitted{0};
  {
    std::vector<std::jthread> all;
    for (int t = 0; t < 4; ++t)
      all.emplace_back([&] {
        for (int i = 0; i < 1000; ++i)
          admitted += tested.try_take();
      });
  }
  EXPECT_EQ(admitted, 1000);
}

} // namespace

} // namespace switchgear::policy
