/// What callers of real breakers get from counting for themselves.

#include <gtest/gtest.h>

#include <caf/event_based_actor.hpp>

#include <atomic>
#include <chrono>
#include <future>
#include <memory>
#include <thread>
#include <vector>

#include "support/allocation_count.hpp"
#include "support/breaker_printing.hpp"
#include "support/breakers.hpp"
#include "support/request.hpp"
#include "switchgear/actor.hpp"

using namespace std::chrono_literals;

namespace switchgear::test {

namespace {

class lane_calls : public testing::Test {
public:
  runtime rt;
};

TEST_F(lane_calls, are_counted_without_a_message) {
  auto db = rt.breaker("db", trips_after(3));
  ASSERT_TRUE(db.await(state::closed, 10s));
  db.call(fine);
  const auto before = allocations();
  for (int i = 0; i < 1000; ++i)
    db.call(fine);
  EXPECT_EQ(allocations(), before);
  const auto s = db.stats().value();
  EXPECT_EQ(s.total_successes, 1001u);
  EXPECT_EQ(s.consecutive_successes, 1001u);
  EXPECT_EQ(s.calls_under_way, 0u);
  EXPECT_GT(s.avg_latency, 0s);
}

TEST_F(lane_calls, outlive_the_actor_that_would_have_counted_them) {
  auto db = rt.breaker("db", trips_after(3));
  for (int i = 0; i < 20; ++i) {
    db.call(fine);
    EXPECT_FALSE(db.call(broken));
    ASSERT_TRUE(rt.kill("db"));
    db.call(fine);
  }
  const auto s = db.stats().value();
  EXPECT_EQ(s.total_successes, 40u);
  EXPECT_EQ(s.total_failures, 20u);
  EXPECT_EQ(s.state, state::closed);
}

// An actor's call does not go through the mailbox of any other one.
TEST_F(lane_calls, are_made_by_actors_as_by_threads) {
  auto db = rt.breaker("db", trips_after(3));
  auto done = std::make_shared<std::promise<int>>();
  auto got = done->get_future();
  rt.system().spawn([db, done](caf::event_based_actor*) mutable {
    const auto value = db.call(fine).value();
    // On a thread of the scheduler's it waits for a few milliseconds only: the
    // breaker's actor may need this very thread.
    for (int i = 0; i < 3; ++i)
      static_cast<void>(db.call(broken));
    done->set_value(value);
  });
  ASSERT_EQ(got.wait_for(60s), std::future_status::ready);
  EXPECT_EQ(got.get(), 7);
  EXPECT_TRUE(db.await(state::open, 60s));
  const auto s = db.stats().value();
  EXPECT_EQ(s.total_successes, 1u);
  EXPECT_EQ(s.total_failures, 3u);
}

TEST_F(lane_calls, that_hang_trip_the_breaker) {
  config cfg;
  cfg.max_stuck_calls = 2;
  cfg.stuck_after = 20ms;
  cfg.open_timeout = 1h;
  auto db = rt.breaker("db", cfg);
  std::promise<void> release;
  const auto released = release.get_future().share();
  std::vector<std::thread> callers;
  for (int i = 0; i < 2; ++i)
    callers.emplace_back([=]() mutable { db.call([&] { released.wait(); }); });
  EXPECT_TRUE(db.await(state::open, 60s));
  const auto s = db.stats().value();
  EXPECT_EQ(s.last_reason, reason::stuck_calls);
  EXPECT_EQ(s.why, "2 calls have not come back for 20 ms (threshold 2)");
  EXPECT_EQ(s.calls_under_way, 2u);
  EXPECT_GE(s.oldest_call, 20ms);
  EXPECT_EQ(db.call(fine).error(), errc::circuit_open);
  release.set_value();
  for (auto& each : callers)
    each.join();
  const auto later = db.stats().value();
  EXPECT_EQ(later.calls_under_way, 0u);
  EXPECT_EQ(later.total_late, 2u);
  EXPECT_EQ(later.total_successes, 2u);
}

TEST_F(lane_calls, by_message_are_seen_to_hang_too) {
  config cfg;
  cfg.max_stuck_calls = 1;
  cfg.stuck_after = 20ms;
  cfg.open_timeout = 1h;
  auto db = rt.breaker("db", cfg);
  auto release = std::make_shared<std::promise<void>>();
  std::shared_future<void> released = release->get_future();
  std::thread caller{[&] {
    EXPECT_TRUE(request<void>(rt.system(), db.actor(), call_v,
                              task{[=] { released.wait(); }}));
  }};
  EXPECT_TRUE(db.await(state::open, 60s));
  EXPECT_EQ(db.stats()->last_reason, reason::stuck_calls);
  release->set_value();
  caller.join();
  EXPECT_EQ(db.stats()->calls_under_way, 0u);
}

TEST_F(lane_calls, may_end_on_another_thread_than_they_began) {
  auto db = rt.breaker("db", trips_after(3));
  for (int i = 0; i < 50; ++i) {
    auto permit = db.acquire().value();
    std::thread{[p = std::move(permit)]() mutable { p.succeed(); }}.join();
  }
  const auto s = db.stats().value();
  EXPECT_EQ(s.total_successes, 50u);
  EXPECT_EQ(s.calls_under_way, 0u);
  EXPECT_EQ(s.oldest_call, 0s);
}

TEST_F(lane_calls, handed_out_by_message_end_by_message) {
  auto db = rt.breaker("db", trips_after(3));
  const auto given = request<permit>(rt.system(), db.actor(), acquire_v);
  ASSERT_TRUE(given);
  EXPECT_EQ(db.stats()->calls_under_way, 1u);
  EXPECT_TRUE(request<void>(rt.system(), db.actor(), report_v, *given,
                            outcome::success, duration{1ms}, std::string{}));
  EXPECT_EQ(db.stats()->calls_under_way, 0u);
}

} // namespace

} // namespace switchgear::test
