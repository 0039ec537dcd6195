#include "switchgear/policy/timeout.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <random>
#include <thread>
#include <vector>

#include "support/eventually.hpp"
#include "support/hold.hpp"
#include "support/policies.hpp"

using namespace std::chrono_literals;

namespace switchgear::policy {

namespace {

using test::eventually;
using test::hold;
using test::jumping_time;
using test::still_time;

// One that times out as soon as it waits.
timeout at_once(timeout_options how = {}) {
  return timeout{how, nullptr, jumping_time()};
}

TEST(timeout, gives_what_comes_in_time) {
  pipeline p{timeout{1h}};
  EXPECT_EQ(p.call([] { return 7; }), 7);
  EXPECT_TRUE(p.call([] {}));
  EXPECT_EQ(**p.call([] { return std::make_unique<int>(3); }), 3);
  EXPECT_EQ(p.call([]() -> int { throw 1; }).error(), errc::operation_failed);
  EXPECT_EQ(p.get<timeout>().stats().calls, 4u);
  EXPECT_EQ(p.get<timeout>().stats().running, 0u);
}

TEST(timeout, answers_in_time_though_the_call_hangs) {
  auto time = still_time();
  hold tool;
  pipeline p{timeout{2s, time}};
  expected<void, failure> got;
  {
    std::jthread caller{
      [&] { got = p.call([door = tool.door()] { (*door)(); }); }};
    ASSERT_TRUE(tool.await_arrivals(1));
    ASSERT_TRUE(time->await_waiting(1));
    time->advance(1999ms);
    EXPECT_EQ(p.get<timeout>().stats().timeouts, 0u);
    time->advance(1ms);
  }
  EXPECT_EQ(got.error(), errc::timeout);
  EXPECT_EQ(got.error().message(), "no result within 2000 ms");
  auto stats = p.get<timeout>().stats();
  EXPECT_EQ(stats.timeouts, 1u);
  EXPECT_EQ(stats.running, 1u);
  EXPECT_EQ(stats.abandoned, 1u);
  tool.release();
  EXPECT_TRUE(
    eventually([&] { return p.get<timeout>().stats().running == 0; }));
  EXPECT_EQ(p.get<timeout>().stats().abandoned, 0u);
}

TEST(timeout, tells_the_call_to_stop) {
  std::atomic<bool> stopped{false};
  pipeline p{at_once()};
  const auto got = p.call([&](std::stop_token stop) {
    while (!stop.stop_requested())
      std::this_thread::yield();
    stopped = true;
  });
  EXPECT_EQ(got.error(), errc::timeout);
  EXPECT_TRUE(eventually([&] { return stopped.load(); }));
}

TEST(timeout, tells_the_call_its_deadline) {
  auto time = still_time();
  pipeline p{timeout{2s, time}};
  EXPECT_TRUE(p.call(
    [&](const context& ctx) { EXPECT_EQ(ctx.deadline, time->now() + 2s); }));
}

TEST(timeout, an_earlier_deadline_around_it_counts) {
  auto time = jumping_time();
  hold tool;
  pipeline p{timeout{2s, time}};
  const auto deadline = time->now() + 1s;
  const auto got
    = p.call([door = tool.door()] { (*door)(); }, {.deadline = deadline});
  EXPECT_EQ(got.error(), errc::timeout);
  EXPECT_EQ(got.error().message(), "no result before the deadline");
  EXPECT_EQ(time->now(), deadline);
}

TEST(timeout, a_stop_from_outside_comes_through) {
  hold tool;
  pipeline p{timeout{1h}};
  std::stop_source stop;
  std::atomic<bool> told{false};
  expected<void, failure> got;
  {
    std::jthread caller{[&] {
      got = p.call(
        [&, door = tool.door()](std::stop_token inner) {
          (*door)();
          told = inner.stop_requested();
        },
        {.stop = stop.get_token()});
    }};
    ASSERT_TRUE(tool.await_arrivals(1));
    stop.request_stop();
  }
  EXPECT_EQ(got.error(), errc::cancelled);
  EXPECT_EQ(p.get<timeout>().stats().cancelled, 1u);
  tool.release();
  ASSERT_TRUE(
    eventually([&] { return p.get<timeout>().stats().running == 0; }));
  EXPECT_TRUE(told);
}

TEST(timeout, what_was_given_up_owns_what_it_uses) {
  hold tool;
  auto kept = std::make_shared<int>(7);
  std::weak_ptr<int> watch = kept;
  {
    pipeline p{at_once()};
    EXPECT_EQ(p.call([door = tool.door(), kept] {
                 (*door)();
                 ++*kept;
               })
                .error(),
              errc::timeout);
    // It may not even have begun.
    ASSERT_TRUE(tool.await_arrivals(1));
    kept.reset();
    EXPECT_FALSE(watch.expired());
    tool.release();
    ASSERT_TRUE(eventually([&] { return watch.expired(); }));
  }
}

TEST(timeout, only_so_many_may_be_given_up) {
  hold tool;
  pipeline p{at_once({.workers = 4, .max_abandoned = 2})};
  const auto hang = [&] { return p.call([door = tool.door()] { (*door)(); }); };
  EXPECT_EQ(hang().error(), errc::timeout);
  EXPECT_EQ(hang().error(), errc::timeout);
  const auto refused = hang();
  EXPECT_EQ(refused.error(), errc::bulkhead_full);
  EXPECT_EQ(refused.error().message(),
            "2 calls that were given up are still running");
  EXPECT_EQ(p.get<timeout>().stats().rejected, 1u);
  tool.release();
  ASSERT_TRUE(
    eventually([&] { return p.get<timeout>().stats().running == 0; }));
  const auto next = hang(); // there is room again
  EXPECT_TRUE(next || next.error() == errc::timeout);
}

TEST(timeout, only_so_many_run_at_a_time) {
  hold tool;
  pipeline p{
    timeout{timeout_options{.limit = 1h, .workers = 1, .max_abandoned = 1}}};
  std::jthread first{
    [&] { EXPECT_TRUE(p.call([door = tool.door()] { (*door)(); })); }};
  ASSERT_TRUE(tool.await_arrivals(1));
  EXPECT_EQ(p.call([] {}).error(), errc::bulkhead_full);
  tool.release();
  first.join();
  // One after the other there is always a thread.
  for (int i = 0; i < 1000; ++i)
    ASSERT_TRUE(p.call([] {}));
}

TEST(timeout, can_use_an_executor_of_the_user_s) {
  auto where = std::make_shared<executor>("own", 1, 0);
  pipeline p{timeout{timeout_options{.limit = 1h}, where}};
  EXPECT_EQ(p.call([] { return 7; }), 7);
  where->stop();
  EXPECT_EQ(p.call([] { return 7; }).error(), errc::bulkhead_full);
  EXPECT_EQ(p.get<timeout>().stats().running, 0u);
}

TEST(timeout, counts_what_its_executor_has_no_room_for) {
  auto busy = std::make_shared<executor>("busy", 1, 0);
  hold slow;
  ASSERT_TRUE(busy->submit([door = slow.door()] { (*door)(); }));
  ASSERT_TRUE(slow.await_arrivals(1));
  pipeline p{timeout{{.limit = 1h}, busy}};
  EXPECT_EQ(p.call([] {}).error(), errc::bulkhead_full);
  EXPECT_EQ(p.get<timeout>().stats().rejected, 1u);
  EXPECT_EQ(p.get<timeout>().stats().running, 0u);
  slow.release();
}

TEST(timeout, a_call_that_the_executor_drops_is_unavailable) {
  auto where = std::make_shared<executor>("own", 1, 1);
  pipeline p{timeout{timeout_options{.limit = 1h}, where}};
  hold tool; // is let go before they end
  ASSERT_TRUE(where->submit([door = tool.door()] { (*door)(); }));
  ASSERT_TRUE(tool.await_arrivals(1));
  expected<int, failure> got = 0;
  {
    std::jthread caller{[&] { got = p.call([] { return 7; }); }};
    ASSERT_TRUE(eventually([&] { return where->current_load().waiting == 1; }));
    where->stop();
  }
  EXPECT_EQ(got.error(), errc::unavailable);
  EXPECT_EQ(p.get<timeout>().stats().running, 0u);
}

TEST(timeout, is_a_failure_for_a_breaker_around_it) {
  hold tool;
  test::cell_breaker db{{.failure_threshold = 1}};
  pipeline p{db, at_once()};
  EXPECT_EQ(p.call([door = tool.door()] { (*door)(); }).error(), errc::timeout);
  EXPECT_EQ(db.now_in(), state::open);
  EXPECT_EQ(db.stats().total_timeouts, 1u);
}

// -- on the caller's thread ---------------------------------------------------

TEST(timeout, inline_judges_when_the_call_returns) {
  auto time = still_time();
  pipeline p{timeout{{.limit = 2s, .inline_only = true}, nullptr, time}};
  const auto here = std::this_thread::get_id();
  EXPECT_EQ(p.call([&] {
    EXPECT_EQ(std::this_thread::get_id(), here);
    time->advance(2s);
    return 7;
  }),
            7);
  const auto got = p.call([&] {
    time->advance(2001ms);
    return 7;
  });
  EXPECT_EQ(got.error(), errc::timeout);
  EXPECT_EQ(p.get<timeout>().stats().timeouts, 1u);
}

// -- threads ------------------------------------------------------------------

TEST(timeout, loses_nothing_under_threads) {
  pipeline p{
    timeout{timeout_options{.limit = 200us, .workers = 8, .max_abandoned = 8}}};
  std::atomic<int> ran{0};
  std::uint64_t calls = 0;
  std::atomic<std::uint64_t> ended{0};
  {
    std::vector<std::jthread> all;
    for (unsigned t = 0; t < 4; ++t) {
      calls += 200;
      all.emplace_back([&, t] {
        std::minstd_rand random{t + 1};
        for (int i = 0; i < 200; ++i) {
          const bool slow = random() % 4 == 0;
          const auto got = p.call([&ran, slow](std::stop_token stop) {
            while (slow && !stop.stop_requested())
              std::this_thread::yield();
            ++ran;
            return std::make_unique<int>(7);
          });
          EXPECT_TRUE(!got || **got == 7);
          ++ended;
        }
      });
    }
  }
  EXPECT_EQ(ended, calls);
  ASSERT_TRUE(
    eventually([&] { return p.get<timeout>().stats().running == 0; }));
  const auto stats = p.get<timeout>().stats();
  EXPECT_EQ(stats.calls, calls);
  EXPECT_EQ(stats.abandoned, 0u);
  EXPECT_EQ(static_cast<std::uint64_t>(ran) + stats.rejected, calls);
}

} // namespace

} // namespace switchgear::policy
