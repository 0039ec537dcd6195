/// Call messages that threads of the executor answer themselves.

#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <thread>
#include <vector>

#include <caf/event_based_actor.hpp>
#include <caf/exit_reason.hpp>
#include <caf/scoped_actor.hpp>
#include <caf/send.hpp>

#include "support/breaker_printing.hpp"
#include "support/breakers.hpp"
#include "support/hold.hpp"
#include "support/request.hpp"
#include "switchgear/actor.hpp"

using namespace std::chrono_literals;

namespace switchgear::test {

namespace {

/// What an actor has heard of the calls that it made.
struct score {
  std::atomic<int> results{0};
  std::atomic<int> errors{0};

  int answers() const {
    return results + errors;
  }
};

class dispatcher : public testing::Test {
public:
  static runtime_options options() {
    runtime_options result;
    result.workers = 4;
    result.queue = 100'000;
    result.restart_intensity = 1'000'000;
    return result;
  }

  /// An actor that makes so many calls at once.
  caf::actor spawn_caller(int calls, const task& what) {
    return rt.system().spawn(
      [=, to = db.actor(), heard = heard](caf::event_based_actor* self) {
        for (int i = 0; i < calls; ++i)
          actor::ask(self, to, caf::infinite, call_v, what)
            .then([heard](int) { ++heard->results; },
                  [heard](const caf::error&) { ++heard->errors; });
      });
  }

