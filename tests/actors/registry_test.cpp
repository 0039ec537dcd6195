/// Breakers by name.

#include <gmock/gmock.h>

#include <algorithm>
#include <atomic>
#include <latch>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "support/breaker_printing.hpp"
#include "support/breakers.hpp"
#include "support/request.hpp"
#include "switchgear/actor.hpp"

using namespace std::chrono_literals;

namespace switchgear::test {

namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Pair;

class registry : public testing::Test {
public:
  /// What is wrong with asking for this breaker.
  std::string complaint(std::string_view name, const config& cfg = {}) {
    try {
      rt.breaker(name, cfg);
    } catch (const setup_error& ex) {
      EXPECT_EQ(ex.code(), errc::invalid_config);
      return ex.what();
    }
    return "nothing";
  }

  runtime rt;
};

TEST_F(registry, makes_a_breaker_when_it_is_first_asked_for) {
  auto db = rt.breaker("db", trips_after(1));
  EXPECT_EQ(db.name(), "db");
  EXPECT_EQ(rt.breaker("db").core(), db.core());
  EXPECT_EQ(rt.breaker("db", trips_after(9)).core(), db.core());
  EXPECT_FALSE(db.call(broken));
  EXPECT_EQ(db.state(), state::open); // the first settings hold
}

TEST_F(registry, makes_a_breaker_once_however_many_ask) {
  for (int round = 0; round < 10; ++round) {
    const auto name = "raced-" + std::to_string(round);
    std::latch ready{16};
    std::vector<std::shared_ptr<cell>> got(16);
    std::vector<std::thread> users;
    for (auto& mine : got)
      users.emplace_back([&] {
        ready.arrive_and_wait();
        auto found = rt.breaker(name);
        EXPECT_TRUE(found.call(fine));
        mine = found.core();
      });
    for (auto& each : users)
      each.join();
    EXPECT_EQ(std::set(got.begin(), got.end()).size(), 1u);
    EXPECT_EQ(rt.stats(name)->total_successes, 16u);
  }
  EXPECT_EQ(rt.names().size(), 10u);
}

TEST_F(registry, registers_a_breaker_once) {
  auto first = rt.register_breaker("db", trips_after(1));
  ASSERT_TRUE(first);
  auto second = rt.register_breaker("db", trips_after(2));
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error(), errc::already_exists);
  EXPECT_THAT(second.error().message(), HasSubstr("db"));
  EXPECT_FALSE(first->call(broken));
  EXPECT_EQ(first->state(), state::open);
}

TEST_F(registry, lets_one_of_many_register) {
  std::latch ready{16};
  std::atomic<int> won{0};
  std::vector<std::thread> users;
  for (int i = 0; i < 16; ++i)
    users.emplace_back([&] {
      ready.arrive_and_wait();
      won += rt.register_breaker("db", {}).has_value();
    });
  for (auto& each : users)
    each.join();
  EXPECT_EQ(won, 1);
}

TEST_F(registry, finds_what_there_is) {
  EXPECT_EQ(rt.find("db").error(), errc::not_found);
  EXPECT_THAT(rt.find("db").error().message(), HasSubstr("db"));
  EXPECT_EQ(rt.stats("db").error(), errc::not_found);
  EXPECT_EQ(rt.kill("db").error(), errc::not_found);
  EXPECT_EQ(rt.unregister_breaker("db").error(), errc::not_found);
  auto db = rt.breaker("db");
  EXPECT_EQ(rt.find("db")->core(), db.core());
}

