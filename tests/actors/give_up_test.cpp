/// Too many restarts: the supervisor starts over, at last gives up for good.

#include <gtest/gtest.h>

#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include <caf/exit_reason.hpp>
#include <caf/send.hpp>

#include "support/breaker_printing.hpp"
#include "support/breakers.hpp"
#include "support/request.hpp"
#include "support/subscriber.hpp"
#include "switchgear/actor.hpp"

using namespace std::chrono_literals;

namespace switchgear::test {

namespace {

class giving_up : public testing::Test {
public:
  static runtime_options options() {
    runtime_options result;
    result.restart_intensity = 2;
    result.restart_period = 1h;
    return result;
  }

  /// Kills the actor until the supervisor is another one.
  void wear_out_supervisor() {
    const auto before = rt.supervisor();
    for (int i = 0; i < 3; ++i) {
      const auto victim = db.actor();
      ASSERT_TRUE(victim) << i;
      caf::anon_send_exit(victim, caf::exit_reason::kill);
      ASSERT_TRUE(eventually([&] { return db.actor() != victim; }));
    }
    ASSERT_TRUE(eventually([&] { return rt.supervisor() != before; }));
  }

  runtime rt{options()};
  breaker db = rt.breaker("db", trips_after(2));
  breaker other = rt.breaker("other", trips_after(2));
};

TEST_F(giving_up, the_supervisor_starts_over_and_all_breakers_are_there) {
  EXPECT_FALSE(db.call(broken));
  EXPECT_FALSE(other.call(broken));
  EXPECT_FALSE(other.call(broken));
  for (int round = 0; round < 3; ++round) {
    wear_out_supervisor();
    EXPECT_EQ(db.stats()->total_failures, 1u);
    EXPECT_EQ(db.stats()->consecutive_failures, 1u);
    EXPECT_EQ(other.stats()->total_failures, 2u);
    EXPECT_EQ(other.state(), state::open);
    EXPECT_EQ(other.call(fine).error(), errc::circuit_open);
    // The names still stand for the same breakers.
    EXPECT_EQ(rt.breaker("db").core(), db.core());
    EXPECT_EQ(rt.names(), (std::vector<std::string>{"db", "other"}));
  }
  EXPECT_FALSE(db.call(broken));
  EXPECT_EQ(db.state(), state::open);
}

TEST_F(giving_up, leaves_callers_alone) {
  std::atomic<bool> stop{false};
  std::atomic<int> odd{0};
  std::thread caller{[&] {
    while (!stop)
      if (!other.call(fine))
        ++odd;
  }};
  wear_out_supervisor();
  wear_out_supervisor();
  stop = true;
  caller.join();
  EXPECT_EQ(odd, 0);
}

TEST_F(giving_up, subscribers_hear_of_it_without_a_gap) {
  subscriber log{rt.system()};
  ASSERT_TRUE(
    request<void>(rt.system(), other.actor(), subscribe_v, log.handle()));
  wear_out_supervisor();
  ASSERT_TRUE(other.stats());
  ASSERT_TRUE(log.await(2));
  EXPECT_EQ(log.kinds(),
            (std::vector{event_kind::breaker_terminated,
                         event_kind::breaker_restarted}));
  EXPECT_TRUE(log.contiguous());
}

TEST_F(giving_up, breakers_can_be_made_and_removed_meanwhile) {
  std::atomic<bool> stop{false};
  std::thread user{[&] {
    for (int i = 0; !stop; ++i) {
      auto fresh = rt.breaker("fresh", trips_after(1));
      EXPECT_FALSE(fresh.call(broken));
      EXPECT_TRUE(fresh.stats());
      EXPECT_TRUE(rt.unregister_breaker("fresh"));
      EXPECT_EQ(fresh.call(fine).error(), errc::unavailable);
    }
  }};
  wear_out_supervisor();
  wear_out_supervisor();
  stop = true;
  user.join();
  EXPECT_EQ(rt.names(), (std::vector<std::string>{"db", "other"}));
}

TEST_F(giving_up, for_good_makes_all_unavailable) {
  // Its own restarts are limited, too: five within a minute.
  ASSERT_TRUE(eventually([&] {
    if (auto victim = db.actor()) {
      caf::anon_send_exit(victim, caf::exit_reason::kill);
      return false;
    }
    return !db.call(fine);
  }));
  EXPECT_EQ(db.call(fine).error(), errc::unavailable);
  EXPECT_TRUE(eventually(
    [&] { return !other.call(fine).has_value(); }));
  EXPECT_EQ(other.stats().error(), errc::unavailable);
  EXPECT_THROW(rt.breaker("new"), setup_error);
}

} // namespace

} // namespace switchgear::test
