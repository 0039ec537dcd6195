/// Runtimes and the actor systems that they stand on.

#include <gtest/gtest.h>

#include <atomic>
#include <latch>
#include <memory>
#include <optional>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/event_based_actor.hpp>

#include "support/breaker_printing.hpp"
#include "support/breakers.hpp"
#include "support/request.hpp"
#include "switchgear/actor.hpp"

using namespace std::chrono_literals;

namespace switchgear::test {

namespace {

void parse(caf::actor_system_config& cfg, const std::string& text) {
  std::istringstream file{text};
  const auto err = cfg.parse(std::vector<std::string>{}, file);
  ASSERT_FALSE(err) << to_string(err);
}

TEST(runtime_test, two_in_one_process_know_nothing_of_each_other) {
  runtime first;
  runtime second;
  auto one = first.breaker("db", trips_after(1));
  auto two = second.breaker("db", trips_after(1));
  EXPECT_FALSE(one.call(broken));
  EXPECT_EQ(one.state(), state::open);
  EXPECT_EQ(two.state(), state::closed);
  EXPECT_TRUE(two.call(fine));
  first.shutdown();
  EXPECT_TRUE(two.call(fine));
  EXPECT_EQ(two.stats()->total_successes, 2u);
}

TEST(runtime_test, may_be_made_by_many_threads_at_the_same_time) {
  std::vector<std::thread> users;
  for (int i = 0; i < 4; ++i)
    users.emplace_back([] {
      runtime rt;
      EXPECT_TRUE(rt.breaker("db").call(fine));
    });
  for (auto& each : users)
    each.join();
}

TEST(runtime_test, may_be_ended_by_another_thread_than_made_it) {
  std::unique_ptr<runtime> rt;
  std::latch made{1};
  std::latch ended{1};
  std::thread maker{[&] {
    rt = std::make_unique<runtime>();
    EXPECT_TRUE(rt->breaker("db").call(fine));
    EXPECT_TRUE(rt->stats("db"));
    EXPECT_EQ(rt->all_stats().size(), 1u);
    rt->reset_all();
    EXPECT_TRUE(rt->unregister_breaker("db"));
    made.count_down();
    ended.wait();
  }};
  made.wait();
  // CAF waits for threads that it takes for users of its logger.
  std::thread ender{[&] {
    rt.reset();
    ended.count_down();
  }};
  ender.join();
  maker.join();
}

TEST(runtime_test, may_stand_on_the_users_actor_system) {
  actor::init_types();
  caf::actor_system_config cfg;
  caf::actor_system sys{cfg};
  std::optional<breaker> kept;
  {
    runtime rt{sys};
    EXPECT_EQ(&rt.system(), &sys);
    auto db = rt.breaker("db", trips_after(1));
    EXPECT_TRUE(db.call(fine));
    EXPECT_EQ(request<permit>(sys, db.actor(), acquire_v), (permit{1, 0}));
    kept = db;
  }
  // The system is still there, its breakers are not.
  EXPECT_EQ(kept->call(fine).error(), errc::unavailable);
  EXPECT_EQ(kept->stats().error(), errc::unavailable);
  runtime again{sys, runtime_options{}};
  EXPECT_TRUE(again.breaker("db").call(fine));
}

TEST(runtime_test, reads_its_options_from_the_users_configuration) {
  actor::init_types();
  caf::actor_system_config cfg;
  parse(cfg, "switchgear { defaults { failure-threshold = 1 }, "
             "breakers { web { failure-threshold = 2 } } }");
  caf::actor_system sys{cfg};
  runtime rt{sys};
  EXPECT_EQ(rt.names(), std::vector<std::string>{"web"});
  EXPECT_FALSE(rt.breaker("db").call(broken));
  EXPECT_EQ(rt.breaker("db").state(), state::open);
  EXPECT_FALSE(rt.breaker("web").call(broken));
  EXPECT_EQ(rt.breaker("web").state(), state::closed);
}

TEST(runtime_test, refuses_options_that_are_not_valid) {
  runtime_options options;
  options.workers = 0;
  options.breakers["db"] = trips_after(0);
  try {
    runtime rt{options};
    FAIL() << "was made";
  } catch (const setup_error& ex) {
    EXPECT_EQ(ex.code(), errc::invalid_config);
    EXPECT_EQ(std::string{ex.what()},
              "workers = 0: must be 1 to 10000; breakers.db.failure_threshold "
              "= 0: must be 1 to 1000000");
  }
}

TEST(runtime_test, refuses_a_configuration_that_is_not_valid) {
  actor::init_types();
  caf::actor_system_config cfg;
  parse(cfg, "switchgear { workers = 0 }");
  caf::actor_system sys{cfg};
  EXPECT_THROW(runtime{sys}, setup_error);
  runtime_config ours;
  parse(ours, "switchgear { queue = 1000001 }");
  EXPECT_THROW(runtime{ours}, setup_error);
}

TEST(runtime_test, its_breakers_can_be_asked_by_actors) {
  runtime rt;
  auto db = rt.breaker("db");
  EXPECT_TRUE(db.call(fine));
  std::atomic<std::uint64_t> seen{0};
  rt.system().spawn([&](caf::event_based_actor* self) {
    actor::ask(self, db.actor(), duration{patience}, get_stats_v)
      .then([&](const statistics& s) { seen = s.total_successes; });
  });
  EXPECT_TRUE(eventually([&] { return seen == 1; }));
}

TEST(runtime_test, calls_may_be_made_within_actors) {
  // The breakers' actors run on the same few threads: nobody may wait for
  // another for long.
  caf::actor_system_config cfg;
  actor::init_types();
  cfg.set("caf.scheduler.max-threads", 1);
  caf::actor_system sys{cfg};
  runtime rt{sys, runtime_options{}};
  auto db = rt.breaker("db", trips_after(1000));
  EXPECT_TRUE(db.stats());
  std::atomic<int> done{0};
  duration took{};
  sys.spawn([&](caf::event_based_actor*) {
    took = time_of([&] {
      for (int i = 0; i < 20; ++i)
        EXPECT_FALSE(db.call(broken));
    });
    ++done;
  });
  ASSERT_TRUE(eventually([&] { return done == 1; }));
  EXPECT_LT(took, 2s);
  EXPECT_EQ(db.stats()->total_failures, 20u);
}

} // namespace

} // namespace switchgear::test