TEST_F(registry, takes_names_of_any_bytes) {
  const std::string names[] = {
    "a",
    std::string(255, 'x'),
    "with space, comma; \"quotes\" and\nnew line",
    std::string("nul\0inside", 10),
    std::string("\0", 1),
    "\xff\xfe not UTF-8 \x80",
    "\xe2\x9a\xa1 UTF-8",
    "%s%n{}{0}",
  };
  for (const auto& each : names) {
    auto made = rt.breaker(each, trips_after(1));
    EXPECT_EQ(made.name(), each);
    EXPECT_FALSE(made.call(broken)); // is logged
    EXPECT_EQ(made.stats()->name, each);
    EXPECT_EQ(rt.find(each)->core(), made.core());
    ASSERT_TRUE(rt.kill(each));
    ASSERT_TRUE(
      eventually([&] { return made.stats()->restarts == 1; }));
  }
  EXPECT_EQ(rt.names().size(), std::size(names));
  for (const auto& each : names)
    EXPECT_TRUE(rt.unregister_breaker(each));
  EXPECT_TRUE(rt.names().empty());
}

TEST_F(registry, refuses_names_that_are_empty_or_too_long) {
  EXPECT_EQ(complaint(""), "name of 0 bytes: must be 1 to 255 bytes");
  EXPECT_THAT(complaint(std::string(256, 'x')),
              HasSubstr("name of 256 bytes: must be 1 to 255 bytes"));
  EXPECT_EQ(rt.register_breaker("", {}).error(), errc::invalid_config);
  EXPECT_TRUE(rt.names().empty());
}

TEST_F(registry, refuses_settings_that_are_not_valid) {
  auto cfg = trips_after(0);
  cfg.failure_rate_threshold = 1.5;
  EXPECT_THAT(complaint("db", cfg),
              HasSubstr("breaker db: failure_threshold = 0: must be 1 to "
                        "1000000; failure_rate_threshold = 1.5: must be above "
                        "0, up to and including 1"));
  const auto got = rt.register_breaker("db", cfg);
  ASSERT_FALSE(got);
  EXPECT_EQ(got.error(), errc::invalid_config);
  EXPECT_THAT(got.error().message(), HasSubstr("failure_threshold = 0"));
  EXPECT_TRUE(rt.names().empty());
}

TEST_F(registry, unregistered_breakers_are_gone) {
  auto db = rt.breaker("db", trips_after(1));
  const auto actor = db.actor();
  ASSERT_TRUE(rt.unregister_breaker("db"));
  EXPECT_EQ(db.call(fine).error(), errc::unavailable);
  EXPECT_EQ(db.acquire().error(), errc::unavailable);
  EXPECT_EQ(db.stats().error(), errc::unavailable);
  EXPECT_EQ(db.reset().error(), errc::unavailable);
  EXPECT_FALSE(db.actor());
  EXPECT_EQ(rt.find("db").error(), errc::not_found);
  EXPECT_FALSE(request<permit>(rt.system(), actor, acquire_v));
}

TEST_F(registry, a_name_can_be_used_anew_at_once) {
  for (int round = 0; round < 200; ++round) {
    auto db = rt.breaker("db", trips_after(1));
    EXPECT_EQ(db.state(), state::closed) << round;
    EXPECT_FALSE(db.call(broken));
    ASSERT_EQ(db.state(), state::open) << round;
    EXPECT_EQ(db.stats()->total_failures, 1u);
    ASSERT_TRUE(rt.unregister_breaker("db"));
  }
}

TEST_F(registry, a_breaker_that_was_stopped_is_made_anew) {
  for (int round = 0; round < 200; ++round) {
    auto db = rt.breaker("db", trips_after(1));
    EXPECT_FALSE(db.call(broken));
    ASSERT_EQ(db.state(), state::open) << round;
    ASSERT_TRUE(request<void>(rt.system(), db.actor(), stop_v));
    EXPECT_EQ(db.call(fine).error(), errc::unavailable) << round;
    auto again = rt.breaker("db", trips_after(1));
    EXPECT_NE(again.core(), db.core());
    EXPECT_EQ(again.stats()->total_failures, 0u) << round;
  }
  EXPECT_THAT(rt.names(), ElementsAre("db"));
}

TEST_F(registry, a_breaker_may_be_killed_and_unregistered_at_the_same_time) {
  runtime_options patient;
  patient.restart_intensity = 1'000'000; // some of them are restarted first
  runtime own{patient};
  for (int round = 0; round < 100; ++round) {
    auto db = own.breaker("db", trips_after(1));
    ASSERT_TRUE(own.kill("db"));
    EXPECT_LT(time_of([&] { EXPECT_TRUE(own.unregister_breaker("db")); }), 4s);
    EXPECT_EQ(db.call(fine).error(), errc::unavailable);
    EXPECT_EQ(db.stats().error(), errc::unavailable);
  }
}

