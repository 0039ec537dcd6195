/// Actors that are told of a breaker's events.

#include <gmock/gmock.h>

#include <vector>


#include "support/breaker_printing.hpp"
#include "support/breakers.hpp"
#include "support/request.hpp"
#include "support/subscriber.hpp"
#include "switchgear/actor.hpp"

using namespace std::chrono_literals;

namespace switchgear::test {

namespace {

using testing::ElementsAre;

class subscriptions : public testing::Test {
public:
  /// Subscribes, and waits until that is done.
  void subscribe(const subscriber& who) {
    ASSERT_TRUE(request<void>(rt.system(), db.actor(), subscribe_v,
                              who.handle()));
  }

  runtime rt;
  breaker db = rt.breaker("db", trips_after(2));
};

TEST_F(subscriptions, tell_of_each_call_and_change_in_order) {
  subscriber log{rt.system()};
  subscribe(log);
  EXPECT_TRUE(db.call(fine));
  EXPECT_FALSE(db.call(broken));
  EXPECT_FALSE(db.call(broken));
  EXPECT_FALSE(db.call(fine));
  EXPECT_TRUE(db.stats());
  ASSERT_TRUE(log.await(5));
  EXPECT_THAT(log.kinds(),
              ElementsAre(event_kind::call_succeeded, event_kind::call_failed,
                          event_kind::call_failed, event_kind::state_transition,
                          event_kind::call_rejected));
  const auto told = log.events();
  EXPECT_EQ(told[1].text, "std::runtime_error: broken");
  EXPECT_EQ(told[3].from, state::closed);
  EXPECT_EQ(told[3].to, state::open);
  EXPECT_EQ(told[3].why, reason::consecutive_failures);
  EXPECT_EQ(told[3].epoch, 2u);
  EXPECT_EQ(log.names(), std::vector<std::string>(5, "db"));
}

TEST_F(subscriptions, number_events_without_gaps) {
  subscriber log{rt.system()};
  subscribe(log);
  for (int i = 0; i < 50; ++i) {
    static_cast<void>(db.call(broken));
    if (i % 5 == 0) {
      ASSERT_TRUE(db.reset());
    }
  }
  ASSERT_TRUE(db.stats());
  ASSERT_TRUE(log.await(40));
  EXPECT_TRUE(log.contiguous());
}

TEST_F(subscriptions, tell_soon_of_what_wakes_nobody) {
  // Successes and rejections alone: nobody asks, nothing changes.
  subscriber log{rt.system()};
  subscribe(log);
  ASSERT_TRUE(db.force_open());
  ASSERT_TRUE(log.await(1));
  for (int i = 0; i < 3; ++i)
    EXPECT_FALSE(db.call(fine));
  ASSERT_TRUE(eventually([&] { return log.rejections() == 3; }));
}

TEST_F(subscriptions, of_several_are_independent) {
  subscriber first{rt.system()};
  subscriber second{rt.system()};
  subscribe(first);
  EXPECT_TRUE(db.call(fine));
  ASSERT_TRUE(first.await(1));
  subscribe(second);
  EXPECT_FALSE(db.call(broken));
  EXPECT_TRUE(first.await(2));
  EXPECT_TRUE(second.await(1));
  EXPECT_THAT(second.kinds(), ElementsAre(event_kind::call_failed));
}

TEST_F(subscriptions, made_twice_tell_once) {
  subscriber log{rt.system()};
  subscribe(log);
  subscribe(log);
  EXPECT_TRUE(db.call(fine));
  EXPECT_FALSE(db.call(broken));
  ASSERT_TRUE(log.await(2));
  EXPECT_TRUE(log.contiguous());
}

TEST_F(subscriptions, end_when_asked_to) {
  subscriber log{rt.system()};
  subscriber witness{rt.system()};
  subscribe(log);
  subscribe(witness);
  ASSERT_TRUE(
    request<void>(rt.system(), db.actor(), unsubscribe_v, log.handle()));
  EXPECT_FALSE(db.call(broken));
  ASSERT_TRUE(witness.await(1));
  ASSERT_TRUE(db.stats());
  EXPECT_TRUE(log.events().empty());
}

TEST_F(subscriptions, of_one_that_ends_end) {
  subscriber witness{rt.system()};
  subscribe(witness);
  for (int i = 0; i < 20; ++i) {
    subscriber log{rt.system()};
    subscribe(log);
    if (i % 2 == 0)
      log.kill();
  }
  EXPECT_FALSE(db.call(broken));
  EXPECT_TRUE(witness.await(1));
  EXPECT_EQ(db.stats()->restarts, 0u);
}

TEST_F(subscriptions, of_one_that_has_ended_do_no_harm) {
  subscriber log{rt.system()};
  log.kill();
  subscribe(log);
  EXPECT_FALSE(db.call(broken));
  EXPECT_TRUE(db.stats());
}

TEST_F(subscriptions, of_nobody_do_no_harm) {
  EXPECT_TRUE(
    request<void>(rt.system(), db.actor(), subscribe_v, caf::actor{}));
  EXPECT_FALSE(db.call(broken));
  EXPECT_TRUE(db.stats());
}

TEST_F(subscriptions, outlive_the_breakers_actor) {
  subscriber log{rt.system()};
  subscribe(log);
  EXPECT_FALSE(db.call(broken));
  ASSERT_TRUE(log.await(1));
  for (std::uint64_t i = 1; i <= 5; ++i) {
    ASSERT_TRUE(rt.kill("db"));
    ASSERT_TRUE(eventually([&] { return db.stats()->restarts == i; }));
  }
  ASSERT_TRUE(log.await(6));
  EXPECT_EQ(log.kinds().back(), event_kind::breaker_restarted);
  EXPECT_FALSE(db.call(broken));
  ASSERT_TRUE(log.await(8));
  EXPECT_TRUE(log.contiguous());
}

TEST_F(subscriptions, tell_of_the_end) {
  subscriber log{rt.system()};
  subscribe(log);
  ASSERT_TRUE(request<void>(rt.system(), db.actor(), stop_v));
  ASSERT_TRUE(log.await(1));
  EXPECT_EQ(log.kinds().back(), event_kind::breaker_terminated);
  EXPECT_EQ(log.events().back().text, "normal");
  EXPECT_NE(log.events().back().at, time_point{});
}

TEST_F(subscriptions, tell_of_an_unregistered_breaker) {
  subscriber log{rt.system()};
  subscribe(log);
  ASSERT_TRUE(rt.unregister_breaker("db"));
  ASSERT_TRUE(log.await(1));
  EXPECT_EQ(log.kinds().back(), event_kind::breaker_terminated);
  EXPECT_EQ(log.events().back().text, "shutdown");
}

TEST_F(subscriptions, tell_of_all_changes_by_hand) {
  subscriber log{rt.system()};
  subscribe(log);
  ASSERT_TRUE(db.isolate());
  ASSERT_TRUE(db.reset());
  ASSERT_TRUE(db.reconfigure(trips_after(3)));
  ASSERT_TRUE(log.await(5));
  EXPECT_THAT(
    log.kinds(),
    ElementsAre(event_kind::mode_changed, event_kind::state_transition,
                event_kind::mode_changed, event_kind::state_transition,
                event_kind::config_changed));
}

} // namespace

} // namespace switchgear::test
