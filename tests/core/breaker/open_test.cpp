#include <gtest/gtest.h>

#include "support/breaker_printing.hpp"
#include "support/breaker_rig.hpp"

using namespace std::chrono_literals;

namespace switchgear {

namespace {

using test::breaker_rig;

config at_once() {
  return {.failure_threshold = 1, .open_timeout = 10s, .success_threshold = 1};
}

TEST(open, rejects_and_says_when_to_come_back) {
  breaker_rig rig{at_once()};
  rig.trip();
  rig.advance(3s);
  EXPECT_FALSE(rig.acquire());
  EXPECT_EQ(rig.rejection(), errc::circuit_open);
  EXPECT_EQ(rig.rejection().retry_after(), 7s);
  EXPECT_EQ(rig.stats().total_rejected, 1u);
}

TEST(open, rejected_calls_are_in_the_total_only_if_so_configured) {
  for (bool wanted : {false, true}) {
    auto cfg = at_once();
    cfg.rejected_in_total = wanted;
    breaker_rig rig{cfg};
    rig.trip().ok();
    EXPECT_EQ(rig.stats().total_calls, wanted ? 2u : 1u);
    EXPECT_EQ(rig.stats().failure_rate, wanted ? 0.5 : 1.0);
  }
}

TEST(open, turns_half_open_when_the_open_time_is_over_and_not_before) {
  breaker_rig rig{at_once()};
  rig.trip();
  rig.advance(10s - 1ns);
  EXPECT_EQ(rig.now_in(), state::open);
  rig.advance(1ns);
  EXPECT_EQ(rig.now_in(), state::half_open);
  EXPECT_EQ(rig.data().why, reason::open_time_over);
}

TEST(open, what_the_gate_turned_away_is_counted_in_one_go) {
  breaker_rig rig{at_once()};
  rig.trip();
  rig.tell(input::turned_away{7});
  EXPECT_EQ(rig.stats().total_rejected, 7u);
  EXPECT_EQ(rig.last(event_kind::call_rejected)->count, 7u);
}

TEST(open, force_open_leaves_the_open_time_as_it_is) {
  breaker_rig rig{at_once()};
  rig.trip();
  rig.advance(6s);
  rig.force_open();
  EXPECT_EQ(rig.stats().trip_count, 1u);
  rig.advance(4s);
  EXPECT_EQ(rig.now_in(), state::half_open);
}

TEST(open, reset_closes_and_no_late_timer_follows) {
  breaker_rig rig{at_once()};
  rig.trip().reset();
  EXPECT_EQ(rig.now_in(), state::closed);
  EXPECT_EQ(rig.data().why, reason::reset);
  EXPECT_FALSE(rig.state_timer_runs());
  rig.advance(1h);
  EXPECT_EQ(rig.now_in(), state::closed);
}

TEST(open, a_reset_is_no_recovery) {
  breaker_rig rig{at_once()};
  rig.trip().reset();
  EXPECT_EQ(rig.stats().recoveries, 0u);
  // Nor does the next recovery count from the trip before the reset.
  rig.advance(1h);
  rig.half_open().ok();
  EXPECT_EQ(rig.stats().recoveries, 1u);
  EXPECT_EQ(rig.stats().avg_recovery_ms, 10'000);
}

TEST(open, a_recovery_takes_from_the_first_trip_to_the_success_that_closes) {
  breaker_rig rig{at_once()};
  rig.half_open().fail(); // opens again
  rig.half_open();
  rig.advance(5s);
  rig.ok();
  EXPECT_EQ(rig.stats().recoveries, 1u);
  EXPECT_EQ(rig.stats().avg_recovery_ms, 25'000);
}

} // namespace

} // namespace switchgear
