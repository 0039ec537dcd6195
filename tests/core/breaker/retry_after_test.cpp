/// A tool that says how long to stay away is left alone for that long.

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <vector>

#include "support/breaker_rig.hpp"
#include "support/manual_cell.hpp"

using namespace std::chrono_literals;

namespace switchgear {

namespace {

using test::breaker_rig;
using test::manual_cell;

// Two failures trip; open for 1 s, or up to 10 s if the tool asks for it.
config small() {
  return {.failure_threshold = 2, .open_timeout = 1s, .success_threshold = 1};
}

duration open_time(breaker_rig& rig) {
  return rig.data().open_until - rig.now();
}

TEST(retry_after, lengthens_the_open_time) {
  breaker_rig rig{small()};
  rig.fail();
  rig.fail_for(5s);
  ASSERT_EQ(rig.now_in(), state::open);
  EXPECT_EQ(open_time(rig), 5s);
  rig.advance(4999ms);
  EXPECT_EQ(rig.now_in(), state::open);
  rig.advance(1ms);
  EXPECT_EQ(rig.now_in(), state::half_open);
}

TEST(retry_after, is_what_rejections_and_statistics_say) {
  breaker_rig rig{small()};
  rig.fail();
  rig.fail_for(5s);
  rig.advance(2s);
  EXPECT_FALSE(rig.acquire());
  EXPECT_EQ(rig.rejection().retry_after(), 3s);
  EXPECT_EQ(rig.stats().retry_after, 3s);
}

TEST(retry_after, never_shortens_the_open_time) {
  breaker_rig rig{small()};
  rig.fail();
  rig.fail_for(300ms);
  EXPECT_EQ(open_time(rig), 1s);
}

TEST(retry_after, is_bounded_by_the_maximum) {
  breaker_rig rig{small()};
  rig.fail();
  rig.fail_for(24h);
  EXPECT_EQ(open_time(rig), 10s);
  auto cfg = small();
  cfg.open_timeout_maximum = 3s;
  breaker_rig other{cfg};
  other.fail();
  other.fail_for(24h);
  EXPECT_EQ(open_time(other), 3s);
}

TEST(retry_after, is_told_among_the_reasons) {
  breaker_rig rig{small()};
  rig.fail();
  rig.fail_for(5s);
  EXPECT_EQ(rig.stats().why,
            "2 failures in a row (threshold 2), last: HTTP 429, asked to be "
            "left alone for 5000 ms");
  const auto told = rig.last(event_kind::state_transition);
  EXPECT_EQ(told->cause->retry_after, 5s);
  EXPECT_EQ(told->text, rig.stats().why);
}

TEST(retry_after, says_when_it_asked_for_more_than_it_gets) {
  breaker_rig rig{small()};
  rig.fail();
  rig.fail_for(1h);
  EXPECT_EQ(rig.stats().why,
            "2 failures in a row (threshold 2), last: HTTP 429, asked to be "
            "left alone for 3600000 ms (at most 10000 ms)");
}

TEST(retry_after, without_one_nothing_is_said) {
  breaker_rig rig{small()};
  rig.trip();
  EXPECT_EQ(open_time(rig), 1s);
  EXPECT_EQ(rig.last(event_kind::state_transition)->cause->retry_after, 0s);
  EXPECT_EQ(rig.stats().why.find("asked"), std::string::npos);
}

// -- the run of failures ------------------------------------------------------

TEST(retry_after, an_earlier_failure_in_a_row_counts_with_what_is_left) {
  breaker_rig rig{small()};
  rig.fail_for(5s);
  rig.advance(2s);
  rig.fail();
  EXPECT_EQ(open_time(rig), 3s);
}

TEST(retry_after, the_latest_instant_wins) {
  auto cfg = small();
  cfg.failure_threshold = 3;
  breaker_rig rig{cfg};
  rig.fail_for(8s);
  rig.advance(1s);
  rig.fail_for(2s);
  rig.fail_for(4s);
  EXPECT_EQ(open_time(rig), 7s);
}

TEST(retry_after, one_that_is_past_does_not_count) {
  breaker_rig rig{small()};
  rig.fail_for(5s);
  rig.advance(6s);
  rig.fail();
  EXPECT_EQ(open_time(rig), 1s);
  EXPECT_EQ(rig.stats().why.find("asked"), std::string::npos);
}

TEST(retry_after, a_success_forgets_what_was_asked) {
  breaker_rig rig{small()};
  rig.fail_for(9s);
  rig.ok();
  rig.fail();
  rig.fail();
  EXPECT_EQ(open_time(rig), 1s);
}

TEST(retry_after, counts_for_a_trip_by_rate_too) {
  breaker_rig rig{
    {.failure_threshold = 100, .window_size = 4, .open_timeout = 1s}};
  rig.fail();
  rig.ok();
  rig.ok();
  rig.fail_for(5s);
  ASSERT_EQ(rig.data().why, reason::failure_rate);
  EXPECT_EQ(open_time(rig), 5s);
}

TEST(retry_after, counts_for_a_trip_by_hand_too) {
  breaker_rig rig{small()};
  rig.fail_for(5s);
  rig.force_open();
  EXPECT_EQ(open_time(rig), 5s);
  EXPECT_EQ(rig.stats().why,
            "opened by hand, asked to be left alone for 5000 ms");
}

TEST(retry_after, a_slow_success_asks_for_nothing) {
  breaker_rig rig{{.failure_threshold = 9,
                   .window_size = 2,
                   .failure_rate_threshold = 1.0,
                   .slow_call_duration = 1s,
                   .slow_call_rate_threshold = 0.5,
                   .open_timeout = 1s}};
  rig.fail_for(5s);
  rig.call(outcome::success, 2s);
  ASSERT_EQ(rig.data().why, reason::slow_call_rate);
  EXPECT_EQ(open_time(rig), 1s);
}

TEST(retry_after, a_late_failure_moves_nothing) {
  breaker_rig rig{small()};
  const auto late = rig.acquire();
  rig.trip();
  rig.ask(input::report{
    .of = *late, .how = outcome::failure, .retry_after = input::to_pause(9s)});
  EXPECT_EQ(open_time(rig), 1s);
}

TEST(retry_after, an_ignored_failure_asks_for_nothing) {
  breaker_rig rig{small()};
  const auto given = rig.acquire();
  rig.ask(input::report{
    .of = *given, .how = outcome::ignored, .retry_after = input::to_pause(9s)});
  rig.trip();
  EXPECT_EQ(open_time(rig), 1s);
}

// -- half-open ----------------------------------------------------------------

TEST(retry_after, of_a_probe_reopens_for_that_long) {
  breaker_rig rig{small()};
  rig.half_open();
  rig.fail_for(7s);
  ASSERT_EQ(rig.now_in(), state::open);
  EXPECT_EQ(open_time(rig), 7s);
  EXPECT_EQ(rig.stats().why,
            "a probe failed, last: HTTP 429, asked to be left alone for 7000 "
            "ms");
}

TEST(retry_after, half_open_forgets_what_was_asked_before) {
  breaker_rig rig{small()};
  rig.fail();
  rig.fail_for(1h);
  rig.advance(10s);
  ASSERT_EQ(rig.now_in(), state::half_open);
  rig.fail();
  EXPECT_EQ(open_time(rig), 1s);
}

TEST(retry_after, a_lost_probe_asks_for_nothing) {
  breaker_rig rig{small()};
  rig.fail();
  rig.fail_for(1h);
  rig.advance(10s);
  ASSERT_TRUE(rig.acquire());
  rig.advance(1s);
  ASSERT_EQ(rig.data().why, reason::probe_lost);
  EXPECT_EQ(open_time(rig), 1s);
}

// -- with the other settings --------------------------------------------------

TEST(retry_after, does_not_stop_growth) {
  auto cfg = small();
  cfg.failure_threshold = 1;
  cfg.open_timeout_multiplier = 2.0;
  breaker_rig rig{cfg};
  std::vector<duration> times;
  for (int i = 0; i < 4; ++i) {
    rig.fail_for(3s);
    times.push_back(open_time(rig));
    rig.advance(times.back());
  }
  EXPECT_EQ(times, (std::vector<duration>{3s, 3s, 4s, 8s}));
}

TEST(retry_after, the_hook_for_the_open_time_is_told_and_decides) {
  breaker_rig rig{small(), {.open_time = true}};
  rig.fail();
  rig.fail_for(5s);
  ASSERT_EQ(rig.asked_for_open_time.size(), 1u);
  EXPECT_EQ(rig.asked_for_open_time[0].about.retry_after, 5s);
  rig.tell(input::open_time_verdict{rig.asked_for_open_time[0].epoch, 2s});
  EXPECT_EQ(open_time(rig), 2s);
}

// The longer of both, whatever jitter and growth make of the open time.
RC_GTEST_PROP(retry_after, is_at_least_what_was_asked_up_to_the_maximum, ()) {
  config cfg{.failure_threshold = 1};
  cfg.open_timeout = duration{1ms} * *rc::gen::inRange(1, 10'000);
  cfg.open_timeout_multiplier = *rc::gen::inRange(100, 400) / 100.0;
  cfg.open_timeout_maximum = cfg.open_timeout * *rc::gen::inRange(1, 20);
  cfg.open_timeout_jitter = *rc::gen::inRange(0, 101) / 100.0;
  const auto seed = *rc::gen::arbitrary<std::uint64_t>();
  breaker_rig asked{cfg, {}, seed};
  breaker_rig silent{cfg, {}, seed};
  for (int trips = 0; trips < 6; ++trips) {
    const auto wait = duration{1ms} * *rc::gen::inRange(0, 300'000);
    asked.fail_for(wait);
    silent.fail();
    RC_ASSERT(
      open_time(asked)
      == std::max(open_time(silent), std::min(wait, cfg.open_timeout_maximum)));
    asked.advance(open_time(asked));
    silent.advance(open_time(silent));
  }
}

TEST(pause, is_in_whole_milliseconds_rounded_up) {
  EXPECT_EQ(input::to_pause(1ns), 1ms);
  EXPECT_EQ(input::to_pause(2ms), 2ms);
  EXPECT_EQ(input::to_pause(-1s), 0ms);
  EXPECT_EQ(input::to_pause(duration::max()), longest_open);
}

// -- from a caller's failure to the machine -----------------------------------

void fail(manual_cell& tool, const failure& why) {
  tool.fail(tool.admit().value(), why);
  tool.step();
}

TEST(retry_after, of_a_failure_that_a_caller_reports_counts) {
  manual_cell tool{small()};
  fail(tool, failure{errc::operation_failed, "HTTP 500"});
  fail(tool, failure::retry_later(errc::operation_failed, "HTTP 503", 5s));
  ASSERT_EQ(tool.current_state(), state::open);
  EXPECT_NE(tool.data().last_trip->text.find("asked to be left alone for"),
            std::string::npos);
  EXPECT_GT(tool.data().open_until - tool.now, 4s);
  cell::call next;
  ASSERT_FALSE(tool.begin(next));
  EXPECT_GT(tool.refusal(next).retry_after(), 4s);
}

TEST(retry_after, is_there_for_predicates_to_see) {
  duration seen{};
  hooks user;
  user.is_failure = [&](const failure& why) {
    seen = why.retry_after();
    return true;
  };
  manual_cell tool{small(), user};
  fail(tool, failure::retry_later(errc::operation_failed, "HTTP 503", 5s));
  EXPECT_EQ(seen, 5s);
}

TEST(retry_after, takes_no_more_room_in_a_report) {
  EXPECT_LE(sizeof(input::report), 224u);
}

} // namespace

} // namespace switchgear
