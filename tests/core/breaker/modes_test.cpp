/// Every mode from every state and every other mode.

#include <gtest/gtest.h>

#include <ostream>

#include "support/breaker_printing.hpp"
#include "support/breaker_rig.hpp"

using namespace std::chrono_literals;

namespace switchgear {

namespace {

using test::breaker_rig;

config touchy() {
  return {.failure_threshold = 2, .open_timeout = 10s, .success_threshold = 1};
}

// -- changes of mode ----------------------------------------------------------

// A mode and a state that go together.
struct place {
  mode run;
  state in;

  friend bool operator==(const place&, const place&) = default;
};

void PrintTo(const place& x, std::ostream* out) {
  *out << to_string(x.run) << '/' << to_string(x.in);
}

place where(breaker_rig& rig) {
  return {rig.data().mode, rig.now_in()};
}

constexpr place places[] = {
  {mode::automatic, state::closed},       {mode::automatic, state::open},
  {mode::automatic, state::half_open},    {mode::isolated, state::open},
  {mode::forced_closed, state::closed},   {mode::disabled, state::closed},
  {mode::metrics_only, state::closed},    {mode::metrics_only, state::open},
  {mode::metrics_only, state::half_open},
};

void go_to(breaker_rig& rig, const place& target) {
  if (target.in == state::open && target.run != mode::isolated)
    rig.trip();
  else if (target.in == state::half_open)
    rig.half_open();
  rig.set_mode(target.run);
  ASSERT_EQ(where(rig), target);
}

// What setting a mode there leads to.
place expected(const place& from, mode to) {
  if (to == from.run)
    return from;
  switch (to) {
    case mode::isolated:
      return {to, state::open};
    case mode::forced_closed:
    case mode::disabled:
      return {to, state::closed};
    default:
      return {to, from.run == mode::isolated ? state::half_open : from.in};
  }
}

TEST(modes, lead_from_everywhere_to_where_they_should) {
  for (const auto& from : places) {
    for (auto to : {mode::automatic, mode::isolated, mode::forced_closed,
                    mode::disabled, mode::metrics_only}) {
      breaker_rig rig{touchy()};
      go_to(rig, from);
      const auto epoch = rig.data().epoch;
      rig.take_events();
      const auto asked = rig.ask(input::set_mode{to});
      const auto now = where(rig);
      EXPECT_EQ(now, expected(from, to));
      EXPECT_EQ(rig.events().back().mode, to);
      EXPECT_TRUE(rig.answered(asked));
      std::vector<std::string> told;
      if (to != from.run)
        told.push_back("mode_changed");
      if (now.in != from.in)
        told.push_back("state_transition");
      EXPECT_EQ(rig.take_events(), told);
      EXPECT_EQ(rig.data().epoch, epoch + (now.in != from.in));
    }
  }
}

TEST(modes, end_with_a_reset_that_is_told_of) {
  for (const auto& from : places) {
    breaker_rig rig{touchy()};
    go_to(rig, from);
    rig.take_events();
    rig.reset();
    EXPECT_EQ(where(rig), (place{mode::automatic, state::closed}));
    std::vector<std::string> told;
    if (from.run != mode::automatic)
      told.push_back("mode_changed");
    if (from.in != state::closed)
      told.push_back("state_transition");
    EXPECT_EQ(rig.take_events(), told);
  }
}

TEST(modes, end_with_a_forced_opening_but_for_those_that_can_be_open) {
  for (const auto& from : places) {
    breaker_rig rig{touchy()};
    go_to(rig, from);
    rig.force_open();
    const bool stays
      = from.run == mode::metrics_only || from.run == mode::isolated;
    EXPECT_EQ(where(rig),
              (place{stays ? from.run : mode::automatic, state::open}));
  }
}

// -- isolated -----------------------------------------------------------------

TEST(modes, isolated_stays_open_whatever_happens) {
  for (const auto& from : places) {
    breaker_rig rig{touchy()};
    go_to(rig, from);
    rig.set_mode(mode::isolated);
    rig.advance(24h * 60);
    EXPECT_FALSE(rig.acquire());
    EXPECT_EQ(rig.rejection(), errc::circuit_open);
    EXPECT_EQ(rig.rejection().retry_after(), 0ns); // nobody knows
    rig.force_open();
    rig.advance(24h * 60);
    EXPECT_EQ(where(rig), (place{mode::isolated, state::open}));
    EXPECT_EQ(rig.stats().retry_after, 0ns);
  }
}

TEST(modes, isolation_is_no_trip) {
  breaker_rig rig{touchy()};
  rig.set_mode(mode::isolated);
  EXPECT_EQ(rig.stats().trip_count, 0u);
  EXPECT_EQ(rig.stats().why, "");
  EXPECT_EQ(rig.stats().last_reason, reason::isolated);
  EXPECT_EQ(rig.last(event_kind::state_transition)->text, "");
}

TEST(modes, released_from_isolation_it_probes) {
  breaker_rig rig{touchy()};
  rig.set_mode(mode::isolated);
  rig.set_mode(mode::automatic);
  EXPECT_EQ(rig.data().why, reason::released);
  rig.ok();
  EXPECT_EQ(rig.now_in(), state::closed);
  EXPECT_EQ(rig.stats().recoveries, 0u); // it never tripped
}

// -- forced_closed and disabled -----------------------------------------------

TEST(modes, forced_closed_counts_but_never_trips) {
  auto cfg = touchy();
  cfg.slow_call_duration = 1ms;
  breaker_rig rig{cfg};
  rig.set_mode(mode::forced_closed);
  for (int i = 0; i < 30; ++i) {
    rig.fail();
    rig.call(outcome::timeout, 1ms);
    rig.call(outcome::success, 1ms);
    rig.fail();
  }
  EXPECT_EQ(rig.now_in(), state::closed);
  EXPECT_EQ(rig.stats().window_calls, 10u);
  EXPECT_EQ(rig.stats().total_failures, 90u);
  // What it has counted counts once it may trip again.
  rig.set_mode(mode::automatic);
  EXPECT_EQ(rig.now_in(), state::closed);
  rig.fail();
  EXPECT_EQ(rig.now_in(), state::open);
}

TEST(modes, disabled_counts_towards_totals_only) {
  breaker_rig rig{touchy()};
  rig.set_mode(mode::disabled);
  for (int i = 0; i < 30; ++i)
    rig.fail();
  EXPECT_EQ(rig.now_in(), state::closed);
  EXPECT_EQ(rig.stats().total_failures, 30u);
  EXPECT_EQ(rig.stats().window, "");
  EXPECT_EQ(rig.stats().consecutive_failures, 0u);
  rig.set_mode(mode::automatic);
  rig.fail();
  EXPECT_EQ(rig.now_in(), state::closed);
}

// -- metrics_only -------------------------------------------------------------

TEST(modes, metrics_only_changes_state_and_rejects_nothing) {
  breaker_rig rig{touchy()};
  rig.set_mode(mode::metrics_only);
  rig.trip();
  for (int i = 0; i < 3; ++i)
    EXPECT_TRUE(rig.ok());
  EXPECT_EQ(rig.stats().total_would_reject, 3u);
  EXPECT_EQ(rig.stats().total_rejected, 0u);
  EXPECT_EQ(rig.stats().total_successes, 3u);
  EXPECT_EQ(rig.now_in(), state::open); // probes decide, not these

  rig.half_open();
  const auto a = rig.acquire().value();
  const auto b = rig.acquire().value();
  const auto c = rig.acquire().value();
  const auto d = rig.acquire().value();
  EXPECT_TRUE(a.is_probe() && b.is_probe() && c.is_probe());
  EXPECT_FALSE(d.is_probe());
  rig.report(d, outcome::failure);
  EXPECT_EQ(rig.now_in(), state::half_open);
  EXPECT_EQ(rig.stats().total_would_reject, 4u);
  rig.report(a, outcome::success);
  EXPECT_EQ(rig.now_in(), state::closed);
  EXPECT_EQ(rig.data().mode, mode::metrics_only);
}

} // namespace

} // namespace switchgear
