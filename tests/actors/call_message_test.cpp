/// Calls as messages: `call_v, task`.

#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>

#include <caf/actor_cast.hpp>
#include <caf/event_based_actor.hpp>
#include <caf/init_global_meta_objects.hpp>

#include "actors/test_types.hpp"
#include "support/breaker_printing.hpp"
#include "support/breakers.hpp"
#include "support/hold.hpp"
#include "support/request.hpp"
#include "switchgear/actor.hpp"

using namespace std::chrono_literals;

namespace switchgear::test {

namespace {

struct own_types {
  own_types() {
    caf::init_global_meta_objects<caf::id_block::actor_tests>();
  }
};

class call_messages : public testing::Test {
public:
  template <class Result>
  expected<Result, caf::error> call(task what) {
    return request<Result>(rt.system(), db.actor(), call_v, what);
  }

  statistics stats() {
    return db.stats().value();
  }

  own_types registered;
  runtime rt;
  breaker db = rt.breaker("db", trips_after(3));
};

TEST_F(call_messages, are_answered_with_the_result) {
  EXPECT_EQ(call<int>(task{[] { return 7; }}), 7);
  EXPECT_EQ(call<std::string>(task{[] { return std::string{"rows"}; }}),
            "rows");
  EXPECT_EQ(stats().total_successes, 2u);
}

TEST_F(call_messages, of_callables_that_return_nothing) {
  bool called = false;
  EXPECT_TRUE(call<void>(task{[&] { called = true; }}));
  EXPECT_TRUE(called);
}

TEST_F(call_messages, are_answered_with_a_type_of_the_users) {
  EXPECT_EQ(call<page>(task{[] { return page{200, "hello"}; }}),
            (page{200, "hello"}));
}

TEST_F(call_messages, through_a_typed_handle) {
  const auto typed = caf::actor_cast<breaker_actor_for<page>>(db.actor());
  EXPECT_EQ(request<page>(rt.system(), typed, call_v,
                          task{[] { return page{200, "hello"}; }}),
            (page{200, "hello"}));
}

TEST_F(call_messages, run_their_callables_on_the_executor) {
  EXPECT_EQ(call<std::string>(task{[] {
              char name[16] = {};
              pthread_getname_np(pthread_self(), name, sizeof(name));
              return std::string{name};
            }}),
            "switchgear.w");
}

TEST_F(call_messages, take_callables_that_can_only_be_moved) {
  EXPECT_EQ(call<int>(task{[n = std::make_unique<int>(8)] { return *n; }}), 8);
}

TEST_F(call_messages, that_fail_are_answered_with_an_error) {
  auto got = call<int>(task{[]() -> int { throw std::out_of_range{"far"}; }});
  ASSERT_FALSE(got);
  EXPECT_EQ(got.error(), errc::operation_failed);
  EXPECT_EQ(actor::to_failure(got.error()).message(),
            "std::out_of_range: far");
  auto wrapped = call<int>(task{[]() -> expected<int, std::string> {
    return make_unexpected(std::string{"refused"});
  }});
  ASSERT_FALSE(wrapped);
  EXPECT_EQ(actor::to_failure(wrapped.error()).message(), "refused");
  EXPECT_EQ(stats().total_failures, 2u);
}

TEST_F(call_messages, who_has_the_answer_sees_the_state_that_goes_with_it) {
  for (int round = 0; round < 20; ++round) {
    for (int i = 0; i < 3; ++i)
      EXPECT_FALSE(call<void>(task{broken}));
    EXPECT_EQ(db.state(), state::open);
    bool called = false;
    auto got = call<void>(task{[&] { called = true; }});
    ASSERT_FALSE(got);
    EXPECT_EQ(got.error(), errc::circuit_open);
    EXPECT_GT(actor::to_failure(got.error()).retry_after(), 0s);
    EXPECT_FALSE(called);
    ASSERT_TRUE(db.reset());
  }
}

TEST_F(call_messages, are_probes_like_any_call) {
  ASSERT_TRUE(db.reconfigure(probes_at_once(1)));
  ASSERT_TRUE(db.force_open());
  ASSERT_TRUE(eventually([&] { return db.state() == state::half_open; }));
  hold tool;
  std::thread probe{
    [&] { EXPECT_TRUE(call<void>(task{[door = tool.door()] { (*door)(); }})); }};
  ASSERT_TRUE(tool.await_arrivals(1));
  EXPECT_EQ(call<int>(task{fine}).error(), errc::too_many_probes);
  tool.release();
  probe.join();
  EXPECT_EQ(call<int>(task{fine}), 7);
  EXPECT_EQ(db.state(), state::closed);
}

TEST_F(call_messages, from_actors) {
  std::atomic<int> answer{0};
  std::atomic<int> refusal{0};
  auto caller = rt.system().spawn([&](caf::event_based_actor* self) {
    actor::ask(self, db.actor(), duration{patience}, call_v, task{fine})
      .then([&](int got) { answer = got; });
    actor::ask(self, db.actor(), duration{patience}, call_v, task{broken})
      .then([](int) {},
            [&](const caf::error& why) {
              refusal = why == errc::operation_failed;
            });
  });
  EXPECT_TRUE(eventually([&] { return answer == 7 && refusal == 1; }));
}

TEST_F(call_messages, of_nothing_do_no_harm) {
  auto got = call<void>(task{});
  ASSERT_FALSE(got);
  EXPECT_EQ(got.error(), errc::cancelled);
  EXPECT_EQ(stats().total_cancelled, 1u);
  EXPECT_EQ(call<int>(task{fine}), 7);
}

// -- results that come later --------------------------------------------------

TEST_F(call_messages, may_have_their_result_later_from_another_thread) {
  std::promise<promise<int>> handed_over;
  std::thread other{
    [&] { handed_over.get_future().get().deliver(7); }};
  auto got = call<int>(task::deferred<int>(
    [&](promise<int> later) { handed_over.set_value(std::move(later)); }));
  EXPECT_EQ(got, 7);
  other.join();
  EXPECT_EQ(stats().total_successes, 1u);
}

TEST_F(call_messages, may_have_nothing_later) {
  EXPECT_TRUE(call<void>(
    task::deferred<void>([](promise<void> later) { later.deliver(); })));
}

TEST_F(call_messages, may_fail_later) {
  std::promise<promise<int>> handed_over;
  std::thread other{[&] {
    handed_over.get_future().get().fail(
      failure{errc::operation_failed, "refused"});
  }};
  auto got = call<int>(task::deferred<int>(
    [&](promise<int> later) { handed_over.set_value(std::move(later)); }));
  other.join();
  ASSERT_FALSE(got);
  EXPECT_EQ(got.error(), errc::operation_failed);
  EXPECT_EQ(stats().total_failures, 1u);
  EXPECT_EQ(stats().last_failure, "refused");
}

TEST_F(call_messages, whose_promise_is_given_up_are_cancelled) {
  auto got = call<int>(task::deferred<int>([](const promise<int>&) {}));
  ASSERT_FALSE(got);
  EXPECT_EQ(got.error(), errc::cancelled);
  EXPECT_EQ(stats().total_cancelled, 1u);
  EXPECT_EQ(stats().total_failures, 0u);
}

TEST_F(call_messages, whose_start_throws_have_failed) {
  std::optional<promise<int>> kept;
  auto got = call<int>(task::deferred<int>([&](promise<int> later) {
    kept = later;
    throw std::runtime_error{"refused"};
  }));
  ASSERT_FALSE(got);
  EXPECT_EQ(got.error(), errc::operation_failed);
  kept->deliver(7); // too late
  EXPECT_EQ(stats().total_failures, 1u);
  EXPECT_EQ(stats().total_successes, 0u);
}

TEST_F(call_messages, take_the_first_of_several_results) {
  auto got = call<int>(task::deferred<int>([](promise<int> later) {
    later.deliver(7);
    later.deliver(8);
    later.fail(failure{errc::operation_failed, "x"});
  }));
  EXPECT_EQ(got, 7);
  EXPECT_EQ(stats().total_successes, 1u);
  EXPECT_EQ(stats().total_failures, 0u);
}

TEST_F(call_messages, do_not_occupy_a_thread_while_their_result_is_awaited) {
  runtime small{[] {
    runtime_options options;
    options.workers = 1;
    options.queue = 0;
    return options;
  }()};
  auto other = small.breaker("other");
  std::optional<promise<int>> kept;
  std::atomic<bool> started{false};
  std::thread waiting{[&] {
    EXPECT_EQ(request<int>(small.system(), other.actor(), call_v,
                           task::deferred<int>([&](promise<int> later) {
                             kept = later;
                             started = true;
                           })),
              7);
  }};
  ASSERT_TRUE(eventually([&] { return started.load(); }));
  EXPECT_TRUE(eventually([&] {
    return request<int>(small.system(), other.actor(), call_v, task{fine})
      .has_value();
  }));
  kept->deliver(7);
  waiting.join();
}

} // namespace

} // namespace switchgear::test
