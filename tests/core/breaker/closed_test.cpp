#include <gtest/gtest.h>

#include "support/breaker_printing.hpp"
#include "support/breaker_rig.hpp"

using namespace std::chrono_literals;

namespace switchgear {

namespace {

using test::breaker_rig;

// -- failures in a row --------------------------------------------------------

TEST(closed, trips_at_the_threshold_of_failures_in_a_row) {
  breaker_rig rig{{.failure_threshold = 3, .window_size = 50}};
  rig.fail();
  rig.fail();
  EXPECT_EQ(rig.now_in(), state::closed);
  rig.fail();
  EXPECT_EQ(rig.now_in(), state::open);
  EXPECT_EQ(rig.data().why, reason::consecutive_failures);
}

TEST(closed, a_success_ends_the_row) {
  breaker_rig rig{{.failure_threshold = 3, .window_size = 50}};
  rig.fail();
  rig.fail();
  rig.ok();
  rig.fail();
  rig.fail();
  EXPECT_EQ(rig.now_in(), state::closed);
  EXPECT_EQ(rig.data().period, (counts{.requests = 5,
                                       .total_successes = 1,
                                       .total_failures = 4,
                                       .consecutive_successes = 0,
                                       .consecutive_failures = 2}));
}

TEST(closed, ignored_and_cancelled_calls_neither_end_the_row_nor_lengthen_it) {
  breaker_rig rig{{.failure_threshold = 2, .window_size = 50}};
  rig.fail();
  rig.call(outcome::ignored);
  rig.call(outcome::cancelled);
  EXPECT_EQ(rig.now_in(), state::closed);
  EXPECT_EQ(rig.stats().window, "F");
  rig.fail();
  EXPECT_EQ(rig.now_in(), state::open);
}

// -- rates --------------------------------------------------------------------

TEST(closed, a_rate_needs_a_full_window) {
  breaker_rig rig{{.failure_threshold = 9, .window_size = 4}};
  rig.fail();
  rig.fail();
  rig.fail();
  EXPECT_EQ(rig.now_in(), state::closed);
  rig.fail();
  EXPECT_EQ(rig.data().why, reason::failure_rate);
}

TEST(closed, a_rate_needs_no_more_than_the_minimum_of_calls) {
  breaker_rig rig{
    {.failure_threshold = 9, .window_size = 100, .minimum_calls = 3}};
  rig.ok();
  rig.fail();
  EXPECT_EQ(rig.now_in(), state::closed);
  rig.fail();
  EXPECT_EQ(rig.data().why, reason::failure_rate);
}

TEST(closed, a_rate_is_not_judged_when_a_call_succeeds) {
  breaker_rig rig{{.failure_threshold = 9, .window_size = 4}};
  rig.fail();
  rig.fail();
  rig.ok();
  rig.ok(); // two of four, but this is a success
  EXPECT_EQ(rig.now_in(), state::closed);
  rig.fail();
  EXPECT_EQ(rig.now_in(), state::open);
}

// As a product, 0.55 * 100 is a little above 55.
TEST(closed, a_rate_that_is_exactly_reached_trips) {
  for (std::uint32_t percent = 1; percent <= 100; ++percent) {
    breaker_rig rig{{.failure_threshold = 1000,
                     .window_size = 100,
                     .failure_rate_threshold = percent / 100.0}};
    for (auto i = percent; i < 100; ++i)
      rig.ok();
    for (auto i = percent; i > 1; --i)
      rig.fail();
    EXPECT_EQ(rig.now_in(), state::closed) << percent;
    rig.fail();
    EXPECT_EQ(rig.data().why, reason::failure_rate) << percent;
  }
}

TEST(closed, a_window_of_time_forgets) {
  breaker_rig rig{
    {.failure_threshold = 9, .window_duration = 1s, .minimum_calls = 3}};
  rig.fail();
  rig.fail();
  rig.advance(2s);
  rig.fail();
  EXPECT_EQ(rig.now_in(), state::closed);
  rig.fail();
  rig.fail();
  EXPECT_EQ(rig.data().why, reason::failure_rate);
  EXPECT_EQ(rig.data().last_trip->cause.window_calls, 3u);
}

// -- slow calls ---------------------------------------------------------------

constexpr auto slow = 100ms;

config counting_slow() {
  return {.failure_threshold = 9,
          .window_size = 4,
          .slow_call_duration = slow,
          .slow_call_rate_threshold = 0.5};
}

TEST(closed, trips_when_too_many_calls_are_slow) {
  breaker_rig rig{counting_slow()};
  rig.call(outcome::success, slow);
  rig.call(outcome::success, slow - 1ns);
  rig.ok();
  EXPECT_EQ(rig.now_in(), state::closed);
  rig.call(outcome::success, slow);
  EXPECT_EQ(rig.data().why, reason::slow_call_rate);
  EXPECT_EQ(rig.stats().window_slow, 2u);
  EXPECT_EQ(rig.stats().total_successes, 4u);
}

TEST(closed, slow_calls_that_fail_count_as_both) {
  breaker_rig rig{counting_slow()};
  rig.ok();
  rig.ok();
  rig.call(outcome::success, slow);
  rig.call(outcome::failure, slow);
  EXPECT_EQ(rig.data().why, reason::slow_call_rate);
  EXPECT_EQ(rig.stats().window_failures, 1u);
}

TEST(closed, no_call_is_slow_unless_that_is_configured) {
  auto cfg = counting_slow();
  cfg.slow_call_duration = 0ms;
  breaker_rig rig{cfg};
  for (int i = 0; i < 10; ++i)
    rig.call(outcome::success, 24h);
  EXPECT_EQ(rig.now_in(), state::closed);
  EXPECT_EQ(rig.stats().window_slow, 0u);
}

// -- timeouts -----------------------------------------------------------------

TEST(closed, timeouts_are_failures) {
  breaker_rig rig{{.failure_threshold = 2}};
  rig.call(outcome::timeout);
  rig.call(outcome::timeout);
  EXPECT_EQ(rig.now_in(), state::open);
  EXPECT_EQ(rig.stats().total_failures, 2u);
  EXPECT_EQ(rig.stats().total_timeouts, 2u);
}

TEST(closed, timeouts_are_ignored_if_so_configured) {
  breaker_rig rig{{.failure_threshold = 1, .count_timeout_as_failure = false}};
  rig.call(outcome::timeout);
  EXPECT_EQ(rig.now_in(), state::closed);
  EXPECT_EQ(rig.stats().window, "");
  EXPECT_EQ(rig.stats().total_failures, 0u);
  EXPECT_EQ(rig.stats().total_ignored, 1u);
  EXPECT_EQ(rig.stats().total_timeouts, 1u);
}

// -- the interval -------------------------------------------------------------

TEST(closed, counts_are_cleared_at_each_interval) {
  breaker_rig rig{{.failure_threshold = 3, .closed_interval = 10s}};
  for (int i = 0; i < 5; ++i) {
    rig.fail();
    rig.fail();
    rig.advance(10s);
    EXPECT_EQ(rig.stats().consecutive_failures, 0u);
    EXPECT_EQ(rig.stats().window, "");
  }
  EXPECT_EQ(rig.now_in(), state::closed);
  EXPECT_EQ(rig.stats().total_failures, 10u);
}

TEST(closed, without_an_interval_counts_are_kept) {
  breaker_rig rig{{.failure_threshold = 3}};
  EXPECT_FALSE(rig.state_timer_runs());
  rig.fail();
  rig.advance(24h);
  EXPECT_EQ(rig.stats().consecutive_failures, 1u);
}

TEST(closed, the_interval_begins_anew_when_the_breaker_closes) {
  breaker_rig rig{{.failure_threshold = 1,
                   .closed_interval = 10s,
                   .open_timeout = 4s,
                   .success_threshold = 1}};
  rig.half_open().ok();
  rig.reconfigure({.failure_threshold = 3,
                   .closed_interval = 10s,
                   .open_timeout = 4s,
                   .success_threshold = 1});
  rig.fail();
  rig.advance(9s); // 13 s after the start
  EXPECT_EQ(rig.stats().consecutive_failures, 1u);
  rig.advance(1s);
  EXPECT_EQ(rig.stats().consecutive_failures, 0u);
}

// -- by hand ------------------------------------------------------------------

TEST(closed, reset_clears_what_counts_towards_a_trip_and_no_total) {
  breaker_rig rig{{.failure_threshold = 3}};
  rig.fail();
  rig.fail();
  const auto before = rig.data().epoch;
  rig.reset();
  EXPECT_EQ(rig.data().period, counts{});
  EXPECT_EQ(rig.stats().window, "");
  EXPECT_EQ(rig.stats().total_failures, 2u);
  EXPECT_EQ(rig.data().epoch, before + 1);
  EXPECT_FALSE(rig.last(event_kind::state_transition));
  EXPECT_EQ(rig.stats().last_reason, reason::none); // it changed no state
}

TEST(closed, reset_starts_the_interval_again) {
  breaker_rig rig{{.failure_threshold = 3, .closed_interval = 10s}};
  rig.advance(6s);
  rig.reset();
  rig.fail();
  rig.advance(6s);
  EXPECT_EQ(rig.stats().consecutive_failures, 1u);
}

TEST(closed, force_open_trips) {
  breaker_rig rig;
  rig.force_open();
  EXPECT_EQ(rig.now_in(), state::open);
  EXPECT_EQ(rig.stats().trip_count, 1u);
  EXPECT_EQ(rig.stats().why, "opened by hand");
}

} // namespace

} // namespace switchgear
