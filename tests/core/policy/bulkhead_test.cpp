#include "switchgear/policy/bulkhead.hpp"

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
using test::still_time;

// Occupies a place of `p` until the hold is let go.
template <class Pipeline>
std::jthread occupy(const Pipeline& p, hold& tool) {
  return std::jthread{
    [p, door = tool.door()] { EXPECT_TRUE(p.call([&] { (*door)(); })); }};
}

TEST(bulkhead, lets_so_many_through_and_refuses_the_others) {
  hold tool;
  pipeline p{bulkhead{{.concurrency = 2}}};
  auto one = occupy(p, tool);
  auto two = occupy(p, tool);
  ASSERT_TRUE(tool.await_arrivals(2));
  EXPECT_EQ(p.get<bulkhead>().stats().running, 2u);
  const auto got = p.call([] { return 7; });
  EXPECT_EQ(got.error(), errc::bulkhead_full);
  EXPECT_TRUE(got.error().is_refusal());
  tool.release();
  one.join();
  two.join();
  EXPECT_EQ(p.call([] { return 7; }), 7);
  const auto stats = p.get<bulkhead>().stats();
  EXPECT_EQ(stats.admitted, 3u);
  EXPECT_EQ(stats.rejected, 1u);
  EXPECT_EQ(stats.running, 0u);
}

TEST(bulkhead, a_place_comes_back_from_a_call_that_throws) {
  pipeline p{bulkhead{{.concurrency = 1}}};
  for (int i = 0; i < 3; ++i)
    EXPECT_EQ(
      p.call([]() -> int { throw std::runtime_error{"refused"}; }).error(),
      errc::operation_failed);
  EXPECT_EQ(p.get<bulkhead>().stats().running, 0u);
}

TEST(bulkhead, who_waits_gets_the_place_that_gets_free) {
  hold tool;
  pipeline p{
    bulkhead{{.concurrency = 1, .queue = 1, .max_wait = 1h}, still_time()}};
  auto first = occupy(p, tool);
  ASSERT_TRUE(tool.await_arrivals(1));
  auto second = occupy(p, tool);
  ASSERT_TRUE(
    eventually([&] { return p.get<bulkhead>().stats().waiting == 1; }));
  EXPECT_EQ(p.call([] { return 7; }).error(), errc::bulkhead_full);
  tool.release();
  ASSERT_TRUE(tool.await_departures(2));
}

TEST(bulkhead, places_are_given_in_the_order_of_coming) {
  auto time = still_time();
  pipeline p{bulkhead{{.concurrency = 1, .queue = 8, .max_wait = 1h}, time}};
  hold tool;
  auto first = occupy(p, tool);
  ASSERT_TRUE(tool.await_arrivals(1));
  std::vector<int> order; // guarded by the only place
  std::vector<std::jthread> all;
  for (int i = 0; i < 8; ++i) {
    all.emplace_back(
      [&, i] { EXPECT_TRUE(p.call([&] { order.push_back(i); })); });
    ASSERT_TRUE(time->await_waiting(static_cast<std::size_t>(i + 1)));
  }
  tool.release();
  all.clear();
  EXPECT_EQ(order, (std::vector{0, 1, 2, 3, 4, 5, 6, 7}));
}

TEST(bulkhead, nobody_waits_for_ever) {
  auto time = still_time();
  hold tool;
  pipeline p{bulkhead{{.concurrency = 1, .queue = 1, .max_wait = 3s}, time}};
  auto first = occupy(p, tool);
  ASSERT_TRUE(tool.await_arrivals(1));
  expected<int, failure> got = 0;
  {
    std::jthread waiting{[&] { got = p.call([] { return 7; }); }};
    ASSERT_TRUE(time->await_waiting(1));
    time->advance(3s);
  }
  EXPECT_EQ(got.error(), errc::bulkhead_full);
  EXPECT_EQ(p.get<bulkhead>().stats().timed_out, 1u);
  EXPECT_EQ(p.get<bulkhead>().stats().waiting, 0u);
  tool.release();
}

TEST(bulkhead, does_not_wait_past_the_deadline) {
  auto time = still_time();
  hold tool;
  pipeline p{bulkhead{{.concurrency = 1, .queue = 1, .max_wait = 1h}, time}};
  auto first = occupy(p, tool);
  ASSERT_TRUE(tool.await_arrivals(1));
  EXPECT_EQ(p.call([] { return 7; }, {.deadline = time->now()}).error(),
            errc::bulkhead_full);
  tool.release();
}

TEST(bulkhead, can_be_told_to_stop_waiting) {
  auto time = still_time();
  hold tool;
  pipeline p{bulkhead{{.concurrency = 1, .queue = 1, .max_wait = 1h}, time}};
  auto first = occupy(p, tool);
  ASSERT_TRUE(tool.await_arrivals(1));
  std::stop_source stop;
  expected<int, failure> got = 0;
  {
    std::jthread waiting{
      [&] { got = p.call([] { return 7; }, {.stop = stop.get_token()}); }};
    ASSERT_TRUE(time->await_waiting(1));
    stop.request_stop();
  }
  EXPECT_EQ(got.error(), errc::cancelled);
  EXPECT_EQ(p.get<bulkhead>().stats().cancelled, 1u);
  // One that had been told before does not wait at all.
  EXPECT_EQ(p.call([] { return 7; }, {.stop = stop.get_token()}).error(),
            errc::cancelled);
  tool.release();
}

TEST(bulkhead, copies_share_the_places) {
  hold tool;
  const bulkhead shared{{.concurrency = 1}};
  pipeline one{shared};
  pipeline other{shared};
  auto first = occupy(one, tool);
  ASSERT_TRUE(tool.await_arrivals(1));
  EXPECT_EQ(other.call([] { return 7; }).error(), errc::bulkhead_full);
  tool.release();
}

// Never more at a time than there are places, and each call ends somehow.
TEST(bulkhead, holds_under_threads) {
  constexpr int threads = 8;
  constexpr int calls = 400;
  pipeline p{bulkhead{{.concurrency = 3, .queue = 2, .max_wait = 1ms}}};
  std::atomic<int> inside{0};
  std::atomic<int> most{0};
  std::atomic<int> done{0};
  {
    std::vector<std::jthread> all;
    for (int t = 0; t < threads; ++t)
      all.emplace_back([&, t] {
        std::minstd_rand random{static_cast<unsigned>(t + 1)};
        for (int i = 0; i < calls; ++i) {
          const auto got = p.call([&] {
            const int now = ++inside;
            for (int seen = most; seen < now;)
              if (most.compare_exchange_weak(seen, now))
                break;
            if (random() % 4 == 0)
              std::this_thread::yield();
            --inside;
          });
          if (got)
            ++done;
          else
            EXPECT_EQ(got.error(), errc::bulkhead_full);
        }
      });
  }
  EXPECT_LE(most, 3);
  const auto stats = p.get<bulkhead>().stats();
  EXPECT_EQ(stats.running, 0u);
  EXPECT_EQ(stats.waiting, 0u);
  EXPECT_EQ(stats.admitted, static_cast<std::uint64_t>(done));
  EXPECT_EQ(stats.admitted + stats.rejected + stats.timed_out,
            std::uint64_t{threads * calls});
}

} // namespace

} // namespace switchgear::policy
