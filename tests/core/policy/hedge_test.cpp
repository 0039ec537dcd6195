#include "switchgear/policy/hedge.hpp"

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

using test::broken;
using test::eventually;
using test::hold;
using test::jumping_time;
using test::still_time;

hedge_options plain(std::uint32_t attempts) {
  return {.delay = 1s,
          .max_attempts = attempts,
          .budget = {.share = 10.0, .per_second = 1000}};
}

TEST(hedge, leaves_a_quick_answer_alone) {
  pipeline p{hedge{plain(2), nullptr, still_time()}};
  EXPECT_EQ(p.call([] { return 7; }), 7);
  EXPECT_TRUE(p.call([] {}));
  EXPECT_EQ(**p.call([] { return std::make_unique<int>(3); }), 3);
  const auto stats = p.get<hedge>().stats();
  EXPECT_EQ(stats.calls, 3u);
  EXPECT_EQ(stats.hedges, 0u);
  EXPECT_EQ(stats.running, 0u);
}

TEST(hedge, asks_again_after_the_delay_and_takes_the_first_answer) {
  hold slow;
  std::atomic<int> calls{0};
  auto time = still_time();
  pipeline p{hedge{plain(2), nullptr, time}};
  std::atomic<bool> first_told{false};
  expected<int, failure> got = 0;
  {
    std::jthread caller{[&] {
      got = p.call([&, door = slow.door()](std::stop_token stop) {
        const int mine = ++calls;
        if (mine == 1) {
          (*door)();
          first_told = stop.stop_requested();
        }
        return mine;
      });
    }};
    ASSERT_TRUE(slow.await_arrivals(1));
    ASSERT_TRUE(time->await_waiting(1));
    EXPECT_EQ(calls, 1);
    time->advance(1s);
  }
  EXPECT_EQ(got, 2);
  auto stats = p.get<hedge>().stats();
  EXPECT_EQ(stats.hedges, 1u);
  EXPECT_EQ(stats.won_by_hedge, 1u);
  EXPECT_EQ(stats.running, 1u);
  EXPECT_EQ(stats.abandoned, 1u);
  slow.release();
  ASSERT_TRUE(eventually([&] { return p.get<hedge>().stats().running == 0; }));
  EXPECT_TRUE(first_told);
  EXPECT_EQ(p.get<hedge>().stats().abandoned, 0u);
}

TEST(hedge, a_failure_is_not_hedged) {
  std::atomic<int> calls{0};
  auto time = still_time();
  pipeline p{hedge{plain(3), nullptr, time}};
  const auto got = p.call([&]() -> test::answer {
    ++calls;
    return make_unexpected(broken("HTTP 503"));
  });
  EXPECT_EQ(got.error().message(), "HTTP 503");
  EXPECT_EQ(calls, 1);
  EXPECT_EQ(time->passed(), 0s);
  EXPECT_EQ(p.get<hedge>().stats().failed, 1u);
}

// The first one hangs, the second fails, and then the first one answers.
TEST(hedge, waits_for_the_others_when_one_fails) {
  hold slow;
  std::atomic<int> calls{0};
  auto time = still_time();
  pipeline p{hedge{plain(2), nullptr, time}};
  expected<int, failure> got = 0;
  {
    std::jthread caller{[&] {
      got = p.call([&, door = slow.door()]() -> test::answer {
        if (++calls == 2)
          return make_unexpected(broken());
        (*door)();
        return 7;
      });
    }};
    ASSERT_TRUE(slow.await_arrivals(1));
    ASSERT_TRUE(time->await_waiting(1));
    time->advance(1s);
    ASSERT_TRUE(
      eventually([&] { return p.get<hedge>().stats().running == 1; }));
    slow.release();
  }
  EXPECT_EQ(got, 7);
  EXPECT_EQ(p.get<hedge>().stats().won_by_hedge, 0u);
}

TEST(hedge, of_which_all_fail_has_the_last_failure) {
  hold slow;
  std::atomic<int> calls{0};
  auto time = still_time();
  pipeline p{hedge{plain(2), nullptr, time}};
  expected<int, failure> got = 0;
  {
    std::jthread caller{[&] {
      got = p.call([&, door = slow.door()]() -> test::answer {
        if (++calls == 2)
          return make_unexpected(broken("second"));
        (*door)();
        return make_unexpected(broken("first"));
      });
    }};
    ASSERT_TRUE(slow.await_arrivals(1));
    ASSERT_TRUE(time->await_waiting(1));
    time->advance(1s);
    ASSERT_TRUE(eventually([&] { return calls == 2; }));
    ASSERT_TRUE(
      eventually([&] { return p.get<hedge>().stats().running == 1; }));
    slow.release();
  }
  EXPECT_EQ(got.error().message(), "first");
  EXPECT_EQ(p.get<hedge>().stats().failed, 1u);
}

TEST(hedge, makes_no_more_attempts_than_it_may) {
  hold slow;
  std::atomic<int> calls{0};
  pipeline p{hedge{plain(3), nullptr, jumping_time()}};
  std::jthread caller{[&] {
    EXPECT_TRUE(p.call([&, door = slow.door()] {
      ++calls;
      (*door)();
    }));
  }};
  ASSERT_TRUE(slow.await_arrivals(3));
  slow.release();
  caller.join();
  EXPECT_EQ(calls, 3);
  EXPECT_EQ(p.get<hedge>().stats().hedges, 2u);
}

TEST(hedge, asks_for_the_delay_of_each_call) {
  auto how = plain(2);
  how.delay_of = [] { return duration{5s}; };
  hold slow;
  auto time = still_time();
  pipeline p{hedge{how, nullptr, time}};
  std::jthread caller{
    [&] { EXPECT_TRUE(p.call([door = slow.door()] { (*door)(); })); }};
  ASSERT_TRUE(slow.await_arrivals(1));
  ASSERT_TRUE(time->await_waiting(1));
  time->advance(4999ms);
  EXPECT_EQ(p.get<hedge>().stats().hedges, 0u);
  time->advance(1ms);
  EXPECT_TRUE(slow.await_arrivals(2));
  slow.release();
}