TEST_F(registry, many_threads_may_make_and_remove_the_same_breaker) {
  std::vector<std::thread> users;
  for (int i = 0; i < 8; ++i)
    users.emplace_back([&] {
      for (int round = 0; round < 50; ++round) {
        auto db = rt.breaker("db", trips_after(1000));
        const auto got = db.call(fine);
        EXPECT_TRUE(got || got.error() == errc::unavailable);
        static_cast<void>(rt.unregister_breaker("db"));
      }
    });
  for (auto& each : users)
    each.join();
  EXPECT_TRUE(rt.names().empty());
  EXPECT_EQ(rt.breaker("db").stats()->total_calls, 0u);
}

TEST_F(registry, tells_of_all_in_alphabetical_order) {
  auto web = rt.breaker("web", trips_after(1));
  auto db = rt.breaker("db", trips_after(1));
  auto cache = rt.breaker("cache", probes_at_once());
  EXPECT_EQ(rt.health(), (health{3, 3, 0, 0}));
  EXPECT_EQ(rt.health().status(), "healthy");
  EXPECT_FALSE(rt.has_open_circuits());
  EXPECT_FALSE(db.call(broken));
  EXPECT_FALSE(cache.call(broken));
  ASSERT_TRUE(eventually([&] { return cache.state() == state::half_open; }));
  EXPECT_THAT(rt.names(), ElementsAre("cache", "db", "web"));
  EXPECT_THAT(rt.all_states(),
              ElementsAre(Pair("cache", state::half_open),
                          Pair("db", state::open), Pair("web", state::closed)));
  EXPECT_TRUE(rt.has_open_circuits());
  EXPECT_EQ(rt.health(), (health{3, 1, 1, 1}));
  EXPECT_EQ(rt.health().status(), "degraded");
  const auto all = rt.all_stats();
  ASSERT_EQ(all.size(), 3u);
  EXPECT_EQ(all[0].name, "cache");
  EXPECT_EQ(all[1].name, "db");
  EXPECT_EQ(all[1].total_failures, 1u);
  EXPECT_EQ(all[2].name, "web");
  rt.reset_all();
  EXPECT_TRUE(rt.health().healthy());
}

TEST_F(registry, tells_of_all_that_answer_even_if_some_are_killed) {
  for (int i = 0; i < 8; ++i)
    rt.breaker("b" + std::to_string(i));
  for (int round = 0; round < 20; ++round) {
    if (round % 3 == 0) {
      ASSERT_TRUE(rt.kill("b3"));
    }
    EXPECT_EQ(rt.all_stats().size(), 8u);
  }
}

TEST_F(registry, an_actor_is_there_as_soon_as_the_breaker_is) {
  for (int i = 0; i < 100; ++i)
    EXPECT_TRUE(rt.breaker("b" + std::to_string(i)).actor());
}

TEST_F(registry, settings_of_breakers_made_by_name_can_be_chosen) {
  runtime_options options;
  options.defaults = trips_after(2);
  options.breakers["web"] = trips_after(1);
  std::atomic<int> told{0};
  options.hooks.on_state_change = [&](std::string_view, state, state) { ++told; };
  runtime other{options};
  EXPECT_THAT(other.names(), ElementsAre("web"));
  auto web = other.breaker("web");
  EXPECT_FALSE(web.call(broken));
  EXPECT_EQ(web.state(), state::open);
  auto db = other.breaker("db");
  EXPECT_FALSE(db.call(broken));
  EXPECT_EQ(db.state(), state::closed);
  EXPECT_FALSE(db.call(broken));
  EXPECT_EQ(db.state(), state::open);
  EXPECT_TRUE(eventually([&] { return told == 2; }));
}

} // namespace

} // namespace switchgear::test
