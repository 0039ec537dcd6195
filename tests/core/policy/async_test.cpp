/// Calls that are waited for elsewhere: with futures and in coroutines.

#include <gtest/gtest.h>

#include <coroutine>
#include <future>
#include <memory>
#include <thread>

#include "support/eventually.hpp"
#include "support/hold.hpp"
#include "support/policies.hpp"
#include "switchgear/policy/coroutine.hpp"

using namespace std::chrono_literals;

namespace switchgear::policy {

namespace {

using test::hold;
using test::patience;

template <class T>
T get(std::future<T> from) {
  if (from.wait_for(patience) != std::future_status::ready)
    throw std::runtime_error{"no result"};
  return from.get();
}

TEST(async, gives_a_future) {
  executor workers{"test", 2, 2};
  pipeline p{fallback{1}, retry{}};
  EXPECT_EQ(get(p.async(workers, [] { return 7; })), 7);
  EXPECT_TRUE(get(p.async(workers, [] {})));
  EXPECT_EQ(get(p.async(workers, []() -> int { throw 1; })), 1);
  EXPECT_EQ(
    **get(pipeline<>{}.async(workers, [] { return std::make_unique<int>(3); })),
    3);
}

TEST(async, runs_on_the_executor) {
  executor workers{"test", 1, 1};
  pipeline<> p;
  const auto there
    = get(p.async(workers, [] { return std::this_thread::get_id(); }));
  EXPECT_NE(there, std::this_thread::get_id());
}

TEST(async, takes_callables_that_can_only_be_moved) {
  executor workers{"test", 1, 1};
  pipeline p{timeout{1h}};
  EXPECT_EQ(
    get(p.async(workers, [x = std::make_unique<int>(7)] { return *x; })), 7);
}

TEST(async, without_room_is_refused) {
  hold tool;
  executor workers{"test", 1, 0};
  pipeline<> p;
  auto first = p.async(workers, [door = tool.door()] { (*door)(); });
  ASSERT_TRUE(tool.await_arrivals(1));
  EXPECT_EQ(get(p.async(workers, [] { return 7; })).error(),
            errc::bulkhead_full);
  tool.release();
  EXPECT_TRUE(get(std::move(first)));
}

TEST(async, what_is_dropped_is_unavailable) {
  hold tool;
  executor workers{"test", 1, 1};
  pipeline<> p;
  auto first = p.async(workers, [door = tool.door()] { (*door)(); });
  ASSERT_TRUE(tool.await_arrivals(1));
  auto second = p.async(workers, [] { return 7; });
  workers.stop();
  EXPECT_EQ(get(std::move(second)).error(), errc::unavailable);
  tool.release();
  EXPECT_TRUE(get(std::move(first)));
}

TEST(async, the_pipeline_may_go_before_its_calls) {
  hold tool;
  executor workers{"test", 1, 1};
  std::future<expected<int, failure>> got;
  {
    pipeline p{fallback{1}};
    got = p.async(workers, [door = tool.door()]() -> int {
      (*door)();
      throw 1;
    });
    ASSERT_TRUE(tool.await_arrivals(1));
  }
  tool.release();
  EXPECT_EQ(get(std::move(got)), 1);
}

TEST(async, can_be_told_to_stop) {
  executor workers{"test", 1, 1};
  std::stop_source stop;
  pipeline<> p;
  auto got = p.async(workers,
                     [](std::stop_token asked) -> int {
                       while (!asked.stop_requested())
                         std::this_thread::yield();
                       throw 1;
                     },
                     {.stop = stop.get_token()});
  stop.request_stop();
  EXPECT_EQ(get(std::move(got)).error(), errc::cancelled);
}

// -- coroutines ---------------------------------------------------------------

// Runs at once, and goes when it is done.
struct detached {
  struct promise_type {
    detached get_return_object() noexcept {
      return {};
    }
    std::suspend_never initial_suspend() noexcept {
      return {};
    }
    std::suspend_never final_suspend() noexcept {
      return {};
    }
    void return_void() noexcept {
      // nop
    }
    void unhandled_exception() {
      std::terminate();
    }
  };
};

template <class P, class F>
detached wait_for(executor& where, P through, F f,
                  std::promise<typename awaitable_call<P, F>::answer>& to) {
  to.set_value(co_await call_on(where, through, std::move(f)));
}

TEST(coroutine, goes_on_with_the_result) {
  executor workers{"test", 2, 2};
  pipeline p{retry{}};
  std::promise<expected<int, failure>> got;
  wait_for(
    workers, p, [] { return 7; }, got);
  EXPECT_EQ(get(got.get_future()), 7);
}

TEST(coroutine, goes_on_where_the_call_ran) {
  executor workers{"test", 1, 1};
  const auto body
    = [](executor& where, pipeline<> p, std::promise<bool>& same) -> detached {
    const auto ran
      = co_await call_on(where, p, [] { return std::this_thread::get_id(); });
    same.set_value(*ran == std::this_thread::get_id());
  };
  std::promise<bool> same;
  body(workers, pipeline<>{}, same);
  EXPECT_TRUE(get(same.get_future()));
}

TEST(coroutine, waits_for_one_call_after_the_other) {
  executor workers{"test", 1, 1};
  const auto body
    = [](executor& where, pipeline<> p, std::promise<int>& sum) -> detached {
    int result = 0;
    for (int i = 1; i <= 100; ++i)
      result += *co_await call_on(where, p, [i] { return i; });
    sum.set_value(result);
  };
  std::promise<int> sum;
  body(workers, pipeline<>{}, sum);
  EXPECT_EQ(get(sum.get_future()), 5050);
}

TEST(coroutine, without_room_goes_on_at_once) {
  executor workers{"test", 1, 0};
  hold tool; // is let go before they end
  ASSERT_TRUE(workers.submit([door = tool.door()] { (*door)(); }));
  ASSERT_TRUE(tool.await_arrivals(1));
  std::promise<expected<int, failure>> got;
  wait_for(
    workers, pipeline<>{}, [] { return 7; }, got);
  EXPECT_EQ(get(got.get_future()).error(), errc::bulkhead_full);
}

TEST(coroutine, that_is_dropped_goes_on_as_unavailable) {
  executor workers{"test", 1, 1};
  hold tool; // is let go before they end
  ASSERT_TRUE(workers.submit([door = tool.door()] { (*door)(); }));
  ASSERT_TRUE(tool.await_arrivals(1));
  std::promise<expected<std::unique_ptr<int>, failure>> got;
  wait_for(
    workers, pipeline<>{}, [] { return std::make_unique<int>(7); }, got);
  workers.stop();
  EXPECT_EQ(get(got.get_future()).error(), errc::unavailable);
}

} // namespace

} // namespace switchgear::policy