  std::shared_ptr<score> heard = std::make_shared<score>();
  hold tool;
  runtime rt{options()};
  breaker db = rt.breaker("db", trips_after(1'000'000));
};

TEST_F(dispatcher, answers_each_call_once) {
  constexpr int calls = 5000;
  auto numbers = std::make_shared<std::vector<std::atomic<int>>>(calls);
  auto caller = rt.system().spawn(
    [=, to = db.actor(), score = heard](caf::event_based_actor* self) {
      for (int i = 0; i < calls; ++i)
        actor::ask(self, to, caf::infinite, call_v, task{[i] { return i; }})
          .then([=](int got) {
            ++(*numbers)[static_cast<std::size_t>(got)];
            ++score->results;
          });
    });
  ASSERT_TRUE(eventually([&] { return heard->results == calls; }));
  for (const auto& each : *numbers)
    ASSERT_EQ(each, 1);
  EXPECT_EQ(db.stats()->total_successes, static_cast<unsigned>(calls));
}

TEST_F(dispatcher, sends_the_result_of_a_call_that_was_no_request) {
  auto caller
    = rt.system().spawn([to = db.actor(), score = heard](
                          caf::event_based_actor* self) -> caf::behavior {
        actor::tell_from(self, to, call_v, task{fine});
        actor::tell_from(self, to, call_v, task{[] {}}); // says nothing
        return {[score](int) { ++score->results; }};
      });
  EXPECT_TRUE(eventually([&] { return heard->results == 1; }));
  EXPECT_TRUE(eventually([&] { return db.stats()->total_successes == 2; }));
  EXPECT_EQ(heard->results, 1);
}

TEST_F(dispatcher, runs_calls_of_nobody) {
  std::atomic<int> ran{0};
  for (int i = 0; i < 100; ++i)
    actor::tell(db.actor(), call_v, task{[&] { ++ran; }});
  EXPECT_TRUE(eventually([&] { return db.stats()->total_successes == 100; }));
  EXPECT_EQ(ran, 100);
}

TEST_F(dispatcher, has_handed_over_what_came_before_a_question) {
  for (int i = 0; i < 200; ++i) {
    caf::scoped_actor self{rt.system()};
    std::atomic<bool> begun{false};
    actor::tell(db.actor(), call_v, task{[&] { begun = true; }});
    ASSERT_TRUE(request<statistics>(rt.system(), db.actor(), get_stats_v));
    ASSERT_TRUE(eventually([&] { return begun.load(); }));
  }
}

TEST_F(dispatcher, answers_calls_though_their_breaker_is_killed_meanwhile) {
  auto caller = spawn_caller(8, task{[door = tool.door()] {
                               (*door)();
                               return 7;
                             }});
  ASSERT_TRUE(tool.await_arrivals(4)); // four more wait
  ASSERT_TRUE(rt.kill("db"));
  EXPECT_TRUE(eventually([&] { return db.stats()->restarts == 1; }));
  EXPECT_EQ(heard->answers(), 0);
  tool.release();
  ASSERT_TRUE(eventually([&] { return heard->results == 8; }));
  EXPECT_EQ(db.stats()->total_successes, 8u);
}

TEST_F(dispatcher, loses_no_caller_while_breakers_are_killed) {
  constexpr int calls = 2000;
  auto ran = std::make_shared<std::atomic<int>>(0);
  for (int round = 1; round <= 50; ++round) {
    auto caller = spawn_caller(calls, task{[ran] {
                                 ++*ran;
                                 return 7;
                               }});
    const auto before = (round - 1) * calls;
    while (heard->answers() == before)
      std::this_thread::yield(); // it is in the midst of them
    ASSERT_TRUE(rt.kill("db"));
    ASSERT_TRUE(eventually([&] { return heard->answers() == round * calls; }));
    // What was run has been answered with its result, and counted.
    EXPECT_EQ(heard->results, *ran);
    EXPECT_EQ(db.stats()->total_successes, static_cast<unsigned>(*ran));
  }
}

TEST_F(dispatcher, does_not_mind_a_caller_that_is_gone) {
  auto caller = spawn_caller(3, task{[door = tool.door()] {
                               (*door)();
                               return 7;
                             }});
  ASSERT_TRUE(tool.await_arrivals(3));
  caf::anon_send_exit(caller, caf::exit_reason::kill);
  {
    caf::scoped_actor self{rt.system()};
    self->wait_for(caller);
  }
  caller = nullptr;
  tool.release();
  EXPECT_TRUE(eventually([&] { return db.stats()->total_successes == 3; }));
  EXPECT_EQ(heard->answers(), 0);
  EXPECT_EQ(request<int>(rt.system(), db.actor(), call_v, task{fine}), 7);
}

TEST_F(dispatcher, forgets_a_task_before_its_caller_has_the_answer) {
  for (int i = 0; i < 100; ++i) {
    auto witness = std::make_shared<int>(0);
    std::weak_ptr<int> gone = witness;
    caf::scoped_actor self{rt.system()};
    actor::ask(self, db.actor(), duration{patience}, call_v,
               task{[w = std::move(witness)] { return *w; }})
      .receive([&](int) { EXPECT_TRUE(gone.expired()); },
               [](const caf::error& why) { FAIL() << to_string(why); });
  }
}

TEST_F(dispatcher, answers_and_forgets_calls_that_the_executor_drops) {
  runtime small{[] {
    auto few = options();
    few.workers = 1;
    few.shutdown_grace = 1ms;
    return few;
  }()};
  auto other = small.breaker("other");
  caf::scoped_actor self{small.system()};
  auto first = actor::ask(self, other.actor(), duration{patience}, call_v,
                          task{[door = tool.door()] { (*door)(); }});
  ASSERT_TRUE(tool.await_arrivals(1));
  auto dropped = std::make_shared<int>(0);
  std::weak_ptr<int> witness = dropped;
  auto second = actor::ask(self, other.actor(), duration{patience}, call_v,
                           task{[w = std::move(dropped)] {}});
  ASSERT_TRUE(other.stats());
  small.shutdown();
  for (auto* each : {&first, &second})
    std::move(*each).receive(
      [] { ADD_FAILURE() << "has a result"; },
      [](const caf::error& why) { EXPECT_EQ(why, errc::unavailable); });
  EXPECT_TRUE(witness.expired());
  tool.release();
  ASSERT_TRUE(tool.await_departures(1));
}

TEST_F(dispatcher, shutdown_amid_a_storm_leaves_nobody_waiting) {
  for (int round = 0; round < 20; ++round) {
    actor::init_types();
    auto brief = std::make_unique<runtime>(options());
    auto busy = brief->breaker("busy");
    auto score = std::make_shared<test::score>();
    caf::scoped_actor self{brief->system()};
    auto caller = brief->system().spawn(
      [score, to = busy.actor()](caf::event_based_actor* me) {
        for (int i = 0; i < 1000; ++i)
          actor::ask(me, to, caf::infinite, call_v, task{fine})
            .then([score](int) { ++score->results; },
                  [score](const caf::error&) { ++score->errors; });
      });
    ASSERT_TRUE(eventually([&] { return score->results > 10 * round; }));
    brief->shutdown();
    EXPECT_TRUE(eventually([&] { return score->answers() == 1000; }));
  }
}

} // namespace

} // namespace switchgear::test
