/// The admin server within a program: beginning, ending, dying.

#include <gmock/gmock.h>

#include <atomic>
#include <chrono>
#include <optional>
#include <stdexcept>
#include <thread>
#include <vector>

#include "admin_fixture.hpp"
#include "support/breakers.hpp"
#include "support/captured_log.hpp"
#include "support/few_descriptors.hpp"
#include "support/raw_client.hpp"

using namespace std::chrono_literals;

namespace switchgear {

namespace {

using admin = test::admin_fixture;
using test::client;
using test::eventually;
using test::options;
using test::raw_client;
using test::with_admin;
using testing::HasSubstr;

TEST_F(admin, is_there_if_it_is_wanted) {
  runtime without;
  EXPECT_EQ(without.admin(), nullptr);
  runtime rt{with_admin()};
  ASSERT_NE(rt.admin(), nullptr);
  EXPECT_NE(rt.admin()->port(), 0);
  EXPECT_EQ(rt.admin()->url(),
            "http://127.0.0.1:" + std::to_string(rt.admin()->port()) + "/");
  EXPECT_TRUE(rt.admin()->writable());
  rt.breaker("db");
  const auto got = client{*rt.admin()}.get("/api/circuit_breakers/db");
  EXPECT_EQ(got.status, 200);
  EXPECT_EQ(got.body["tool"], "db");
}

TEST_F(admin, says_what_cannot_be) {
  auto how = with_admin();
  how.admin->threads = 0;
  how.admin->address = "here";
  try {
    runtime rt{how};
    ADD_FAILURE();
  } catch (const setup_error& error) {
    EXPECT_EQ(error.code(), errc::invalid_config);
    EXPECT_THAT(error.what(), HasSubstr("admin.threads = 0: must be 1 to 64"));
    EXPECT_THAT(error.what(), HasSubstr("admin.address = \"here\""));
  }
}

TEST_F(admin, says_that_its_port_is_in_use_and_leaves_nothing_behind) {
  runtime rt{with_admin()};
  auto same = options();
  same.port = rt.admin()->port();
  const auto sinks = rt.telemetry().health().size();
  try {
    admin_server another{rt, same};
    ADD_FAILURE();
  } catch (const setup_error& error) {
    EXPECT_THAT(error.what(), HasSubstr("Address already in use"));
  }
  EXPECT_EQ(rt.telemetry().health().size(), sinks);
  EXPECT_EQ(client{*rt.admin()}.get("/health").status, 200);
}

TEST_F(admin, ends_with_its_runtime) {
  std::optional<runtime> rt{with_admin()};
  const auto port = rt->admin()->port();
  raw_client follows{port};
  follows.say("GET /api/events HTTP/1.1\r\n\r\n");
  follows.hear("hello");
  raw_client idle{port};
  raw_client slow{port};
  slow.say("GET /");
  EXPECT_LT(test::time_of([&] { rt.reset(); }), test::patience);
  EXPECT_TRUE(follows.is_left());
  EXPECT_TRUE(idle.is_left());
  EXPECT_TRUE(slow.is_left());
  EXPECT_THROW(raw_client{port}, std::runtime_error);
}

TEST_F(admin, is_gone_after_the_runtime_is_shut_down) {
  runtime rt{with_admin()};
  rt.shutdown();
  EXPECT_EQ(rt.admin(), nullptr);
  rt.shutdown();
}

TEST_F(admin, stops_once_and_for_all) {
  runtime rt;
  admin_server tested{rt, options()};
  const auto port = tested.port();
  const auto sinks = rt.telemetry().health().size();
  EXPECT_EQ(client{tested}.get("/health").status, 200);
  tested.stop();
  EXPECT_EQ(client{tested}.get("/health").status, 0);
  EXPECT_EQ(rt.telemetry().health().size(), sinks - 1);
  tested.kill(); // there is nobody left
  tested.stop();
  EXPECT_EQ(tested.port(), port);
}

TEST_F(admin, begins_and_ends_again_and_again) {
  runtime rt;
  rt.breaker("db");
  auto how = options();
  for (int i = 0; i < 10; ++i) {
    admin_server tested{rt, how};
    how.port = tested.port(); // the same one at once
    EXPECT_EQ(client{tested}.get("/api/info").status, 200);
    raw_client follows{tested.port()};
    follows.say("GET /api/events HTTP/1.1\r\n\r\n");
    follows.hear("hello");
    if (i % 2 == 0)
      tested.kill();
  }
}

TEST_F(admin, may_be_there_more_than_once) {
  runtime rt{with_admin()};
  auto reads_only = options();
  reads_only.token.clear();
  reads_only.title = "another";
  admin_server second{rt, reads_only};
  // On the same port of another address, too.
  auto elsewhere = options();
  elsewhere.address = "127.0.0.2";
  elsewhere.port = second.port();
  admin_server third{rt, elsewhere};
  rt.breaker("db");
  for (const auto* each : {rt.admin(), &second})
    EXPECT_EQ(client{*each}.get("/api/circuit_breakers").body.size(), 1u);
  EXPECT_EQ(client{second}.get("/api/info").body["title"], "another");
  EXPECT_EQ(client{second}.post("/api/circuit_breakers/db/isolate").status,
            403);
  EXPECT_EQ(client{*rt.admin()}.post("/api/circuit_breakers/db/isolate").status,
            200);
  httplib::Client other{"127.0.0.2", third.port()};
  EXPECT_TRUE(other.Get("/health"));
  second.stop();
  EXPECT_EQ(client{*rt.admin()}.get("/api/info").status, 200);
  EXPECT_TRUE(other.Get("/health"));
}

TEST_F(admin, goes_on_when_its_actor_is_killed) {
  runtime rt{with_admin()};
  rt.breaker("db");
  const client asks{*rt.admin()};
  const auto instance = asks.get("/api/info").body["instance"];
  for (int i = 0; i < 20; ++i) {
    rt.admin()->kill();
    // Whom the dying one has taken gets nothing; who asks again, an answer.
    EXPECT_TRUE(eventually([&] { return asks.get("/health").status == 200; }));
  }
  EXPECT_TRUE(eventually([&] { return asks.get("/api/info").status == 200; }));
  // It is the same one to those who look from outside.
  EXPECT_EQ(asks.get("/api/info").body["instance"], instance);
}

TEST_F(admin, tries_again_later_if_it_cannot_serve) {
#ifdef __SANITIZE_ADDRESS__
  GTEST_SKIP() << "UBSan opens pipes to see whether an object is one";
#endif
  runtime rt{with_admin()};
  test::captured_log log;
  {
    test::few_descriptors none{0};
    rt.admin()->kill();
    EXPECT_TRUE(eventually([&] {
      return log.text().find("cannot serve, and will try again")
             != std::string::npos;
    }));
  }
  const client asks{*rt.admin()};
  EXPECT_TRUE(eventually([&] { return asks.get("/health").status == 200; }));
  // It was not tried over and over.
  const auto text = log.text();
  EXPECT_EQ(text.find("cannot serve"), text.rfind("cannot serve"));
}

TEST_F(admin, can_be_killed_and_stopped_by_many_at_once) {
  runtime rt;
  for (int round = 0; round < 5; ++round) {
    admin_server tested{rt, options()};
    std::vector<std::jthread> all;
    for (int i = 0; i < 3; ++i) {
      all.emplace_back([&] {
        for (int n = 0; n < 5; ++n)
          tested.kill();
      });
      all.emplace_back([&] { client{tested}.get("/api/circuit_breakers"); });
    }
    all.emplace_back([&] { tested.stop(); });
  }
}

TEST_F(admin, answers_while_breakers_come_and_go) {
  auto how = with_admin();
  how.restart_intensity = 1'000'000;
  runtime rt{how};
  const client asks{*rt.admin()};
  std::atomic<bool> done = false;
  std::jthread changes{[&] {
    for (int i = 0; !done; ++i) {
      auto db = rt.breaker("db", test::trips_after(1));
      static_cast<void>(db.call(test::broken));
      if (i % 3 == 0)
        static_cast<void>(rt.kill("db"));
      static_cast<void>(rt.unregister_breaker("db"));
    }
  }};
  for (int i = 0; i < 50; ++i) {
    EXPECT_EQ(asks.get("/api/circuit_breakers").status, 200);
    EXPECT_THAT(asks.get("/api/circuit_breakers/db").status,
                testing::AnyOf(200, 404, 503));
    EXPECT_THAT(asks.post("/api/circuit_breakers/db/reset").status,
                testing::AnyOf(200, 404, 503));
  }
  done = true;
}

} // namespace

} // namespace switchgear
