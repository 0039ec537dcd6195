#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <vector>

#include "support/breaker_printing.hpp"
#include "support/manual_cell.hpp"

using namespace std::chrono_literals;

namespace switchgear {

namespace {

using test::manual_cell;

config watchful() {
  config cfg;
  cfg.max_stuck_calls = 3;
  cfg.stuck_after = 10s;
  cfg.open_timeout = 5s;
  return cfg;
}

/// A cell whose machine asks for stuck calls as the one of an actor does.
class watched : public manual_cell, private breaker_observer {
public:
  explicit watched(config cfg = watchful()) : manual_cell(std::move(cfg)) {
    observe(this);
  }

  /// Begins calls at the present, virtual as it is.
  void begin(int n = 1) {
    for (; n > 0; --n)
      under_way.push_back(test::begin_at(*this, now));
  }

  void end_one() {
    end(under_way.back(), outcome::success);
    under_way.pop_back();
    step();
  }

  void pass(duration time) {
    manual_cell::pass(time);
    step();
  }

  std::vector<cell::call> under_way;
  int looks = 0;

private:
  void emit(const breaker_event&) override {
    // nop
  }

  void consult_ready_to_trip(const counts&, std::uint64_t) override {
    // nop
  }

  void consult_open_time(const trip_cause&, std::uint64_t) override {
    // nop
  }

  void consult_stuck_calls(time_point at) override {
    ++looks;
    tell(stuck_calls(at));
  }
};

TEST(stuck_calls, trip_the_breaker) {
  watched tested;
  tested.begin(3);
  tested.pass(9s);
  EXPECT_EQ(tested.current_state(), state::closed);
  tested.pass(1s);
  EXPECT_EQ(tested.current_state(), state::open);
  EXPECT_EQ(tested.data().why, reason::stuck_calls);
  const auto s = tested.make_statistics(tested.now, wall_time{});
  EXPECT_EQ(s.why, "3 calls have not come back for 10000 ms (threshold 3)");
  EXPECT_EQ(s.calls_under_way, 3u);
  EXPECT_EQ(s.oldest_call, 10s);
  EXPECT_EQ(s.total_failures, 0u);
}

TEST(stuck_calls, may_have_begun_before_there_was_an_owner) {
  watched tested;
  tested.now -= 1h;
  tested.begin(3);
  tested.now += 1h;
  tested.pass(10s);
  EXPECT_EQ(tested.current_state(), state::open);
}

TEST(stuck_calls, below_the_threshold_do_nothing) {
  watched tested;
  tested.begin(2);
  tested.pass(1min);
  EXPECT_EQ(tested.current_state(), state::closed);
  EXPECT_GT(tested.looks, 0);
}

TEST(stuck_calls, are_seen_when_there_are_enough_of_them) {
  watched tested;
  tested.begin(2);
  tested.pass(4s);
  tested.begin();
  tested.pass(6s); // the first look: two are stuck
  EXPECT_EQ(tested.current_state(), state::closed);
  tested.pass(3s);
  EXPECT_EQ(tested.current_state(), state::closed);
  tested.pass(1s);
  EXPECT_EQ(tested.current_state(), state::open);
}

TEST(stuck_calls, are_no_longer_stuck_once_they_come_back) {
  watched tested;
  tested.begin(3);
  tested.pass(9s);
  tested.end_one();
  tested.pass(1min);
  EXPECT_EQ(tested.current_state(), state::closed);
}

TEST(stuck_calls, of_an_earlier_epoch_count_no_more) {
  watched tested;
  tested.begin(3);
  tested.pass(10s);
  ASSERT_EQ(tested.current_state(), state::open);
  tested.give(input::reset{});
  tested.begin(2);
  tested.pass(1min);
  EXPECT_EQ(tested.current_state(), state::closed);
  tested.begin();
  tested.pass(10s);
  tested.pass(10s);
  EXPECT_EQ(tested.current_state(), state::open);
}

TEST(stuck_calls, are_not_looked_for_where_nobody_asked) {
  watched tested{config{}};
  tested.begin(100);
  tested.pass(24h);
  EXPECT_EQ(tested.current_state(), state::closed);
  EXPECT_EQ(tested.looks, 0);
}

TEST(stuck_calls, trip_nothing_that_is_held_closed) {
  watched tested;
  tested.give(input::set_mode{mode::forced_closed});
  tested.begin(3);
  tested.pass(20s);
  EXPECT_EQ(tested.current_state(), state::closed);
  tested.give(input::set_mode{mode::automatic});
  tested.pass(20s);
  EXPECT_EQ(tested.current_state(), state::open);
}

TEST(stuck_calls, are_looked_for_after_new_settings) {
  watched tested{config{}};
  tested.begin(3);
  tested.give(input::reconfigure{std::make_shared<const config>(watchful())});
  tested.pass(10s);
  EXPECT_EQ(tested.current_state(), state::open);
}

TEST(stuck_calls, are_looked_for_after_a_restart) {
  watched tested;
  tested.begin(3);
  tested.pass(5s);
  tested.change_owner();
  tested.pass(10s);
  EXPECT_EQ(tested.current_state(), state::open);
}

TEST(stuck_calls, do_not_count_twice_while_open_or_half_open) {
  watched tested;
  tested.begin(3);
  tested.pass(10s);
  tested.pass(5s);
  EXPECT_EQ(tested.current_state(), state::half_open);
  const int looks = tested.looks;
  tested.pass(4s);
  EXPECT_EQ(tested.looks, looks);
  EXPECT_EQ(tested.data().trips, 1u);
}

TEST(stuck_calls, need_both_settings) {
  const auto errors = [](std::uint32_t calls, duration after) {
    config cfg;
    cfg.max_stuck_calls = calls;
    cfg.stuck_after = after;
    return explain(validate(cfg));
  };
  EXPECT_EQ(errors(0, 0s), "");
  EXPECT_EQ(errors(1, 1ms), "");
  EXPECT_EQ(errors(1, 0s), "stuck_after = 0 ms: must be 1 ms to 24 h where "
                           "max_stuck_calls is set");
  EXPECT_EQ(errors(0, 1s), "stuck_after = 1000 ms: must be 0 where "
                           "max_stuck_calls is not set");
  EXPECT_NE(errors(1'000'001, 1s), "");
}

} // namespace

} // namespace switchgear
