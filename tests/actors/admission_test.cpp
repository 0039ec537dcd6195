/// Permits taken by hand: each ends once, whatever becomes of its owner.

#include <gtest/gtest.h>

#include <optional>
#include <utility>
#include <vector>

#include "support/breaker_printing.hpp"
#include "support/breakers.hpp"

using namespace std::chrono_literals;

namespace switchgear::test {

namespace {

const failure refused{errc::operation_failed, "refused"};

class admissions : public testing::Test {
public:
  admission acquire() {
    auto got = db.acquire();
    EXPECT_TRUE(got) << got.error().to_string();
    return std::move(got.value());
  }

  statistics stats() {
    return db.stats().value();
  }

  /// Half-open, with two probes.
  void probe() {
    ASSERT_TRUE(db.reconfigure([] {
      auto cfg = probes_at_once(2);
      cfg.success_threshold = 100;
      return cfg;
    }()));
    ASSERT_TRUE(db.force_open());
    ASSERT_TRUE(eventually([&] { return db.state() == state::half_open; }));
  }

  runtime rt;
  breaker db = rt.breaker("db", trips_after(2));
};

TEST_F(admissions, that_succeed) {
  acquire().succeed();
  EXPECT_EQ(stats().total_successes, 1u);
}

TEST_F(admissions, that_fail) {
  acquire().fail(refused);
  EXPECT_EQ(stats().total_failures, 1u);
  EXPECT_EQ(stats().last_failure, "refused");
  acquire().fail(refused);
  EXPECT_EQ(db.state(), state::open);
}

TEST_F(admissions, that_are_ignored) {
  acquire().ignore();
  EXPECT_EQ(stats().total_ignored, 1u);
  EXPECT_EQ(stats().total_calls, 0u);
}

TEST_F(admissions, that_are_cancelled) {
  acquire().cancel();
  EXPECT_EQ(stats().total_cancelled, 1u);
  EXPECT_EQ(stats().total_calls, 0u);
}

TEST_F(admissions, that_are_dropped_are_cancelled) {
  static_cast<void>(acquire());
  EXPECT_EQ(stats().total_cancelled, 1u);
}

TEST_F(admissions, end_once) {
  auto a = acquire();
  a.succeed();
  a.fail(refused);
  a.fail(refused);
  a.ignore();
  a.cancel();
  const auto s = stats();
  EXPECT_EQ(s.total_successes, 1u);
  EXPECT_EQ(s.total_failures + s.total_ignored + s.total_cancelled, 0u);
}

TEST_F(admissions, that_are_moved_end_where_they_went) {
  auto from = acquire();
  auto to = std::move(from);
  from.fail(refused); // holds nothing any more
  EXPECT_EQ(stats().total_failures, 0u);
  to.succeed();
  EXPECT_EQ(stats().total_successes, 1u);
  EXPECT_EQ(stats().total_cancelled, 0u);
}

TEST_F(admissions, that_are_assigned_over_are_cancelled) {
  auto first = acquire();
  auto second = acquire();
  first = std::move(second);
  EXPECT_EQ(stats().total_cancelled, 1u);
  first.succeed();
  EXPECT_EQ(stats().total_successes, 1u);
}

TEST_F(admissions, may_be_assigned_to_themselves) {
  auto a = acquire();
  auto& same = a;
  a = std::move(same);
  a.succeed();
  EXPECT_EQ(stats().total_successes, 1u);
  EXPECT_EQ(stats().total_cancelled, 0u);
}

TEST_F(admissions, measure_the_time_that_the_call_takes) {
  auto a = acquire();
  eventually([end = clock::now() + 2ms] { return clock::now() >= end; });
  a.succeed();
  EXPECT_GE(stats().avg_latency, 2ms);
}

TEST_F(admissions, are_refused_when_open) {
  ASSERT_TRUE(db.force_open());
  auto got = db.acquire();
  ASSERT_FALSE(got);
  EXPECT_EQ(got.error(), errc::circuit_open);
  EXPECT_GT(got.error().retry_after(), 59s);
  EXPECT_LE(got.error().retry_after(), 60s);
}

TEST_F(admissions, are_so_many_when_half_open) {
  probe();
  auto first = acquire();
  auto second = acquire();
  EXPECT_TRUE(first.permit().is_probe());
  EXPECT_NE(first.permit(), second.permit());
  EXPECT_EQ(db.acquire().error(), errc::too_many_probes);
  EXPECT_EQ(stats().probes_out, 2u);
}

TEST_F(admissions, come_back_however_a_probe_ends) {
  probe();
  for (int round = 0; round < 10; ++round) {
    auto first = acquire();
    auto second = acquire();
    ASSERT_EQ(db.acquire().error(), errc::too_many_probes);
    first.succeed();
    auto third = acquire(); // at once, on this thread
    second.ignore();
    auto fourth = acquire();
    third.cancel();
    {
      auto fifth = acquire();
      ASSERT_EQ(db.acquire().error(), errc::too_many_probes);
    }
    auto sixth = acquire();
    auto seventh = std::move(sixth);
    ASSERT_EQ(db.acquire().error(), errc::too_many_probes);
    fourth = std::move(seventh);
    acquire().succeed();
    fourth.cancel();
    EXPECT_EQ(stats().probes_out, 0u);
  }
  EXPECT_EQ(db.state(), state::half_open);
}

TEST_F(admissions, of_a_probe_that_is_given_back_twice_count_once) {
  probe();
  auto first = acquire();
  auto second = acquire();
  const auto id = first.permit();
  first.cancel();
  // The same permit again, by hand.
  db.core()->end({.of = id}, outcome::cancelled);
  db.core()->end({.of = id}, outcome::failure, {}, "again");
  EXPECT_EQ(db.state(), state::half_open);
  auto third = acquire();
  EXPECT_EQ(db.acquire().error(), errc::too_many_probes);
  EXPECT_EQ(stats().total_cancelled, 1u);
}

TEST_F(admissions, whose_result_comes_in_a_later_epoch_count_as_late) {
  std::vector<admission> old;
  for (int i = 0; i < 4; ++i)
    old.push_back(acquire());
  probe();
  old[0].succeed();
  old[1].fail(refused);
  old[2].ignore();
  old[3].cancel();
  const auto s = stats();
  EXPECT_EQ(s.total_late, 4u);
  EXPECT_EQ(s.total_successes, 1u);
  EXPECT_EQ(s.total_failures, 1u);
  EXPECT_EQ(s.total_ignored, 1u);
  EXPECT_EQ(s.total_cancelled, 1u);
  EXPECT_EQ(s.consecutive_failures, 0u);
  EXPECT_EQ(db.state(), state::half_open);
}

TEST_F(admissions, of_a_probe_that_fails_late_leave_the_next_round_alone) {
  probe();
  auto slow = acquire();
  acquire().fail(refused); // re-opens
  ASSERT_TRUE(eventually([&] { return db.state() == state::half_open; }));
  slow.fail(refused);
  EXPECT_EQ(db.state(), state::half_open);
  EXPECT_EQ(stats().total_late, 1u);
  auto one = acquire();
  auto two = acquire();
}

TEST_F(admissions, of_a_probe_that_hangs_are_lost_when_the_lease_is_over) {
  auto cfg = probes_at_once();
  cfg.probe_lease = 5ms;
  cfg.success_threshold = 1;
  auto hung = rt.breaker("hung", cfg);
  EXPECT_FALSE(hung.call(broken));
  ASSERT_TRUE(eventually([&] { return hung.state() == state::half_open; }));
  auto probe = hung.acquire();
  ASSERT_TRUE(probe);
  ASSERT_TRUE(eventually(
    [&] { return hung.stats()->last_reason == reason::probe_lost
                 || hung.stats()->trip_count >= 2; }));
  // Nobody had to give anything back.
  EXPECT_TRUE(eventually([&] { return hung.call(fine).has_value(); }));
  EXPECT_EQ(hung.state(), state::closed);
  const auto late = hung.stats()->total_late; // on a slow machine not only it
  probe->fail(refused);
  EXPECT_EQ(hung.state(), state::closed);
  EXPECT_EQ(hung.stats()->total_late, late + 1);
}

} // namespace

} // namespace switchgear::test
