#include <gtest/gtest.h>

#include "support/breaker_printing.hpp"
#include "support/breaker_rig.hpp"

using namespace std::chrono_literals;

namespace switchgear {

namespace {

using test::breaker_rig;

const auto noon = wall_time{std::chrono::hours{500'000}};

config touchy() {
  return {.failure_threshold = 2, .open_timeout = 10s, .success_threshold = 1};
}

TEST(snapshot, of_a_new_breaker_is_empty) {
  breaker_rig rig{touchy()};
  statistics expected;
  expected.epoch = 1;
  expected.last_state_change = noon;
  EXPECT_EQ(rig.stats(noon), expected);
}

TEST(snapshot, has_rates_as_shares_of_the_total) {
  breaker_rig rig{{.failure_threshold = 9}};
  rig.ok();
  rig.ok();
  rig.ok();
  rig.fail();
  EXPECT_EQ(rig.stats().success_rate, 0.75);
  EXPECT_EQ(rig.stats().failure_rate, 0.25);
  EXPECT_EQ(rig.stats().window, "SSSF");
  EXPECT_EQ(rig.stats().window_calls, 4u);
  EXPECT_EQ(rig.stats().window_failures, 1u);
}

TEST(snapshot, shows_no_more_than_the_last_results_of_a_large_window) {
  breaker_rig rig{{.failure_threshold = 9, .window_size = 5000}};
  rig.fail();
  for (int i = 0; i < 998; ++i)
    rig.ok();
  EXPECT_EQ(rig.stats().window.size(), 999u);
  rig.fail();
  rig.ok();
  EXPECT_EQ(rig.stats().window, std::string(998, 'S') + "FS");
  EXPECT_EQ(rig.stats().window_calls, 1001u);
}

TEST(snapshot, has_latencies_of_all_but_cancelled_calls) {
  breaker_rig rig{touchy()};
  rig.call(outcome::success, 10ms);
  rig.call(outcome::failure, 20ms);
  rig.call(outcome::ignored, 30ms);
  rig.call(outcome::cancelled, 1h);
  rig.call(outcome::success, 0ns); // not measured
  EXPECT_EQ(rig.stats().avg_latency, 20ms);
  EXPECT_GE(rig.stats().p95_latency, 30ms);
  EXPECT_LE(rig.stats().p95_latency, 34ms);
}

TEST(snapshot, has_times_for_people) {
  breaker_rig rig{touchy()};
  rig.advance(1h);
  rig.trip();
  rig.advance(4s);
  const auto s = rig.stats(noon);
  EXPECT_EQ(s.time_in_state, 4s);
  EXPECT_EQ(s.last_state_change, noon - 4s);
  EXPECT_EQ(s.last_failure_time, noon - 4s);
  EXPECT_EQ(s.retry_after, 6s);
  EXPECT_EQ(s.transitions.back().at, noon - 4s);
}

TEST(snapshot, tells_the_last_changes_and_why) {
  breaker_rig rig{touchy()};
  rig.half_open().ok();
  rig.force_open();
  const auto s = rig.stats();
  ASSERT_EQ(s.transitions.size(), 4u);
  const auto is = [&](std::size_t i, state from, state to, reason why) {
    const auto& t = s.transitions[i];
    return t.from == from && t.to == to && t.why == why;
  };
  EXPECT_TRUE(is(0, state::closed, state::open, reason::consecutive_failures));
  EXPECT_TRUE(is(1, state::open, state::half_open, reason::open_time_over));
  EXPECT_TRUE(is(2, state::half_open, state::closed, reason::recovered));
  EXPECT_TRUE(is(3, state::closed, state::open, reason::forced_open));
  EXPECT_EQ(s.transitions[0].text,
            "2 failures in a row (threshold 2), last: broken");
  EXPECT_EQ(s.transitions[1].text, "");
  EXPECT_EQ(s.transitions[3].text, "opened by hand");
  EXPECT_EQ(s.last_reason, reason::forced_open);
}

TEST(snapshot, remembers_only_so_many_changes) {
  breaker_rig rig{touchy()};
  for (int i = 0; i < 100; ++i) {
    rig.force_open();
    rig.reset();
  }
  EXPECT_EQ(rig.stats().transitions.size(), 16u);
  EXPECT_EQ(rig.stats().transitions.back().why, reason::reset);
}

TEST(snapshot, has_a_level) {
  breaker_rig rig{touchy()};
  EXPECT_EQ(rig.stats().alert, alert_level::healthy);
  EXPECT_EQ(rig.trip().stats().alert, alert_level::critical);
  EXPECT_EQ(rig.half_open().stats().alert, alert_level::warning);
}

} // namespace

} // namespace switchgear
