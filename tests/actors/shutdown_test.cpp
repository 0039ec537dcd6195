/// The end of a runtime: nobody is left waiting, and handles go on to answer.

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/scoped_actor.hpp>

#include "support/breaker_printing.hpp"
#include "support/breakers.hpp"
#include "support/hold.hpp"
#include "support/request.hpp"
#include "support/subscriber.hpp"
#include "switchgear/actor.hpp"

using namespace std::chrono_literals;

namespace switchgear::test {

namespace {

class shutdown : public testing::Test {
public:
  static runtime_options options() {
    runtime_options result;
    result.workers = 2;
    result.queue = 10;
    result.shutdown_grace = 50ms;
    return result;
  }

  void expect_gone(breaker& which) {
    EXPECT_EQ(which.call(fine).error(), errc::unavailable);
    EXPECT_EQ(which.acquire().error(), errc::unavailable);
    EXPECT_EQ(which.stats().error(), errc::unavailable);
    EXPECT_EQ(which.reset().error(), errc::unavailable);
    EXPECT_EQ(which.isolate().error(), errc::unavailable);
    EXPECT_FALSE(which.actor());
  }

  hold tool;
  std::unique_ptr<runtime> rt = std::make_unique<runtime>(options());
};

TEST_F(shutdown, once_is_enough_and_twice_does_no_harm) {
  auto db = rt->breaker("db");
  rt->shutdown();
  expect_gone(db);
  rt->shutdown();
  std::thread other{[&] { rt->shutdown(); }};
  rt->shutdown();
  other.join();
  EXPECT_THROW(rt->breaker("new"), setup_error);
  EXPECT_EQ(rt->register_breaker("new", {}).error(), errc::unavailable);
  rt.reset();
  expect_gone(db);
}

TEST_F(shutdown, handles_outlive_the_runtime) {
  auto db = rt->breaker("db", trips_after(1));
  EXPECT_FALSE(db.call(broken));
  auto copy = std::make_unique<breaker>(db);
  rt.reset();
  expect_gone(db);
  expect_gone(*copy);
  EXPECT_EQ(db.name(), "db");
  copy.reset();
  expect_gone(db);
}

TEST_F(shutdown, breakers_that_were_just_made_are_gone_too) {
  for (int round = 0; round < 50; ++round) {
    runtime brief{options()};
    auto db = brief.breaker("db");
    brief.shutdown();
    expect_gone(db);
  }
}

TEST_F(shutdown, a_thread_in_a_callable_comes_back_with_its_result) {
  // Nobody is there to judge the results, or to wait for.
  duration shortest = patience;
  for (int round = 0; round < 5 && shortest > 900ms; ++round) {
    rt = std::make_unique<runtime>(options());
    hold held;
    auto db = rt->breaker("db", trips_after(1));
    std::thread good{[&, door = held.door()] {
      EXPECT_EQ(db.call([&] {
        (*door)();
        return 7;
      }),
                7);
    }};
    std::thread bad{[&, door = held.door()] {
      auto got = db.call([&]() -> int {
        (*door)();
        throw std::runtime_error{"refused"};
      });
      EXPECT_EQ(got.error().message(), "std::runtime_error: refused");
    }};
    ASSERT_TRUE(held.await_arrivals(2));
    rt.reset();
    shortest = std::min(shortest, time_of([&] {
                          held.release();
                          good.join();
                          bad.join();
                        }));
  }
  EXPECT_LT(shortest, 900ms);
}

TEST_F(shutdown, an_admission_may_outlive_the_runtime) {
  auto given = rt->breaker("db").acquire();
  auto failed = rt->breaker("db").acquire();
  rt.reset();
  given->succeed();
  failed->fail(failure{errc::operation_failed, "x"});
}

TEST_F(shutdown, waits_for_callables_that_run_and_answers_their_callers) {
  rt = std::make_unique<runtime>([] {
    auto patient = options();
    patient.shutdown_grace = patience;
    return patient;
  }());
  auto db = rt->breaker("db");
  auto& sys = rt->system();
  caf::scoped_actor self{sys};
  auto pending = actor::ask(self, db.actor(), duration{patience}, call_v,
                            task{[door = tool.door()] {
                              (*door)();
                              return 7;
                            }});
  ASSERT_TRUE(tool.await_arrivals(1));
  std::thread closing{[&] { rt->shutdown(); }};
  ASSERT_TRUE(eventually([&] { return !db.acquire(); }));
  tool.release();
  closing.join();
  std::optional<int> answer;
  std::move(pending).receive(
    [&](int got) { answer = got; },
    [](const caf::error& why) { FAIL() << to_string(why); });
  EXPECT_EQ(answer, 7);
}

TEST_F(shutdown, answers_all_callers_though_callables_hang) {
  auto db = rt->breaker("db");
  caf::scoped_actor self{rt->system()};
  std::vector<decltype(actor::ask(self, db.actor(), duration{patience}, call_v,
                                  task{fine}))>
    pending;
  for (int i = 0; i < 8; ++i) // two run, six wait
    pending.push_back(actor::ask(self, db.actor(), duration{patience}, call_v,
                                 task{[door = tool.door()] {
                                   (*door)();
                                   return 7;
                                 }}));
  ASSERT_TRUE(tool.await_arrivals(2));
  EXPECT_LT(time_of([&] { rt->shutdown(); }), 5s);
  int unavailable = 0;
  for (auto& each : pending)
    std::move(each).receive(
      [](int) { ADD_FAILURE() << "has a result"; },
      [&](const caf::error& why) { unavailable += why == errc::unavailable; });
  EXPECT_EQ(unavailable, 8);
}

TEST_F(shutdown, is_bounded_though_callables_hang) {
  auto db = rt->breaker("db");
  for (int i = 0; i < 2; ++i)
    actor::tell(db.actor(), call_v, task{[door = tool.door()] { (*door)(); }});
  ASSERT_TRUE(tool.await_arrivals(2));
  EXPECT_LT(time_of([&] { rt.reset(); }), 5s);
  // They come back to a world without runtime and actor system.
  tool.release();
  EXPECT_TRUE(tool.await_departures(2));
  expect_gone(db);
}

TEST_F(shutdown, is_bounded_though_listeners_hang) {
  runtime_options o = options();
  o.hooks.on_state_change
    = [door = tool.door()](std::string_view, state, state) { (*door)(); };
  rt = std::make_unique<runtime>(o);
  auto db = rt->breaker("db", trips_after(1));
  EXPECT_FALSE(db.call(broken));
  ASSERT_TRUE(tool.await_arrivals(1));
  EXPECT_LT(time_of([&] { rt.reset(); }), 5s);
  tool.release();
  EXPECT_TRUE(tool.await_departures(1));
}

TEST_F(shutdown, a_promise_may_outlive_the_runtime) {
  std::optional<promise<int>> kept;
  std::atomic<bool> started{false};
  auto db = rt->breaker("db");
  actor::tell(db.actor(), call_v, task::deferred<int>([&](promise<int> later) {
                kept = std::move(later);
                started = true;
              }));
  ASSERT_TRUE(eventually([&] { return started.load(); }));
  rt.reset();
  kept->deliver(7);
  kept.reset();
}

TEST_F(shutdown, lets_listeners_finish) {
  std::atomic<int> told{0};
  auto o = options();
  o.shutdown_grace = patience;
  o.hooks.on_state_change = [&](std::string_view, state, state) { ++told; };
  rt = std::make_unique<runtime>(o);
  auto db = rt->breaker("db", trips_after(1));
  for (int i = 0; i < 50; ++i) {
    ASSERT_TRUE(db.force_open());
    ASSERT_TRUE(db.reset());
  }
  rt.reset();
  EXPECT_EQ(told, 100);
}

TEST_F(shutdown, is_told_to_subscribers) {
  actor::init_types();
  caf::actor_system_config cfg;
  caf::actor_system sys{cfg};
  auto on_system = std::make_unique<runtime>(sys, options());
  subscriber log{sys};
  auto db = on_system->breaker("db");
  auto web = on_system->breaker("web");
  for (auto* each : {&db, &web})
    ASSERT_TRUE(request<void>(sys, each->actor(), subscribe_v, log.handle()));
  on_system->shutdown();
  ASSERT_TRUE(log.await(2));
  EXPECT_EQ(log.kinds(), std::vector(2, event_kind::breaker_terminated));
  // The last one first.
  EXPECT_EQ(log.names(), (std::vector<std::string>{"web", "db"}));
  EXPECT_EQ(log.events()[0].text, "shutdown");
}

TEST_F(shutdown, questions_under_way_are_answered) {
  for (int round = 0; round < 20; ++round) {
    auto brief = std::make_unique<runtime>(options());
    auto db = brief->breaker("db");
    std::atomic<int> asking{0};
    std::atomic<bool> stop{false};
    std::vector<std::thread> users;
    for (int i = 0; i < 3; ++i)
      users.emplace_back([&] {
        ++asking;
        while (!stop) {
          const auto got = db.stats();
          if (!got) {
            EXPECT_EQ(got.error(), errc::unavailable);
          }
          static_cast<void>(db.call(broken));
        }
      });
    ASSERT_TRUE(eventually([&] { return asking == 3; }));
    brief.reset();
    stop = true;
    for (auto& each : users)
      each.join();
    expect_gone(db);
  }
}

} // namespace

} // namespace switchgear::test
