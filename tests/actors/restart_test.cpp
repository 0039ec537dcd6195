/// A breaker's actor is killed: nothing is lost, nobody hangs.

#include <gtest/gtest.h>

#include <atomic>
#include <mutex>
#include <thread>
#include <vector>

#include <caf/exit_reason.hpp>
#include <caf/send.hpp>

#include "support/breaker_printing.hpp"
#include "support/breakers.hpp"
#include "support/hold.hpp"
#include "support/request.hpp"
#include "support/subscriber.hpp"
#include "switchgear/actor.hpp"

using namespace std::chrono_literals;

namespace switchgear::test {

namespace {

runtime_options many_restarts() {
  runtime_options options;
  options.restart_intensity = 1'000'000;
  return options;
}

class restarts : public testing::Test {
public:
  /// Kills the actor, and waits for the next one.
  void kill(const breaker& which) {
    const auto before = which.stats().value().restarts;
    ASSERT_TRUE(rt.kill(which.name()));
    ASSERT_TRUE(eventually(
      [&] { return which.stats().value().restarts == before + 1; }));
  }

  runtime rt{many_restarts()};
};

TEST_F(restarts, keep_everything) {
  auto cfg = trips_after(100);
  cfg.window_size = 7;
  cfg.failure_rate_threshold = 1.0;
  auto db = rt.breaker("db", cfg);
  for (int i = 0; i < 5; ++i)
    EXPECT_TRUE(db.call(fine));
  EXPECT_FALSE(db.call(broken));
  EXPECT_TRUE(db.call(fine));
  EXPECT_FALSE(db.call(broken));
  db.acquire()->ignore();
  db.acquire()->cancel();
  auto before = db.stats().value();
  EXPECT_EQ(before.window, "SSSSFSF");
  kill(db);
  auto after = db.stats().value();
  EXPECT_EQ(after.restarts, 1u);
  // What moves with time is no matter here.
  after.restarts = before.restarts;
  after.time_in_state = before.time_in_state;
  after.last_state_change = before.last_state_change;
  after.last_failure_time = before.last_failure_time;
  EXPECT_EQ(after, before);
}

TEST_F(restarts, leave_an_open_breaker_open_for_the_rest_of_its_time) {
  auto db = rt.breaker("db", trips_after(1));
  EXPECT_FALSE(db.call(broken));
  auto last = db.call(fine).error().retry_after();
  EXPECT_GT(last, 50s);
  for (int i = 0; i < 5; ++i) {
    kill(db);
    EXPECT_EQ(db.state(), state::open);
    const auto got = db.call(fine);
    ASSERT_FALSE(got);
    EXPECT_EQ(got.error(), errc::circuit_open);
    EXPECT_LT(got.error().retry_after(), last);
    EXPECT_GT(got.error().retry_after(), 30s);
    last = got.error().retry_after();
  }
}

TEST_F(restarts, let_an_open_breaker_probe_in_time) {
  auto cfg = trips_after(1);
  cfg.open_timeout = 30ms;
  auto db = rt.breaker("db", cfg);
  EXPECT_FALSE(db.call(broken));
  kill(db);
  EXPECT_TRUE(eventually([&] { return db.state() == state::half_open; }));
}

TEST_F(restarts, keep_modes_and_settings) {
  auto db = rt.breaker("db", trips_after(1));
  ASSERT_TRUE(db.reconfigure(trips_after(2)));
  ASSERT_TRUE(db.isolate());
  kill(db);
  EXPECT_EQ(db.mode(), mode::isolated);
  EXPECT_EQ(db.call(fine).error(), errc::circuit_open);
  ASSERT_TRUE(db.reset());
  EXPECT_FALSE(db.call(broken));
  EXPECT_EQ(db.state(), state::closed); // two failures, as reconfigured
}

TEST_F(restarts, keep_probes_and_their_leases) {
  auto db = rt.breaker("db", probes_at_once(2));
  EXPECT_FALSE(db.call(broken));
  ASSERT_TRUE(eventually([&] { return db.state() == state::half_open; }));
  auto first = db.acquire();
  auto second = db.acquire();
  ASSERT_TRUE(first && second);
  kill(db);
  EXPECT_EQ(db.stats()->probes_out, 2u);
  EXPECT_EQ(db.acquire().error(), errc::too_many_probes);
  first->succeed();
  EXPECT_EQ(db.stats()->probes_out, 1u);
  second->succeed();
  EXPECT_EQ(db.state(), state::closed);
  EXPECT_EQ(db.stats()->total_late, 0u);
}

TEST_F(restarts, count_the_call_that_was_under_way) {
  auto db = rt.breaker("db", trips_after(1));
  auto got = db.call([&]() -> int {
    kill(db);
    throw std::runtime_error{"after the restart"};
  });
  EXPECT_EQ(got.error(), errc::operation_failed);
  EXPECT_EQ(db.state(), state::open);
  EXPECT_EQ(db.stats()->last_failure, "std::runtime_error: after the restart");
}

TEST_F(restarts, answer_the_call_message_that_was_under_way) {
  hold tool;
  auto db = rt.breaker("db", trips_after(1));
  std::atomic<bool> answered{false};
  std::thread caller{[&] {
    answered = request<void>(rt.system(), db.actor(), call_v,
                             task{[door = tool.door()] { (*door)(); }})
                 .has_value();
  }};
  ASSERT_TRUE(tool.await_arrivals(1));
  kill(db);
  tool.release();
  caller.join();
  EXPECT_TRUE(answered);
  EXPECT_EQ(db.stats()->total_successes, 1u);
}

TEST_F(restarts, are_told_to_subscribers_without_a_gap) {
  subscriber log{rt.system()};
  auto db = rt.breaker("db", trips_after(1000));
  ASSERT_TRUE(
    request<void>(rt.system(), db.actor(), subscribe_v, log.handle()));
  for (int i = 0; i < 10; ++i) {
    EXPECT_FALSE(db.call(broken));
    kill(db);
  }
  ASSERT_TRUE(log.await(20));
  EXPECT_TRUE(log.contiguous());
  const auto told = log.kinds();
  for (std::size_t i = 0; i < 20; ++i)
    EXPECT_EQ(told[i], i % 2 == 0 ? event_kind::call_failed
                                  : event_kind::breaker_restarted);
}

TEST_F(restarts, do_not_make_anybody_hang) {
  auto db = rt.breaker("db", trips_after(1'000'000));
  std::atomic<bool> stop{false};
  std::atomic<std::uint64_t> calls{0};
  std::atomic<bool> slow{false};
  std::vector<std::thread> callers;
  for (int i = 0; i < 4; ++i)
    callers.emplace_back([&, i] {
      while (!stop) {
        const auto took = time_of([&] {
          EXPECT_EQ(db.call(i % 2 == 0 ? broken : +[] {}).has_value(),
                    i % 2 != 0);
        });
        // A result waits for the next actor, not for its patience to end.
        if (took > 900ms)
          slow = true;
        ++calls;
      }
    });
  for (int i = 0; i < 100; ++i) {
    ASSERT_TRUE(rt.kill("db"));
    ASSERT_TRUE(db.stats());
  }
  stop = true;
  for (auto& each : callers)
    each.join();
  EXPECT_FALSE(slow);
  const auto s = db.stats().value();
  EXPECT_EQ(s.total_successes + s.total_failures, calls);
  EXPECT_GT(s.restarts, 0u);
}

TEST_F(restarts, do_not_let_hooks_overlap) {
  hold stuck;
  std::atomic<int> inside{0};
  std::atomic<bool> overlapped{false};
  std::atomic<int> told{0};
  hooks user;
  user.on_state_change = [&, door = stuck.door()](std::string_view, state,
                                                  state) {
    if (++inside > 1)
      overlapped = true;
    (*door)();
    --inside;
    ++told;
  };
  auto db = rt.breaker("db", trips_after(1), std::move(user));
  ASSERT_TRUE(db.force_open());
  ASSERT_TRUE(stuck.await_arrivals(1));
  kill(db);
  ASSERT_TRUE(db.reset());
  ASSERT_TRUE(db.force_open());
  EXPECT_EQ(told, 0);
  stuck.release();
  EXPECT_TRUE(eventually([&] { return told == 3; }));
  EXPECT_FALSE(overlapped);
}

TEST_F(restarts, keep_the_count_of_dropped_events) {
  hold stuck;
  hooks user;
  user.on_state_change
    = [door = stuck.door()](std::string_view, state, state) { (*door)(); };
  auto db = rt.breaker("db", trips_after(1), std::move(user));
  for (int i = 0; i < 600; ++i) {
    ASSERT_TRUE(db.force_open());
    ASSERT_TRUE(db.reset());
  }
  const auto before = db.stats()->events_dropped;
  EXPECT_GT(before, 0u);
  kill(db);
  EXPECT_EQ(db.stats()->events_dropped, before);
  stuck.release();
}

TEST_F(restarts, follow_upon_any_end_that_is_not_orderly) {
  auto db = rt.breaker("db", trips_after(1));
  EXPECT_FALSE(db.call(broken));
  caf::anon_send_exit(db.actor(), caf::exit_reason::remote_link_unreachable);
  ASSERT_TRUE(eventually([&] { return db.stats()->restarts == 1; }));
  EXPECT_EQ(db.state(), state::open);
  EXPECT_EQ(db.stats()->total_failures, 1u);
}

TEST_F(restarts, do_not_follow_upon_the_normal_end_of_others) {
  auto db = rt.breaker("db", trips_after(1));
  caf::anon_send_exit(db.actor(), caf::exit_reason::normal);
  EXPECT_TRUE(db.call(fine));
  EXPECT_EQ(db.stats()->restarts, 0u);
  EXPECT_EQ(db.stats()->total_successes, 1u);
}

TEST_F(restarts, concern_no_other_breaker) {
  auto db = rt.breaker("db", trips_after(1));
  auto other = rt.breaker("other", trips_after(1));
  kill(db);
  EXPECT_EQ(other.stats()->restarts, 0u);
}

} // namespace

} // namespace switchgear::test
