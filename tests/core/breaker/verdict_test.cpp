/// Which results are waited for, and which go on at once.

#include <gtest/gtest.h>

#include <chrono>

#include "support/allocation_count.hpp"
#include "support/breaker_printing.hpp"
#include "support/manual_cell.hpp"

using namespace std::chrono_literals;

namespace switchgear {

namespace {

using test::manual_cell;

const failure broken{errc::operation_failed, "refused"};

config threshold(std::uint32_t failures) {
  config cfg;
  cfg.failure_threshold = failures;
  cfg.window_size = 1000;
  return cfg;
}

/// Makes a call that fails.
/// @returns whether it waited.
bool fails_after_waiting(manual_cell& where) {
  const int before = where.waits;
  where.fail(where.admit().value(), broken);
  return where.waits > before;
}

void succeed(manual_cell& where, int n = 1) {
  for (; n > 0; --n)
    where.succeed(where.admit().value());
}

TEST(verdict, is_waited_for_by_the_failure_that_may_trip) {
  manual_cell tested{threshold(5)};
  for (int i = 0; i < 4; ++i)
    EXPECT_FALSE(fails_after_waiting(tested)) << i;
  EXPECT_TRUE(fails_after_waiting(tested));
  tested.step();
  EXPECT_EQ(tested.current_state(), state::open);
  EXPECT_EQ(tested.data().failures, 5u);
}

TEST(verdict, is_waited_for_with_a_threshold_of_one) {
  manual_cell tested{threshold(1)};
  EXPECT_TRUE(fails_after_waiting(tested));
}

TEST(verdict, may_be_that_nothing_happened) {
  manual_cell tested{threshold(3)};
  EXPECT_FALSE(fails_after_waiting(tested));
  EXPECT_FALSE(fails_after_waiting(tested));
  succeed(tested);
  EXPECT_TRUE(fails_after_waiting(tested)); // it cannot know
  tested.step();
  EXPECT_EQ(tested.current_state(), state::closed);
  EXPECT_EQ(tested.data().period.consecutive_failures, 1u);
  EXPECT_FALSE(fails_after_waiting(tested)); // now it does
}

TEST(verdict, is_waited_for_when_the_rate_may_be_reached) {
  auto cfg = threshold(1000);
  cfg.window_size = 10;
  cfg.failure_rate_threshold = 0.3;
  manual_cell tested{cfg};
  succeed(tested, 10);
  EXPECT_FALSE(fails_after_waiting(tested));
  EXPECT_FALSE(fails_after_waiting(tested));
  EXPECT_TRUE(fails_after_waiting(tested));
  tested.step();
  EXPECT_EQ(tested.data().why, reason::failure_rate);
}

TEST(verdict, is_not_waited_for_while_there_are_too_few_calls_for_a_rate) {
  auto cfg = threshold(1000);
  cfg.window_size = 100;
  cfg.failure_rate_threshold = 0.5;
  manual_cell tested{cfg};
  for (int i = 0; i < 49; ++i)
    EXPECT_FALSE(fails_after_waiting(tested)) << i;
  EXPECT_TRUE(fails_after_waiting(tested)); // fifty successes may have come
  tested.step();
  EXPECT_EQ(tested.current_state(), state::closed);
}

TEST(verdict, is_waited_for_when_calls_are_slow) {
  auto cfg = threshold(1000);
  cfg.window_size = 3;
  cfg.failure_rate_threshold = 1.0;
  cfg.slow_call_duration = 100ms;
  manual_cell tested{cfg};
  const auto slow = [&] {
    const int before = tested.waits;
    tested.succeed(test::since(tested.admit().value(), 200ms));
    return tested.waits > before;
  };
  EXPECT_FALSE(slow());
  EXPECT_FALSE(slow());
  EXPECT_TRUE(slow());
  tested.step();
  EXPECT_EQ(tested.data().why, reason::slow_call_rate);
}

TEST(verdict, is_always_waited_for_where_the_user_decides) {
  hooks user;
  user.ready_to_trip = [](const counts&) { return false; };
  manual_cell tested{threshold(1000), user};
  struct : breaker_observer {
    void emit(const breaker_event&) override {}
    void consult_ready_to_trip(const counts&, std::uint64_t) override {}
    void consult_open_time(const trip_cause&, std::uint64_t) override {}
  } nobody;
  tested.observe(&nobody);
  tested.step();
  for (int i = 0; i < 3; ++i)
    EXPECT_TRUE(fails_after_waiting(tested));
}

TEST(verdict, is_not_waited_for_where_nothing_can_trip) {
  for (auto how : {mode::forced_closed, mode::disabled}) {
    manual_cell tested{threshold(1)};
    tested.give(input::set_mode{how});
    for (int i = 0; i < 300; ++i)
      EXPECT_FALSE(fails_after_waiting(tested));
    tested.step();
    EXPECT_EQ(tested.data().failures, 300u);
    EXPECT_EQ(tested.current_state(), state::closed);
    tested.give(input::set_mode{mode::automatic});
    EXPECT_TRUE(fails_after_waiting(tested));
  }
}

TEST(verdict, is_waited_for_after_new_settings_that_are_stricter) {
  manual_cell tested{threshold(100)};
  for (int i = 0; i < 10; ++i)
    EXPECT_FALSE(fails_after_waiting(tested));
  auto stricter = threshold(5);
  tested.give(input::reconfigure{std::make_shared<const config>(stricter)});
  EXPECT_EQ(tested.current_state(), state::closed);
  EXPECT_TRUE(fails_after_waiting(tested));
  tested.step();
  EXPECT_EQ(tested.current_state(), state::open);
}

TEST(verdict, is_not_waited_for_by_what_says_nothing) {
  manual_cell tested{threshold(1)};
  tested.end(tested.admit().value(), outcome::ignored);
  tested.end(tested.admit().value(), outcome::cancelled);
  tested.fail(tested.admit().value(), errc::circuit_open);
  EXPECT_EQ(tested.waits, 0);
  tested.step();
  EXPECT_EQ(tested.data().ignored, 2u);
  EXPECT_EQ(tested.data().cancelled, 1u);
}

TEST(verdict, is_not_waited_for_by_calls_of_an_epoch_that_is_over) {
  manual_cell tested{threshold(1)};
  const auto old = tested.admit().value();
  tested.give(input::force_open{});
  tested.fail(old, broken);
  EXPECT_EQ(tested.waits, 0);
  tested.step();
  EXPECT_EQ(tested.data().late, 1u);
}

TEST(verdict, is_waited_for_by_each_probe) {
  auto cfg = threshold(1);
  cfg.open_timeout = 1s;
  manual_cell tested{cfg};
  tested.give(input::force_open{});
  tested.pass(1s);
  for (auto how : {outcome::success, outcome::ignored, outcome::cancelled}) {
    const int before = tested.waits;
    const auto probe = tested.admit().value();
    ASSERT_TRUE(probe.of.is_probe());
    tested.end(probe, how);
    EXPECT_EQ(tested.waits, before + 1);
    tested.step();
  }
}

// A window of time forgets, so what it spares it spares for a while only.
TEST(verdict, is_waited_for_once_the_oldest_slice_may_have_gone) {
  config cfg;
  cfg.failure_threshold = 1000;
  cfg.window_duration = 10s;
  cfg.minimum_calls = 4;
  cfg.failure_rate_threshold = 0.5;
  manual_cell tested{cfg};
  const auto call = [&](bool good) {
    auto current = tested.admit().value();
    current.began = tested.now;
    current.timed = true;
    const int before = tested.waits;
    tested.end(current, good ? outcome::success : outcome::failure, 1ns);
    return tested.waits > before;
  };
  for (int i = 0; i < 20; ++i)
    call(true);
  tested.step(); // 20 calls: nine failures cannot be half of all
  EXPECT_FALSE(call(false));
  tested.now += 1s; // the owner is not asked
  EXPECT_TRUE(call(false));
  tested.step();
  EXPECT_FALSE(call(false));
}

TEST(verdict, is_waited_for_when_too_much_is_untold) {
  manual_cell tested{threshold(1'000'000)};
  tested.give(input::set_mode{mode::forced_closed});
  int waited = 0;
  for (int i = 0; i < 5000; ++i)
    waited += fails_after_waiting(tested);
  EXPECT_EQ(waited, 5000 - 4096);
  tested.step();
  EXPECT_EQ(tested.data().failures, 5000u);
  EXPECT_FALSE(fails_after_waiting(tested));
}

// -- when the owner is woken --------------------------------------------------

TEST(verdict, wakes_the_owner_once) {
  manual_cell tested{threshold(1)};
  fails_after_waiting(tested);
  fails_after_waiting(tested);
  EXPECT_EQ(tested.wakes, 1);
  tested.step();
  tested.give(input::reset{});
  EXPECT_EQ(tested.wakes, 2);
}

TEST(verdict, is_prepared_when_half_of_what_is_spared_is_gone) {
  manual_cell tested{threshold(9)}; // spares eight
  for (int i = 0; i < 4; ++i)
    fails_after_waiting(tested);
  EXPECT_EQ(tested.wakes, 0);
  fails_after_waiting(tested);
  EXPECT_EQ(tested.wakes, 1);
}

TEST(verdict, comes_now_and_then_for_what_nobody_waits_for) {
  manual_cell tested{threshold(1'000'000)};
  tested.give(input::set_mode{mode::forced_closed});
  const int before = tested.wakes;
  for (int i = 0; i < 1000; ++i) {
    fails_after_waiting(tested);
    if (tested.wakes > before)
      break;
  }
  EXPECT_EQ(tested.wakes, before + 1);
}

// -- what it costs ------------------------------------------------------------

TEST(verdict, that_is_not_waited_for_costs_no_memory) {
  manual_cell tested{threshold(1'000'000)};
  tested.give(input::set_mode{mode::forced_closed});
  for (int i = 0; i < 1000; ++i) // the pool grows as far as it must
    fails_after_waiting(tested);
  tested.step();
  const auto before = test::allocations();
  for (int i = 0; i < 1000; ++i)
    fails_after_waiting(tested);
  EXPECT_EQ(test::allocations(), before);
}

} // namespace

} // namespace switchgear
