/// Supervisors on CAF's own scheduler: real threads, real time.

#include "switchgear/actor/supervisor.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <thread>
#include <vector>

#include <caf/actor_registry.hpp>
#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/event_based_actor.hpp>
#include <caf/exit_reason.hpp>
#include <caf/scoped_actor.hpp>

#include "switchgear/actor/caf.hpp"
#include "switchgear/actor/exit.hpp"
#include "switchgear/actor/init_types.hpp"

namespace switchgear::test {

namespace {

using namespace std::chrono_literals;

using actor::child_spec;
using actor::start_result;
using actor::start_supervisor;
using statem::exit_reason;
using supervision::child_counts;

class supervisor_threads : public testing::Test {
public:
  struct types {
    types() {
      actor::init_types();
    }
  };

  child_spec child(std::string id) {
    auto start = [this]() -> start_result {
      ++starts;
      return system.spawn([](caf::event_based_actor*) -> caf::behavior {
        return {[](const std::string&) {}};
      });
    };
    return {std::move(id), start, {}, {}, {}};
  }

  static child_spec broken(std::string id) {
    return {std::move(id),
            []() -> start_result { return exit_reason::stopped("nope"); },
            {},
            {},
            {}};
  }

  /// Waits until `done`.
  template <class F>
  static bool eventually(F done) {
    const auto deadline = std::chrono::steady_clock::now() + 60s;
    while (!done()) {
      if (std::chrono::steady_clock::now() > deadline)
        return false;
      std::this_thread::yield();
    }
    return true;
  }

  void stop(caf::actor& sup) {
    caf::anon_send_exit(sup, caf::exit_reason::user_shutdown);
    sup = nullptr;
    EXPECT_TRUE(
      eventually([this] { return system.registry().running() == 0; }));
  }

  types registered;
  caf::actor_system_config config;
  caf::actor_system system{config};
  std::atomic<int> starts{0};
};

TEST_F(supervisor_threads, can_be_waited_for) {
  auto sup = start_supervisor(system, {}, {child("a"), child("b")});
  ASSERT_TRUE(sup);
  EXPECT_EQ(starts, 2);
  stop(*sup);
}

TEST_F(supervisor_threads, tells_why_it_could_not_start) {
  // Often, for the failure may be faster than the question.
  for (int i = 0; i < 200; ++i) {
    auto sup = start_supervisor(system, {}, {child("a"), broken("x")});
    ASSERT_FALSE(sup);
    EXPECT_EQ(actor::from_error(sup.error()).to_string(),
              "shutdown:failed_to_start_child:x:nope");
    auto other = start_supervisor(system, {}, {broken("x")});
    ASSERT_FALSE(other);
    EXPECT_EQ(actor::from_error(other.error()).to_string(),
              "shutdown:failed_to_start_child:x:nope");
  }
}

TEST_F(supervisor_threads, restarts_all_that_are_killed_by_many) {
  constexpr int count = 50;
  constexpr int killers = 4;
  constexpr int rounds = 50;
  actor::supervisor_options options;
  options.intensity = killers * rounds;
  std::vector<child_spec> specs;
  for (int i = 0; i < count; ++i)
    specs.push_back(child(std::to_string(i)));
  auto sup = start_supervisor(system, options, specs);
  ASSERT_TRUE(sup);
  std::atomic<int> killed{0};
  std::vector<std::thread> threads;
  for (int k = 0; k < killers; ++k)
    threads.emplace_back([&, k] {
      caf::scoped_actor self{system};
      for (int i = 0; i < rounds; ++i) {
        const auto id = std::to_string((k * rounds + i) % count);
        actor::ask(self, *sup, caf::infinite, find_child_v, id)
          .receive(
            [&](const caf::actor& process) {
              caf::anon_send_exit(process, caf::exit_reason::kill);
              ++killed;
            },
            [](const caf::error&) { FAIL() << "it gave up"; });
      }
    });
  for (auto& each : threads)
    each.join();
  EXPECT_EQ(killed, killers * rounds);
  EXPECT_TRUE(eventually([&] {
    caf::scoped_actor self{system};
    child_counts counts;
    actor::ask(self, *sup, caf::infinite, count_children_v)
      .receive([&](const child_counts& x) { counts = x; },
               [](const caf::error&) { FAIL() << "it gave up"; });
    return counts.active == count;
  }));
  // Two kills may have hit the same process.
  EXPECT_GT(starts, count);
  EXPECT_LE(starts, count + killed);
  stop(*sup);
}

TEST_F(supervisor_threads, nobody_is_left_when_it_is_killed_while_it_works) {
  for (int i = 0; i < 50; ++i) {
    std::vector<child_spec> inner;
    for (int j = 0; j < 5; ++j)
      inner.push_back(child(std::to_string(j)));
    auto sup = start_supervisor(
      system, {},
      {child("a"), actor::supervisor_child("inner", system, {}, inner)});
    ASSERT_TRUE(sup);
    caf::scoped_actor self{system};
    actor::tell_from(self.ptr(), *sup, start_child_v, child("b"));
    actor::tell_from(self.ptr(), *sup, terminate_child_v, std::string{"inner"});
    caf::anon_send_exit(*sup, caf::exit_reason::kill);
  }
  EXPECT_TRUE(eventually([this] { return system.registry().running() == 0; }));
}

} // namespace

} // namespace switchgear::test
