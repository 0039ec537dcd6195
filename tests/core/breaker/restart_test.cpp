/// A machine that is taken over by another actor goes on where it was.

#include <gtest/gtest.h>

#include "support/breaker_printing.hpp"
#include "support/breaker_rig.hpp"

using namespace std::chrono_literals;

namespace switchgear {

namespace {

using test::breaker_rig;

config touchy() {
  return {.failure_threshold = 1,
          .closed_interval = 20s,
          .open_timeout = 10s,
          .success_threshold = 1};
}

TEST(restarted, is_counted_and_changes_nothing_else) {
  breaker_rig rig{touchy()};
  rig.trip();
  auto before = rig.stats();
  rig.tell(input::restarted{});
  before.restarts = 1;
  EXPECT_EQ(rig.stats(), before);
}

TEST(restarted, leaves_the_remaining_time_as_it_is) {
  {
    breaker_rig rig{touchy()};
    rig.advance(15s);
    rig.tell(input::restarted{});
    rig.call(outcome::success);
    rig.advance(5s);
    EXPECT_EQ(rig.stats().window, ""); // the interval is over
  }
  {
    breaker_rig rig{touchy()};
    rig.trip();
    rig.advance(6s);
    rig.tell(input::restarted{});
    rig.advance(4s - 1ns);
    EXPECT_EQ(rig.now_in(), state::open);
    rig.advance(1ns);
    EXPECT_EQ(rig.now_in(), state::half_open);
  }
  {
    breaker_rig rig{touchy()};
    rig.half_open().acquire();
    rig.advance(6s);
    rig.tell(input::restarted{});
    rig.advance(4s - 1ns);
    EXPECT_EQ(rig.now_in(), state::half_open);
    rig.advance(1ns);
    EXPECT_EQ(rig.now_in(), state::open);
  }
}

TEST(restarted, starts_no_timer_where_none_is_due) {
  breaker_rig closed;
  closed.tell(input::restarted{});
  EXPECT_FALSE(closed.state_timer_runs());
  breaker_rig isolated;
  isolated.set_mode(mode::isolated);
  isolated.tell(input::restarted{});
  EXPECT_FALSE(isolated.state_timer_runs());
  breaker_rig half_open{touchy()};
  half_open.half_open().tell(input::restarted{});
  EXPECT_FALSE(half_open.lease_timer_runs());
}

// As after a fault that ended the engine: its timers are gone, its data is not.
TEST(restarted, starts_the_timers_that_a_fault_has_taken) {
  breaker_rig before{touchy()};
  before.trip();
  before.advance(6s);
  breaker_machine rules;
  statem::virtual_driver<breaker_types> driver{
    rules, state::open, std::move(before.machine().data())};
  driver.advance(before.now() - driver.now());
  driver.cast(input::restarted{});
  driver.advance(4s - 1ns);
  EXPECT_EQ(driver.machine().state(), state::open);
  driver.advance(1ns);
  EXPECT_EQ(driver.machine().state(), state::half_open);
}

} // namespace

} // namespace switchgear
