/// Faults that circuit breakers are known to have; each was seen in one in wide
/// use. What a machine alone can not get wrong is tested where it can go wrong.

#include <gtest/gtest.h>

#include "support/breaker_printing.hpp"
#include "support/breaker_rig.hpp"

using namespace std::chrono_literals;

namespace switchgear {

namespace {

using test::breaker_rig;

config touchy(std::uint32_t probes = 2) {
  return {.failure_threshold = 1,
          .open_timeout = 10s,
          .half_open_max_calls = probes,
          .success_threshold = 2};
}

TEST(known_faults, a_slow_call_from_closed_does_not_judge_half_open) {
  for (auto how : {outcome::success, outcome::failure}) {
    breaker_rig rig{touchy()};
    std::vector<permit> slow;
    for (int i = 0; i < 5; ++i)
      slow.push_back(rig.acquire().value());
    rig.half_open();
    for (const auto& each : slow)
      rig.report(each, how);
    EXPECT_EQ(rig.now_in(), state::half_open);
    EXPECT_EQ(rig.stats().consecutive_successes, 0u);
    EXPECT_EQ(rig.stats().probes_out, 0u);
  }
}

TEST(known_faults, an_ignored_or_cancelled_probe_gives_back_one_permit) {
  for (auto how : {outcome::ignored, outcome::cancelled}) {
    breaker_rig rig{touchy(2)};
    rig.half_open();
    for (int i = 0; i < 12; ++i) {
      const auto given = rig.acquire().value();
      rig.report(given, how);
      rig.report(given, how); // one, however often it says so
    }
    EXPECT_TRUE(rig.acquire());
    EXPECT_TRUE(rig.acquire());
    EXPECT_FALSE(rig.acquire());
  }
}

TEST(known_faults, an_ignored_call_from_closed_gives_back_no_probes_permit) {
  breaker_rig rig{touchy(1)};
  const auto old = rig.acquire().value();
  rig.half_open().acquire();
  rig.report(old, outcome::ignored);
  EXPECT_FALSE(rig.acquire());
}

TEST(known_faults, hung_probes_do_not_wedge_half_open) {
  breaker_rig rig{touchy(2)};
  for (int i = 0; i < 10; ++i) {
    rig.half_open();
    rig.acquire();
    rig.acquire();
    EXPECT_FALSE(rig.acquire());
    rig.advance(10s); // all hang
    EXPECT_EQ(rig.data().why, reason::probe_lost);
  }
  rig.half_open();
  rig.ok();
  rig.ok();
  EXPECT_EQ(rig.now_in(), state::closed);
}

TEST(known_faults, predicates_without_an_answer_leave_it_in_one_state) {
  breaker_rig rig{touchy(), {.ready_to_trip = true, .open_time = true}};
  rig.fail();
  EXPECT_EQ(rig.now_in(), state::closed);
  rig.tell(input::trip_verdict{rig.data().epoch, std::nullopt}); // it threw
  EXPECT_EQ(rig.now_in(), state::open);
  EXPECT_EQ(rig.stats().trip_count, 1u);
  rig.advance(10s); // no answer about the open time either
  EXPECT_EQ(rig.now_in(), state::half_open);
}

TEST(known_faults, a_step_of_the_wall_clock_moves_nothing) {
  breaker_rig rig{touchy()};
  rig.trip();
  rig.advance(4s);
  auto before = rig.stats(wall_time{std::chrono::hours{500'000}});
  auto after = rig.stats(wall_time{std::chrono::hours{100'000}});
  EXPECT_EQ(before.retry_after, 6s);
  EXPECT_EQ(before.last_state_change - after.last_state_change,
            std::chrono::hours{400'000});
  // Apart from what is meant to be read as wall-clock time all is the same.
  for (auto* each : {&before, &after}) {
    each->last_state_change = {};
    each->last_failure_time.reset();
    for (auto& t : each->transitions)
      t.at = {};
  }
  EXPECT_EQ(before, after);
}

TEST(known_faults, failures_count_however_fast_they_are) {
  breaker_rig rig{{.failure_threshold = 3}};
  for (int i = 0; i < 3; ++i)
    rig.call(outcome::failure, 0ns);
  EXPECT_EQ(rig.now_in(), state::open);
}

TEST(known_faults, a_changed_threshold_does_not_forget) {
  breaker_rig rig{{.failure_threshold = 10}};
  rig.fail();
  rig.fail();
  rig.reconfigure({.failure_threshold = 3});
  rig.fail();
  EXPECT_EQ(rig.now_in(), state::open);
}

TEST(known_faults, everybody_can_say_why_it_opened) {
  breaker_rig rig{{.failure_threshold = 9, .window_size = 4}};
  rig.ok();
  rig.ok();
  rig.fail();
  rig.fail("connection refused");
  constexpr auto why = "2 of the last 4 calls failed (50.0%, threshold 50.0%), "
                       "last: connection refused";
  EXPECT_EQ(rig.stats().why, why);
  EXPECT_EQ(rig.stats().last_reason, reason::failure_rate);
  EXPECT_EQ(rig.stats().transitions.back().text, why);
  EXPECT_EQ(rig.last(event_kind::state_transition)->text, why);
  rig.reset();
  EXPECT_EQ(rig.stats().why, why); // still
}

TEST(known_faults, a_rejection_holds_no_memory) {
  breaker_rig rig{touchy()};
  rig.trip();
  EXPECT_FALSE(rig.acquire());
  EXPECT_EQ(rig.rejection().message().capacity(), std::string{}.capacity());
  EXPECT_EQ(rig.rejection().cause(), nullptr);
}

TEST(known_faults, two_breakers_on_one_call_do_not_starve_each_other) {
  breaker_rig outer{touchy(1)};
  breaker_rig inner{touchy(1)};
  outer.half_open();
  inner.half_open();
  const auto busy = inner.acquire().value(); // somebody else's
  for (int i = 0; i < 10; ++i) {
    const auto given = outer.acquire();
    ASSERT_TRUE(given);
    ASSERT_FALSE(inner.acquire());
    outer.report(*given, outcome::cancelled); // the call was not made
  }
  inner.report(busy);
  for (int i = 0; i < 2; ++i) {
    const auto first = outer.acquire().value();
    const auto second = inner.acquire();
    if (second)
      inner.report(*second);
    outer.report(first);
  }
  EXPECT_EQ(outer.now_in(), state::closed);
  EXPECT_EQ(inner.now_in(), state::closed);
}

} // namespace

} // namespace switchgear
