/// A breaker asked from another node: two actor systems, one socket.

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <vector>

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/io/all.hpp>

#include "support/breaker_printing.hpp"
#include "support/breakers.hpp"
#include "support/request.hpp"
#include "support/subscriber.hpp"
#include "switchgear/actor.hpp"

using namespace std::chrono_literals;

namespace switchgear::test {

namespace {

/// An actor system that can talk to others.
struct node {
  struct types {
    types() {
      actor::init_types();
      caf::io::middleman::init_global_meta_objects();
    }
  };

  node() {
    config.load<caf::io::middleman>();
    sys.emplace(config);
  }

  types registered;
  caf::actor_system_config config;
  std::optional<caf::actor_system> sys;
};

class remote : public testing::Test {
public:
  remote() {
    const auto port = near.sys->middleman().publish(
      caf::actor_cast<breaker_actor>(db.actor()), 0, "127.0.0.1", true);
    EXPECT_TRUE(port) << to_string(port.error());
    auto found
      = far.sys->middleman().remote_actor<breaker_actor>("127.0.0.1", *port);
    EXPECT_TRUE(found) << to_string(found.error());
    proxy = std::move(*found);
  }

  template <class Result, class... Ts>
  expected<Result, caf::error> ask(const Ts&... xs) {
    return request<Result>(*far.sys, proxy, xs...);
  }

  expected<void, caf::error> report(const permit& of, outcome how) {
    return ask<void>(report_v, of, how, duration{1ms}, std::string{"far away"});
  }

  node near;
  node far;
  runtime rt{*near.sys, runtime_options{}};
  breaker db = rt.breaker("db", trips_after(2));
  breaker_actor proxy;
};

TEST_F(remote, is_asked_for_statistics_and_settings) {
  EXPECT_TRUE(db.call(fine));
  EXPECT_FALSE(db.call(broken));
  const auto s = ask<statistics>(get_stats_v);
  ASSERT_TRUE(s) << to_string(s.error());
  EXPECT_EQ(s->name, "db");
  EXPECT_EQ(s->window, "SF");
  EXPECT_EQ(s->last_failure, "std::runtime_error: broken");
  EXPECT_EQ(ask<config>(get_settings_v), trips_after(2));
}

TEST_F(remote, is_asked_for_its_state) {
  ASSERT_TRUE(db.force_open());
  state seen{};
  mode how{};
  caf::scoped_actor self{*far.sys};
  actor::ask(self, proxy, duration{patience}, get_state_v)
    .receive(
      [&](state s, mode m) {
        seen = s;
        how = m;
      },
      [](const caf::error& why) { FAIL() << to_string(why); });
  EXPECT_EQ(seen, state::open);
  EXPECT_EQ(how, mode::automatic);
}

TEST_F(remote, gives_permits_and_takes_reports) {
  for (int i = 0; i < 2; ++i) {
    const auto given = ask<permit>(acquire_v);
    ASSERT_TRUE(given) << to_string(given.error());
    EXPECT_TRUE(report(*given, outcome::failure));
  }
  EXPECT_EQ(db.state(), state::open);
  const auto refused = ask<permit>(acquire_v);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error(), errc::circuit_open);
  EXPECT_GT(actor::to_failure(refused.error()).retry_after(), 50s);
  EXPECT_EQ(db.stats()->last_failure, "far away");
}

TEST_F(remote, is_changed) {
  ASSERT_TRUE(ask<void>(set_mode_v, mode::isolated));
  EXPECT_EQ(db.mode(), mode::isolated);
  ASSERT_TRUE(ask<void>(reset_v));
  EXPECT_EQ(db.state(), state::closed);
  ASSERT_TRUE(ask<void>(force_open_v));
  EXPECT_EQ(db.state(), state::open);
  ASSERT_TRUE(ask<void>(reconfigure_v, trips_after(7)));
  EXPECT_EQ(db.settings(), trips_after(7));
  const auto wrong = ask<void>(reconfigure_v, trips_after(0));
  ASSERT_FALSE(wrong);
  EXPECT_EQ(wrong.error(), errc::invalid_config);
}

TEST_F(remote, tells_its_subscribers) {
  subscriber log{*far.sys};
  ASSERT_TRUE(ask<void>(subscribe_v, log.handle()));
  EXPECT_FALSE(db.call(broken));
  EXPECT_FALSE(db.call(broken));
  ASSERT_TRUE(log.await(3));
  EXPECT_EQ(log.kinds(), (std::vector{event_kind::call_failed,
                                      event_kind::call_failed,
                                      event_kind::state_transition}));
  EXPECT_TRUE(log.contiguous());
}

TEST_F(remote, that_is_gone_answers_with_an_error) {
  ASSERT_TRUE(rt.unregister_breaker("db"));
  // CAF 0.18 drops requests to an actor that has ended on another node, all but
  // the first: the timeout of the request is what one can rely on.
  caf::scoped_actor self{*far.sys};
  for (int i = 0; i < 2; ++i)
    actor::ask(self, proxy, duration{100ms}, acquire_v)
      .receive([](const permit&) { FAIL() << "still there"; },
               [&](const caf::error& why) {
                 const auto code = actor::to_failure(why).code();
                 EXPECT_TRUE(code == errc::unavailable || code == errc::timeout)
                   << to_string(why);
               });
}

} // namespace

} // namespace switchgear::test
