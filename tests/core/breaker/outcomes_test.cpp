/// Each call that has ended is in one class; changes of state are counted by
/// what they were.

#include <gtest/gtest.h>

#include <chrono>

#include "support/breaker_printing.hpp"
#include "support/breaker_rig.hpp"
#include "support/manual_cell.hpp"

using namespace std::chrono_literals;

namespace switchgear {

namespace {

using test::breaker_rig;
using test::manual_cell;

config touchy() {
  return {.failure_threshold = 2, .open_timeout = 10s, .success_threshold = 1};
}

outcome_counts outcomes(breaker_rig& rig) {
  return rig.stats().outcomes;
}

TEST(outcomes, are_none_at_first) {
  breaker_rig rig{touchy()};
  EXPECT_EQ(outcomes(rig), outcome_counts{});
  EXPECT_TRUE(rig.stats().transition_counts.empty());
}

TEST(outcomes, are_counted_each_in_its_class) {
  breaker_rig rig{{.failure_threshold = 9}};
  rig.call(outcome::success);
  rig.call(outcome::failure);
  rig.call(outcome::timeout);
  rig.call(outcome::ignored);
  rig.call(outcome::ignored);
  rig.call(outcome::cancelled);
  EXPECT_EQ(outcomes(rig), (outcome_counts{1, 1, 1, 2, 1, 0}));
  EXPECT_EQ(outcomes(rig).total(), 6u);
  EXPECT_EQ(rig.stats().total_failures, 2u); // which overlap
  EXPECT_EQ(rig.stats().total_timeouts, 1u);
}

TEST(outcomes, timeouts_are_timeouts_whatever_they_weigh) {
  auto cfg = touchy();
  cfg.count_timeout_as_failure = false;
  breaker_rig rig{cfg};
  rig.call(outcome::timeout);
  EXPECT_EQ(outcomes(rig), (outcome_counts{0, 0, 1, 0, 0, 0}));
  EXPECT_EQ(rig.stats().total_ignored, 1u);
}

TEST(outcomes, of_an_earlier_epoch_are_late_however_they_ended) {
  for (auto how : {outcome::success, outcome::failure, outcome::timeout,
                   outcome::ignored, outcome::cancelled}) {
    breaker_rig rig{touchy()};
    const auto given = rig.acquire().value();
    rig.force_open();
    rig.report(given, how);
    EXPECT_EQ(outcomes(rig), (outcome_counts{0, 0, 0, 0, 0, 1}));
    EXPECT_EQ(rig.stats().total_late, 1u);
  }
}

TEST(outcomes, what_comes_after_a_timeout_is_no_other_call) {
  breaker_rig rig{touchy()};
  const auto given = rig.acquire().value();
  rig.report(given, outcome::timeout, 1s);
  rig.tell(input::late_result{given, outcome::success, 2s});
  EXPECT_EQ(outcomes(rig), (outcome_counts{0, 0, 1, 0, 0, 0}));
  EXPECT_EQ(rig.stats().total_late, 1u);
}

TEST(outcomes, of_a_probe_are_counted_once) {
  breaker_rig rig{touchy()};
  rig.half_open();
  const auto lost = rig.acquire().value();
  rig.advance(10s); // its lease is over
  EXPECT_EQ(outcomes(rig), (outcome_counts{0, 3, 0, 0, 0, 0}));
  rig.report(lost); // comes back all the same
  rig.report(lost); // twice
  EXPECT_EQ(outcomes(rig).total(), 3u);
  rig.half_open();
  const auto abandoned = rig.acquire().value();
  rig.force_open();
  rig.report(abandoned);
  rig.report(abandoned);
  EXPECT_EQ(outcomes(rig), (outcome_counts{0, 3, 0, 0, 0, 1}));
}

TEST(outcomes, of_silent_successes) {
  manual_cell tested{touchy()};
  const auto before = tested.admit().value();
  for (int i = 0; i < 5; ++i)
    tested.succeed(tested.admit().value());
  tested.step();
  tested.give(input::force_open{});
  tested.succeed(before); // late
  tested.step();
  const auto s = tested.make_statistics(tested.now, {});
  EXPECT_EQ(s.outcomes, (outcome_counts{5, 0, 0, 0, 0, 1}));
  EXPECT_EQ(s.total_successes, 6u);
  EXPECT_EQ(s.durations.count(), 6u); // all were timed, one was told of
}

TEST(outcomes, durations_are_those_of_all_but_cancelled_calls) {
  manual_cell tested{{.failure_threshold = 9}};
  const auto end = [&](outcome how, duration took) {
    tested.end(tested.admit().value(), how, took);
  };
  end(outcome::success, 1ms);
  end(outcome::failure, 1ms + 1ns);
  end(outcome::timeout, 2min);
  end(outcome::ignored, 60s);
  end(outcome::cancelled, 3s);
  tested.step();
  const auto late = tested.admit().value();
  tested.give(input::force_open{});
  tested.end(late, outcome::failure, 30s);
  tested.step();
  const auto s = tested.make_statistics(tested.now, {});
  call_durations expected;
  expected.buckets = {1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1};
  expected.sum = 1ms + 1ms + 1ns + 2min + 60s + 30s;
  EXPECT_EQ(s.durations, expected);
  EXPECT_EQ(s.outcomes.total(), 6u);
}

// -- changes of state ---------------------------------------------------------

TEST(transition_counts, are_kept_by_what_changed_and_why) {
  breaker_rig rig{touchy()};
  for (int i = 0; i < 20; ++i) // more than are remembered one by one
    rig.half_open().ok();
  rig.force_open();
  rig.reset();
  rig.reset(); // closed it was, closed it is
  const std::vector<transition_count> expected{
    {state::closed, state::open, reason::consecutive_failures, 20},
    {state::open, state::half_open, reason::open_time_over, 20},
    {state::half_open, state::closed, reason::recovered, 20},
    {state::closed, state::open, reason::forced_open, 1},
    {state::open, state::closed, reason::reset, 1},
  };
  EXPECT_EQ(rig.stats().transition_counts, expected);
}

// -- its beginning ------------------------------------------------------------

TEST(created, stays_whatever_the_clocks_do) {
  const auto before = std::chrono::system_clock::now();
  manual_cell tested;
  const auto after = std::chrono::system_clock::now();
  const auto created = tested.make_statistics(tested.now, {}).created;
  EXPECT_GE(created, before);
  EXPECT_LE(created, after);
  tested.change_owner();
  const auto s = tested.make_statistics(tested.now + 3h, wall_time{24h});
  EXPECT_EQ(s.created, created);
}

} // namespace

} // namespace switchgear
