/// Calls as messages to a pipeline.

#include "switchgear/actor/pipeline_actor.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>

#include <caf/scoped_actor.hpp>

#include "support/breakers.hpp"
#include "support/hold.hpp"
#include "support/request.hpp"
#include "switchgear/actor.hpp"
#include "switchgear/policies.hpp"
#include "switchgear/test_kit/virtual_time.hpp"

using namespace std::chrono_literals;

namespace switchgear::test {

namespace {

using policy::pipeline;

policy::retry quick_retry() {
  return policy::retry{{.max_attempts = 3,
                        .base = 0s,
                        .budget = {.share = 10.0, .per_second = 1000}}};
}

class pipeline_actors : public testing::Test {
public:
  template <class Result>
  expected<Result, caf::error> call(const caf::actor& to, task what) {
    return request<Result>(rt.system(), to, call_v, what);
  }

  runtime rt;
};

TEST_F(pipeline_actors, answer_with_the_result) {
  auto who = actor::spawn_pipeline(rt, pipeline{quick_retry()});
  EXPECT_EQ(call<int>(who, task{[] { return 7; }}), 7);
  EXPECT_EQ(call<std::string>(who, task{[] { return std::string{"rows"}; }}),
            "rows");
  EXPECT_TRUE(call<void>(who, task{[] {}}));
}

TEST_F(pipeline_actors, run_a_task_again) {
  auto db = rt.breaker("db");
  auto who = actor::spawn_pipeline(rt, pipeline{quick_retry(), db});
  std::atomic<int> calls{0};
  EXPECT_EQ(call<int>(who, task{[&] {
                        if (++calls < 3)
                          throw std::runtime_error{"refused"};
                        return 7;
                      }}),
            7);
  EXPECT_EQ(calls, 3);
  EXPECT_EQ(db.stats()->total_failures, 2u);
  EXPECT_EQ(db.stats()->total_successes, 1u);
}

TEST_F(pipeline_actors, answer_failures_as_errors) {
  auto who = actor::spawn_pipeline(rt, pipeline{quick_retry()});
  const auto got = call<int>(who, task{[]() -> int {
                               throw failure::retry_later(
                                 errc::operation_failed, "HTTP 429", 90s);
                             }});
  ASSERT_FALSE(got);
  const auto why = actor::to_failure(got.error());
  EXPECT_EQ(why, errc::operation_failed);
  EXPECT_EQ(why.message(), "HTTP 429");
  EXPECT_EQ(why.retry_after(), 90s);
}

TEST_F(pipeline_actors, wait_for_results_that_come_later) {
  auto who = actor::spawn_pipeline(rt, pipeline{quick_retry()});
  std::optional<promise<int>> later;
  std::atomic<bool> begun{false};
  caf::scoped_actor self{rt.system()};
  auto pending = actor::ask(self, who, duration{patience}, call_v,
                            task::deferred<int>([&](promise<int> p) {
                              later = std::move(p);
                              begun = true;
                            }));
  ASSERT_TRUE(eventually([&] { return begun.load(); }));
  later->deliver(7);
  int got = 0;
  std::move(pending).receive([&](int x) { got = x; },
                             [](const caf::error&) { FAIL(); });
  EXPECT_EQ(got, 7);
}

TEST_F(pipeline_actors, answer_in_time_with_a_timeout) {
  hold tool;
  using test_kit::virtual_time;
  auto time = std::make_shared<virtual_time>();
  auto who = actor::spawn_pipeline(rt, pipeline{policy::timeout{2s, time}});
  const auto got = call<void>(who, task{[door = tool.door()] { (*door)(); }});
  EXPECT_EQ(got.error(), errc::timeout);
}

TEST_F(pipeline_actors, block_no_thread_of_the_scheduler) {
  hold tool;
  auto slow = actor::spawn_pipeline(rt, pipeline<>{});
  caf::scoped_actor self{rt.system()};
  for (int i = 0; i < 8; ++i) // more than there are scheduler threads
    actor::tell_from(self.ptr(), slow, call_v,
                     task{[door = tool.door()] { (*door)(); }});
  ASSERT_TRUE(tool.await_arrivals(8));
  EXPECT_EQ(call<int>(slow, task{[] { return 7; }}), 7);
  tool.release();
}

TEST_F(pipeline_actors, are_there_though_nobody_keeps_the_handle) {
  hold tool;
  caf::scoped_actor self{rt.system()};
  auto pending
    = actor::ask(self, actor::spawn_pipeline(rt, pipeline<>{}),
                 duration{patience}, call_v, task{[door = tool.door()] {
                   (*door)();
                   return 7;
                 }});
  ASSERT_TRUE(tool.await_arrivals(1));
  tool.release();
  int got = 0;
  std::move(pending).receive([&](int x) { got = x; },
                             [](const caf::error&) { FAIL(); });
  EXPECT_EQ(got, 7);
}

TEST_F(pipeline_actors, answer_all_when_they_end) {
  hold tool;
  auto who = actor::spawn_pipeline(rt, pipeline<>{});
  caf::scoped_actor self{rt.system()};
  auto pending = actor::ask(self, who, duration{patience}, call_v,
                            task{[door = tool.door()] { (*door)(); }});
  ASSERT_TRUE(tool.await_arrivals(1));
  actor::tell(who, stop_v);
  caf::error got;
  std::move(pending).receive([] { FAIL(); },
                             [&](caf::error& why) { got = std::move(why); });
  EXPECT_EQ(got, errc::unavailable);
  tool.release();
}

TEST_F(pipeline_actors, end_with_the_runtime) {
  auto who = actor::spawn_pipeline(rt, pipeline<>{});
  EXPECT_EQ(call<int>(who, task{[] { return 7; }}), 7);
  rt.shutdown();
  EXPECT_FALSE(call<int>(who, task{[] { return 7; }}));
}

TEST(pipeline_actor, a_runtime_that_goes_waits_for_none) {
  caf::actor who;
  {
    runtime rt;
    who = actor::spawn_pipeline(rt, pipeline<>{});
    // A handle that is kept keeps no runtime.
    who = nullptr;
    auto other = actor::spawn_pipeline(rt, pipeline<>{});
    rt.shutdown();
    EXPECT_TRUE(other);
  }
}

TEST(pipeline_actor, without_a_free_worker_refuses) {
  runtime_options how;
  how.workers = 1;
  how.queue = 0;
  runtime rt{how};
  hold tool;
  auto who = actor::spawn_pipeline(rt, pipeline<>{});
  caf::scoped_actor self{rt.system()};
  auto pending = actor::ask(self, who, duration{patience}, call_v,
                            task{[door = tool.door()] { (*door)(); }});
  ASSERT_TRUE(tool.await_arrivals(1));
  const auto got
    = request<int>(rt.system(), who, call_v, task{[] { return 7; }});
  EXPECT_EQ(got.error(), errc::bulkhead_full);
  tool.release();
  std::move(pending).receive([] {}, [](const caf::error&) { FAIL(); });
}

} // namespace

} // namespace switchgear::test