TEST(hedge, stays_within_its_budget) {
  auto how = plain(2);
  how.delay = 0s;
  how.budget = {.share = 0.0, .per_second = 0};
  hold slow;
  pipeline p{hedge{how}};
  std::jthread caller{
    [&] { EXPECT_TRUE(p.call([door = slow.door()] { (*door)(); })); }};
  ASSERT_TRUE(
    eventually([&] { return p.get<hedge>().stats().budget_refusals == 1; }));
  slow.release();
  caller.join();
  EXPECT_EQ(slow.arrived(), 1u);
  EXPECT_EQ(p.get<hedge>().stats().hedges, 0u);
}

TEST(hedge, without_a_thread_is_refused) {
  auto how = plain(2);
  how.workers = 1;
  hold slow;
  pipeline p{hedge{how, nullptr, still_time()}};
  std::jthread caller{
    [&] { EXPECT_TRUE(p.call([door = slow.door()] { (*door)(); })); }};
  ASSERT_TRUE(slow.await_arrivals(1));
  EXPECT_EQ(p.call([] {}).error(), errc::bulkhead_full);
  EXPECT_EQ(p.get<hedge>().stats().rejected, 1u);
  slow.release();
}

TEST(hedge, counts_what_its_executor_has_no_room_for) {
  auto busy = std::make_shared<executor>("busy", 1, 0);
  hold slow;
  ASSERT_TRUE(busy->submit([door = slow.door()] { (*door)(); }));
  ASSERT_TRUE(slow.await_arrivals(1));
  pipeline p{hedge{plain(2), busy, still_time()}};
  EXPECT_EQ(p.call([] {}).error(), errc::bulkhead_full);
  EXPECT_EQ(p.get<hedge>().stats().rejected, 1u);
  EXPECT_EQ(p.get<hedge>().stats().running, 0u);
  slow.release();
}

TEST(hedge, ends_with_the_deadline) {
  hold slow;
  auto time = jumping_time();
  auto how = plain(2);
  how.delay = 1h;
  pipeline p{hedge{how, nullptr, time}};
  const auto got = p.call([door = slow.door()] { (*door)(); },
                          {.deadline = time->now() + 1s});
  EXPECT_EQ(got.error(), errc::timeout);
  EXPECT_EQ(p.get<hedge>().stats().cancelled, 1u);
}

TEST(hedge, a_stop_from_outside_comes_through) {
  hold slow;
  std::stop_source stop;
  std::atomic<bool> told{false};
  pipeline p{hedge{plain(2), nullptr, still_time()}};
  expected<void, failure> got;
  {
    std::jthread caller{[&] {
      got = p.call(
        [&, door = slow.door()](std::stop_token inner) {
          (*door)();
          told = inner.stop_requested();
        },
        {.stop = stop.get_token()});
    }};
    ASSERT_TRUE(slow.await_arrivals(1));
    stop.request_stop();
  }
  EXPECT_EQ(got.error(), errc::cancelled);
  slow.release();
  ASSERT_TRUE(eventually([&] { return p.get<hedge>().stats().running == 0; }));
  EXPECT_TRUE(told);
}

TEST(hedge, a_loser_that_fails_is_cancelled_for_the_breaker_inside) {
  std::atomic<int> calls{0};
  test::cell_breaker db{{.failure_threshold = 1}};
  pipeline p{hedge{plain(2), nullptr, jumping_time()}, db};
  const auto got = p.call([&](std::stop_token stop) {
    if (++calls == 2)
      return 7;
    while (!stop.stop_requested())
      std::this_thread::yield();
    throw std::runtime_error{"aborted"};
  });
  EXPECT_EQ(got, 7);
  ASSERT_TRUE(eventually([&] { return p.get<hedge>().stats().running == 0; }));
  EXPECT_EQ(db.now_in(), state::closed);
  const auto stats = db.stats();
  EXPECT_EQ(stats.total_successes, 1u);
  EXPECT_EQ(stats.total_cancelled, 1u);
  EXPECT_EQ(stats.total_failures, 0u);
}

TEST(hedge, loses_nothing_under_threads) {
  auto how = plain(3);
  how.delay = 50us;
  pipeline p{hedge{how}};
  std::atomic<std::uint64_t> ended{0};
  std::atomic<std::uint64_t> ran{0};
  {
    std::vector<std::jthread> all;
    for (unsigned t = 0; t < 4; ++t)
      all.emplace_back([&, t] {
        std::minstd_rand random{t + 1};
        for (int i = 0; i < 200; ++i) {
          const auto kind = random() % 4;
          auto own = std::make_shared<std::atomic<int>>(0);
          const auto got
            = p.call([own, kind, &ran](std::stop_token stop) -> test::answer {
                const bool first = ++*own == 1;
                while (kind == 0 && first && !stop.stop_requested())
                  std::this_thread::yield();
                ++ran;
                if (kind == 1)
                  return make_unexpected(broken());
                return 7;
              });
          EXPECT_EQ(got.has_value(), kind != 1);
          ++ended;
        }
      });
  }
  EXPECT_EQ(ended, 800u);
  ASSERT_TRUE(eventually([&] { return p.get<hedge>().stats().running == 0; }));
  const auto stats = p.get<hedge>().stats();
  EXPECT_EQ(stats.abandoned, 0u);
  EXPECT_EQ(ran, stats.calls + stats.hedges);
}

} // namespace

} // namespace switchgear::policy
