#include <gtest/gtest.h>

#include "support/breaker_printing.hpp"
#include "support/breaker_rig.hpp"

using namespace std::chrono_literals;

namespace switchgear {

namespace {

using test::breaker_rig;

constexpr auto open_time = 10s;
constexpr auto lease = 4s;

config probing(std::uint32_t probes, std::uint32_t successes) {
  return {.failure_threshold = 1,
          .open_timeout = open_time,
          .half_open_max_calls = probes,
          .success_threshold = successes,
          .probe_lease = lease};
}

// -- admission ----------------------------------------------------------------

TEST(half_open, lends_no_more_probes_than_allowed) {
  breaker_rig rig{probing(2, 9)};
  rig.half_open();
  const auto a = rig.acquire().value();
  const auto b = rig.acquire().value();
  EXPECT_TRUE(a.is_probe());
  EXPECT_NE(a.lease, b.lease);
  rig.advance(1s);
  EXPECT_FALSE(rig.acquire());
  EXPECT_EQ(rig.rejection(), errc::too_many_probes);
  EXPECT_EQ(rig.rejection().retry_after(), lease - 1s);
  EXPECT_EQ(rig.stats().total_rejected, 1u);
  EXPECT_EQ(rig.stats().probes_out, 2u);
  EXPECT_EQ(rig.stats().probes_allowed, 2u);
}

TEST(half_open, each_result_gives_a_permit_back) {
  for (auto how : {outcome::success, outcome::ignored, outcome::cancelled}) {
    breaker_rig rig{probing(1, 9)};
    rig.half_open();
    for (int i = 0; i < 5; ++i) {
      const auto given = rig.acquire();
      ASSERT_TRUE(given);
      EXPECT_FALSE(rig.acquire());
      rig.report(*given, how);
      EXPECT_EQ(rig.data().probes_ended, static_cast<std::uint64_t>(i + 1));
    }
  }
}

// -- judgement ----------------------------------------------------------------

TEST(half_open, closes_after_enough_successes_in_a_row) {
  breaker_rig rig{probing(1, 3)};
  rig.half_open();
  rig.ok();
  rig.ok();
  EXPECT_EQ(rig.now_in(), state::half_open);
  EXPECT_EQ(rig.stats().consecutive_successes, 2u);
  rig.ok();
  EXPECT_EQ(rig.now_in(), state::closed);
  EXPECT_EQ(rig.data().why, reason::recovered);
  EXPECT_EQ(rig.data().period, counts{});
  EXPECT_EQ(rig.stats().window, "");
  EXPECT_EQ(rig.stats().recoveries, 1u);
}

TEST(half_open, opens_with_the_first_failure) {
  breaker_rig rig{probing(3, 3)};
  rig.half_open().ok();
  rig.fail("still down");
  EXPECT_EQ(rig.now_in(), state::open);
  EXPECT_EQ(rig.data().why, reason::probe_failed);
  EXPECT_EQ(rig.stats().why, "a probe failed, last: still down");
  EXPECT_EQ(rig.stats().trip_count, 2u);
  EXPECT_EQ(rig.stats().consecutive_failures, 1u);
  EXPECT_EQ(rig.stats().consecutive_successes, 0u);
}

TEST(half_open, successes_of_an_earlier_attempt_do_not_count) {
  breaker_rig rig{probing(3, 2)};
  rig.half_open().ok();
  rig.fail();
  rig.half_open().ok();
  EXPECT_EQ(rig.now_in(), state::half_open);
}

TEST(half_open, a_timed_out_probe_failed) {
  breaker_rig rig{probing(3, 2)};
  rig.half_open().call(outcome::timeout);
  EXPECT_EQ(rig.data().why, reason::probe_failed);
}

TEST(half_open, a_timed_out_probe_says_nothing_if_so_configured) {
  auto cfg = probing(1, 2);
  cfg.count_timeout_as_failure = false;
  breaker_rig rig{cfg};
  rig.half_open().call(outcome::timeout);
  EXPECT_EQ(rig.now_in(), state::half_open);
  EXPECT_TRUE(rig.acquire()); // its permit is back
}

TEST(half_open, a_slow_probe_opens_although_it_succeeded) {
  auto cfg = probing(3, 1);
  cfg.slow_call_duration = 100ms;
  breaker_rig rig{cfg};
  rig.half_open().call(outcome::success, 100ms);
  EXPECT_EQ(rig.now_in(), state::open);
  EXPECT_EQ(rig.data().why, reason::probe_slow);
  EXPECT_EQ(rig.stats().total_successes, 1u);
  rig.half_open().call(outcome::success, 99ms);
  EXPECT_EQ(rig.now_in(), state::closed);
}

// -- leases -------------------------------------------------------------------

TEST(half_open, a_probe_that_never_returns_is_a_failure_when_its_lease_ends) {
  breaker_rig rig{probing(1, 1)};
  rig.half_open().acquire();
  rig.advance(lease - 1ns);
  EXPECT_EQ(rig.now_in(), state::half_open);
  rig.advance(1ns);
  EXPECT_EQ(rig.now_in(), state::open);
  EXPECT_EQ(rig.data().why, reason::probe_lost);
  EXPECT_EQ(rig.stats().total_failures, 2u);
  EXPECT_EQ(rig.stats().consecutive_failures, 1u);
  EXPECT_EQ(rig.stats().last_failure,
            "a probe did not return within its lease");
  EXPECT_EQ(rig.last(event_kind::call_failed)->text,
            "a probe did not return within its lease");
}

TEST(half_open, by_default_a_lease_is_as_long_as_the_open_time) {
  auto cfg = probing(1, 1);
  cfg.probe_lease = 0s;
  breaker_rig rig{cfg};
  rig.half_open().acquire();
  rig.advance(open_time - 1ns);
  EXPECT_EQ(rig.now_in(), state::half_open);
  rig.advance(1ns);
  EXPECT_EQ(rig.now_in(), state::open);
}

TEST(half_open, each_probe_has_a_lease_of_its_own) {
  breaker_rig rig{probing(3, 9)};
  const auto first = rig.half_open().acquire().value();
  rig.advance(3s);
  rig.acquire();
  rig.report(first);
  rig.advance(lease - 1ns);
  EXPECT_EQ(rig.now_in(), state::half_open);
  rig.advance(1ns);
  EXPECT_EQ(rig.now_in(), state::open);
}

TEST(half_open, leases_that_end_together_are_all_counted) {
  breaker_rig rig{probing(3, 9)};
  rig.half_open();
  rig.acquire();
  rig.acquire();
  rig.advance(1s);
  const auto third = rig.acquire().value();
  rig.advance(lease - 1s);
  EXPECT_EQ(rig.now_in(), state::open);
  EXPECT_EQ(rig.stats().total_failures, 3u);
  EXPECT_EQ(rig.stats().trip_count, 2u);
  rig.report(third); // its lease was not over
  EXPECT_EQ(rig.stats().total_successes, 1u);
}

TEST(half_open, without_a_probe_out_no_lease_runs) {
  breaker_rig rig{probing(3, 9)};
  rig.half_open();
  EXPECT_FALSE(rig.lease_timer_runs());
  const auto given = rig.acquire().value();
  EXPECT_TRUE(rig.lease_timer_runs());
  rig.report(given);
  EXPECT_FALSE(rig.lease_timer_runs());
}

TEST(half_open, no_lease_outlives_the_state) {
  for (auto leave : {&breaker_rig::reset, &breaker_rig::force_open}) {
    breaker_rig rig{probing(3, 9)};
    rig.half_open().acquire();
    (rig.*leave)();
    EXPECT_FALSE(rig.lease_timer_runs());
  }
}

TEST(half_open, a_shorter_lease_given_later_ends_first) {
  auto cfg = probing(3, 9);
  breaker_rig rig{cfg};
  rig.half_open().acquire(); // 4 s
  cfg.probe_lease = 1s;
  rig.reconfigure(cfg);
  rig.acquire(); // 1 s
  rig.advance(1s);
  EXPECT_EQ(rig.now_in(), state::open);
}

TEST(half_open, a_lease_timer_that_fires_early_is_set_again) {
  breaker_rig rig{probing(1, 1)};
  rig.half_open().acquire();
  // As if a coarse clock had woken the driver too soon.
  for (const auto& each : std::vector{rig.machine().timers()})
    rig.machine().expire(each.ref, rig.now());
  EXPECT_EQ(rig.now_in(), state::half_open);
  EXPECT_TRUE(rig.lease_timer_runs());
}

// -- probes taken at the gate -------------------------------------------------

TEST(half_open, a_probe_taken_at_the_gate_is_like_one_that_was_asked_for) {
  breaker_rig rig{probing(3, 9)};
  rig.half_open();
  const permit taken{rig.data().epoch, 7};
  rig.tell(input::probe_taken{taken});
  EXPECT_EQ(rig.stats().probes_out, 1u);
  EXPECT_EQ(rig.acquire()->lease, 8u); // never the same twice
  rig.report(taken);
  EXPECT_EQ(rig.stats().consecutive_successes, 1u);
  EXPECT_EQ(rig.stats().probes_out, 1u);
}

TEST(half_open, a_probe_taken_in_an_epoch_that_is_over_is_late_and_counted) {
  breaker_rig rig{probing(1, 1)};
  rig.half_open();
  const permit taken{rig.data().epoch, 1};
  rig.force_open(); // before we hear of it
  rig.half_open();
  rig.tell(input::probe_taken{taken});
  EXPECT_EQ(rig.stats().probes_out, 0u);
  rig.report(taken);
  EXPECT_EQ(rig.now_in(), state::half_open);
  EXPECT_EQ(rig.stats().total_successes, 1u);
  EXPECT_EQ(rig.stats().total_late, 1u);
}

} // namespace

} // namespace switchgear
