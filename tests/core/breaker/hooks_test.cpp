/// What is left to the user's functions: the machine asks and goes on, the
/// answer is an event like any other, and may come late or never.

#include <gtest/gtest.h>

#include "support/breaker_printing.hpp"
#include "support/breaker_rig.hpp"

using namespace std::chrono_literals;

namespace switchgear {

namespace {

using test::breaker_rig;

constexpr breaker_rig::hooked asking_to_trip{.ready_to_trip = true,
                                             .open_time = false};
constexpr breaker_rig::hooked asking_for_open_time{.ready_to_trip = false,
                                                   .open_time = true};

config touchy() {
  return {.failure_threshold = 2, .open_timeout = 10s, .success_threshold = 1};
}

// -- ready_to_trip ------------------------------------------------------------

// Reports a failure whose caller waits for the verdict.
statem::caller fail(breaker_rig& rig) {
  const auto given = rig.acquire().value();
  return rig.ask(input::report{
    .of = given, .how = outcome::failure, .error = "broken"});
}

void answer(breaker_rig& rig, std::optional<bool> trip) {
  rig.tell(input::trip_verdict{rig.asked_to_trip.back().epoch, trip});
}

TEST(ready_to_trip, replaces_the_rules) {
  breaker_rig rig{touchy(), asking_to_trip};
  for (int i = 0; i < 20; ++i) {
    const auto who = fail(rig);
    EXPECT_FALSE(rig.answered(who));
    answer(rig, false);
    EXPECT_TRUE(rig.answered(who));
  }
  EXPECT_EQ(rig.now_in(), state::closed);
  const auto who = fail(rig);
  answer(rig, true);
  EXPECT_TRUE(rig.answered(who));
  EXPECT_EQ(rig.now_in(), state::open);
  EXPECT_EQ(rig.data().why, reason::ready_to_trip);
  EXPECT_EQ(rig.stats().why, "ready_to_trip said so, last: broken");
}

TEST(ready_to_trip, is_told_what_happened_in_closed) {
  breaker_rig rig{touchy(), asking_to_trip};
  rig.ok();
  rig.ok();
  fail(rig);
  ASSERT_EQ(rig.asked_to_trip.size(), 1u); // not after successes
  EXPECT_EQ(rig.asked_to_trip[0].epoch, 1u);
  EXPECT_EQ(rig.asked_to_trip[0].about, (counts{.requests = 3,
                                                .total_successes = 2,
                                                .total_failures = 1,
                                                .consecutive_successes = 0,
                                                .consecutive_failures = 1}));
}

TEST(ready_to_trip, that_throws_leaves_it_to_the_rules) {
  breaker_rig rig{touchy(), asking_to_trip};
  fail(rig);
  answer(rig, std::nullopt);
  EXPECT_EQ(rig.now_in(), state::closed);
  fail(rig);
  answer(rig, std::nullopt);
  EXPECT_EQ(rig.data().why, reason::consecutive_failures);
}

TEST(ready_to_trip, is_not_asked_by_a_breaker_without_it) {
  breaker_rig rig{touchy()};
  rig.fail();
  EXPECT_TRUE(rig.asked_to_trip.empty());
}

TEST(ready_to_trip, is_not_asked_where_nothing_can_trip) {
  for (auto without : {mode::forced_closed, mode::disabled}) {
    breaker_rig rig{touchy(), asking_to_trip};
    rig.set_mode(without);
    EXPECT_TRUE(rig.answered(fail(rig)));
    EXPECT_TRUE(rig.asked_to_trip.empty());
  }
}

struct interruption {
  const char* name;
  void (*happens)(breaker_rig&);
};

constexpr interruption interruptions[] = {
  {"reset", [](breaker_rig& rig) { rig.reset(); }},
  {"force_open", [](breaker_rig& rig) { rig.force_open(); }},
  {"half_open",
   [](breaker_rig& rig) {
     rig.force_open();
     rig.advance(10s);
   }},
  {"closed again",
   [](breaker_rig& rig) {
     rig.force_open();
     rig.advance(10s);
     rig.ok();
   }},
  {"isolated", [](breaker_rig& rig) { rig.set_mode(mode::isolated); }},
  {"forced_closed",
   [](breaker_rig& rig) { rig.set_mode(mode::forced_closed); }},
  {"disabled", [](breaker_rig& rig) { rig.set_mode(mode::disabled); }},
};

TEST(ready_to_trip, verdict_that_comes_too_late_only_lets_callers_go) {
  for (const auto& [name, happens] : interruptions) {
    for (std::optional<bool> verdict : {std::optional{true}, {false}, {}}) {
      SCOPED_TRACE(name);
      breaker_rig rig{touchy(), asking_to_trip};
      const auto first = fail(rig);
      const auto second = fail(rig);
      happens(rig);
      const auto before = rig.now_in();
      const auto epoch = rig.data().epoch;
      answer(rig, verdict);
      EXPECT_EQ(rig.now_in(), before);
      EXPECT_EQ(rig.data().epoch, epoch);
      EXPECT_TRUE(rig.answered(first));
      EXPECT_TRUE(rig.answered(second));
      EXPECT_TRUE(rig.data().undecided.empty());
    }
  }
}

TEST(ready_to_trip, verdict_for_results_that_nobody_waits_for_is_no_different) {
  breaker_rig rig{touchy(), asking_to_trip};
  const auto given = rig.acquire().value();
  rig.tell(input::report{
    .of = given, .how = outcome::failure, .error = "broken"});
  EXPECT_TRUE(rig.data().undecided.empty());
  answer(rig, true);
  EXPECT_EQ(rig.now_in(), state::open);
}

TEST(ready_to_trip, forgets_who_waited_in_an_actor_that_is_gone) {
  breaker_rig rig{touchy(), asking_to_trip};
  fail(rig);
  rig.tell(input::restarted{});
  EXPECT_TRUE(rig.data().undecided.empty());
  answer(rig, true); // still a verdict
  EXPECT_EQ(rig.now_in(), state::open);
}

// -- open_time ----------------------------------------------------------------

void answer_with(breaker_rig& rig, duration time) {
  rig.tell(
    input::open_time_verdict{rig.asked_for_open_time.back().epoch, time});
}

TEST(open_time_hook, is_asked_once_for_each_trip_and_told_why) {
  breaker_rig rig{touchy(), asking_for_open_time};
  rig.fail("first");
  rig.fail("second");
  ASSERT_EQ(rig.asked_for_open_time.size(), 1u);
  const auto& cause = rig.asked_for_open_time[0].about;
  EXPECT_EQ(cause.why, reason::consecutive_failures);
  EXPECT_EQ(cause.last_failure, "second");
  EXPECT_EQ(cause.consecutive_failures, 2u);
  EXPECT_EQ(cause.window_calls, 2u);
  EXPECT_EQ(cause.window_failures, 2u);
  EXPECT_EQ(cause.trips_in_a_row, 1u);
  rig.half_open().fail();
  ASSERT_EQ(rig.asked_for_open_time.size(), 2u);
  EXPECT_EQ(rig.asked_for_open_time[1].about.trips_in_a_row, 2u);
}

TEST(open_time_hook, decides_from_the_trip_on) {
  breaker_rig rig{touchy(), asking_for_open_time};
  rig.trip();
  rig.advance(1s); // it took its time
  answer_with(rig, 3s);
  EXPECT_EQ(rig.stats().retry_after, 2s);
  rig.advance(2s - 1ns);
  EXPECT_EQ(rig.now_in(), state::open);
  rig.advance(1ns);
  EXPECT_EQ(rig.now_in(), state::half_open);
}

TEST(open_time_hook, answer_that_is_over_already_ends_the_open_time_at_once) {
  breaker_rig rig{touchy(), asking_for_open_time};
  rig.trip();
  rig.advance(5s);
  answer_with(rig, 3s);
  EXPECT_EQ(rig.now_in(), state::half_open);
}

TEST(open_time_hook, without_an_answer_the_configured_time_holds) {
  breaker_rig rig{touchy(), asking_for_open_time};
  rig.trip();
  rig.advance(10s);
  EXPECT_EQ(rig.now_in(), state::half_open);
}

TEST(open_time_hook, answers_without_sense_change_nothing) {
  for (auto time :
       {duration{0s}, duration{-5s}, duration::min(), shortest_open - 1ns}) {
    breaker_rig rig{touchy(), asking_for_open_time};
    rig.trip();
    answer_with(rig, time);
    EXPECT_EQ(rig.stats().retry_after, 10s);
  }
}

TEST(open_time_hook, answer_without_end_is_cut_short) {
  breaker_rig rig{touchy(), asking_for_open_time};
  rig.trip();
  answer_with(rig, duration::max());
  EXPECT_EQ(rig.stats().retry_after, longest_open);
}

TEST(open_time_hook, answer_that_comes_too_late_changes_nothing) {
  for (auto happens :
       {+[](breaker_rig& rig) { rig.advance(10s); },
        +[](breaker_rig& rig) { rig.reset(); },
        +[](breaker_rig& rig) {
          rig.reset();
          rig.trip();
        },
        +[](breaker_rig& rig) { rig.set_mode(mode::isolated); }}) {
    breaker_rig rig{touchy(), asking_for_open_time};
    rig.trip();
    const auto epoch = rig.data().epoch;
    happens(rig);
    const auto before = rig.now_in();
    const auto until = rig.data().open_until;
    rig.tell(input::open_time_verdict{epoch, 1s});
    rig.advance(5s);
    EXPECT_EQ(rig.now_in(), before);
    EXPECT_EQ(rig.data().open_until, until);
  }
}

TEST(open_time_hook, is_not_asked_about_isolation) {
  breaker_rig rig{touchy(), asking_for_open_time};
  rig.set_mode(mode::isolated);
  EXPECT_TRUE(rig.asked_for_open_time.empty());
}

} // namespace

} // namespace switchgear
