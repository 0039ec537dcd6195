/// The admin server within a program: beginning, ending, dying.

#include "switchgear/admin.hpp"

#include <gmock/gmock.h>

#include <atomic>
#include <chrono>
#include <deque>
#include <future>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>

#include <httplib.h>

#include <nlohmann/json.hpp>

#include "support/breakers.hpp"
#include "support/environment.hpp"
#include "support/eventually.hpp"
#include "support/hold.hpp"
#include "support/raw_client.hpp"
#include "switchgear/runtime.hpp"

using namespace std::chrono_literals;

namespace switchgear {

namespace {

using nlohmann::json;
using test::eventually;
using test::raw_client;
using testing::HasSubstr;

const std::string secret = "0123456789abcdef";

admin_options options() {
  admin_options result;
  result.port = 0;
  result.token = secret;
  return result;
}

runtime_options with_admin() {
  runtime_options result;
  result.admin = options();
  return result;
}

/// A status and a body.
struct answer {
  int status = 0; ///< 0: there was none.
  json body;
};

answer parsed(const httplib::Result& got) {
  if (!got)
    return {};
  return {got->status, json::parse(got->body, nullptr, false)};
}

class client {
public:
  explicit client(const admin_server& where) : port_(where.port()) {
    // nop
  }

  answer get(const std::string& path) const {
    auto http = connect();
    return parsed(http.Get(path));
  }

  answer post(const std::string& path) const {
    auto http = connect();
    return parsed(http.Post(path));
  }

private:
  httplib::Client connect() const {
    httplib::Client result{"127.0.0.1", port_};
    result.set_bearer_token_auth(secret);
    result.set_read_timeout(test::patience);
    return result;
  }

  std::uint16_t port_;
};

admin_control control(std::string id, std::function<std::string()> run) {
  admin_control result;
  result.id = std::move(id);
  result.run = std::move(run);
  return result;
}

class admin : public testing::Test {
protected:
  test::variable no_token{"SWITCHGEAR_ADMIN_TOKEN", ""};
};

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

// -- controls -----------------------------------------------------------------

TEST_F(admin, lets_operators_do_what_the_program_offers) {
  runtime rt{with_admin()};
  const client asks{*rt.admin()};
  int runs = 0;
  rt.admin()->add(
    {control("go", [&] { return "gone " + std::to_string(++runs); })});
  EXPECT_EQ(asks.post("/api/controls/go").body["done"], "gone 1");
  EXPECT_EQ(asks.get("/api/controls/go").status, 405);
  EXPECT_EQ(asks.post("/api/controls/other").status, 404);
  EXPECT_THROW(rt.admin()->add({control("go", [] { return ""; })}),
               setup_error);
  rt.admin()->remove_controls();
  EXPECT_EQ(asks.post("/api/controls/go").status, 404);
  EXPECT_EQ(runs, 1);
}

TEST_F(admin, tells_what_a_control_throws) {
  runtime rt{with_admin()};
  rt.admin()->add(
    {control("a",
             []() -> std::string { throw std::runtime_error{"no \xff luck"}; }),
     control("b", []() -> std::string { throw 42; })});
  const client asks{*rt.admin()};
  const auto got = asks.post("/api/controls/a");
  EXPECT_EQ(got.status, 500);
  EXPECT_EQ(got.body["error"]["message"], "no \ufffd luck");
  EXPECT_EQ(asks.post("/api/controls/b").status, 500);
  EXPECT_EQ(asks.get("/health").status, 200);
}

TEST_F(admin, answers_others_while_a_control_hangs) {
  runtime rt{with_admin()};
  test::hold held;
  rt.admin()->add({control("hang", [door = held.door()] {
    (*door)();
    return std::string{"at last"};
  })});
  const client asks{*rt.admin()};
  auto hangs = std::async(std::launch::async,
                          [&] { return asks.post("/api/controls/hang"); });
  ASSERT_TRUE(held.await_arrivals(1));
  EXPECT_EQ(asks.get("/health").status, 200);
  const auto info = asks.get("/api/info");
  EXPECT_EQ(info.body["controls"].size(), 1u);
  held.release();
  EXPECT_EQ(hangs.get().body["done"], "at last");
}

TEST_F(admin, waits_for_a_control_when_it_stops) {
  runtime rt;
  admin_server tested{rt, options()};
  test::hold held;
  std::atomic<bool> finished = false;
  tested.add({control("hang", [&, door = held.door()] {
    (*door)();
    finished = true;
    return std::string{"at last"};
  })});
  const client asks{tested};
  auto hangs = std::async(std::launch::async,
                          [&] { return asks.post("/api/controls/hang"); });
  ASSERT_TRUE(held.await_arrivals(1));
  auto stops = std::async(std::launch::async, [&] {
    tested.stop();
    EXPECT_TRUE(finished);
  });
  EXPECT_EQ(stops.wait_for(20ms), std::future_status::timeout);
  held.release();
  EXPECT_EQ(hangs.get().body["done"], "at last"); // it still gets its answer
  stops.get();
}

TEST_F(admin, has_controls_that_may_use_it) {
  runtime rt{with_admin()};
  auto& tested = *rt.admin();
  const client asks{tested};
  tested.add({control("add",
                      [&] {
                        tested.add({control("more", [] { return "more"; })});
                        return "added";
                      }),
              control("kill",
                      [&] {
                        rt.breaker("made by a control");
                        rt.reset_all();
                        return tested.url();
                      }),
              control("remove", [&] {
                tested.remove_controls();
                return "removed";
              })});
  EXPECT_EQ(asks.post("/api/controls/add").body["done"], "added");
  EXPECT_EQ(asks.post("/api/controls/more").body["done"], "more");
  EXPECT_EQ(asks.post("/api/controls/kill").body["done"], tested.url());
  EXPECT_EQ(asks.post("/api/controls/remove").body["done"], "removed");
  EXPECT_EQ(asks.post("/api/controls/add").status, 404);
}

// It would wait for itself.
TEST_F(admin, cannot_be_stopped_by_its_own_controls) {
  runtime rt{with_admin()};
  const client asks{*rt.admin()};
  rt.admin()->add({control("stop",
                           [&] {
                             rt.admin()->stop();
                             return "stopped";
                           }),
                   control("shutdown", [&] {
                     rt.shutdown();
                     return "shut down";
                   })});
  for (const auto* path : {"/api/controls/stop", "/api/controls/shutdown"}) {
    const auto got = asks.post(path);
    EXPECT_EQ(got.status, 500);
    EXPECT_THAT(got.body["error"]["message"].get<std::string>(),
                HasSubstr("one of its own controls"));
  }
  EXPECT_EQ(asks.get("/health").status, 200);
  rt.shutdown();
  EXPECT_EQ(rt.admin(), nullptr);
}

TEST_F(admin, may_be_stopped_by_the_controls_of_another) {
  runtime rt{with_admin()};
  admin_server second{rt, options()};
  rt.admin()->add({control("stop", [&] {
    second.stop();
    return "stopped";
  })});
  EXPECT_EQ(client{*rt.admin()}.post("/api/controls/stop").body["done"],
            "stopped");
  EXPECT_EQ(client{second}.get("/health").status, 0);
}

// -- options ------------------------------------------------------------------

std::string refused(const std::string& place) {
  admin_options result;
  try {
    set_listen_address(result, place);
    return result.address + ' ' + std::to_string(result.port);
  } catch (const setup_error& error) {
    EXPECT_EQ(result.address, "127.0.0.1");
    EXPECT_EQ(result.port, 9464);
    return error.what();
  }
}

TEST(admin_options, are_told_where_to_listen) {
  EXPECT_EQ(refused("80"), "127.0.0.1 80");
  EXPECT_EQ(refused("0"), "127.0.0.1 0");
  EXPECT_EQ(refused("0.0.0.0:65535"), "0.0.0.0 65535");
  EXPECT_EQ(refused("[::1]:80"), "::1 80");
  EXPECT_EQ(refused("localhost:80"), "localhost 80"); // `validate` says more
  for (const auto* bad : {"", ":", "x", "127.0.0.1", "127.0.0.1:", ":80",
                          "1.2.3.4:65536", "1.2.3.4:-1", "1.2.3.4:8o", "::1:80",
                          "[::1]", "[::1:80", "[]:80", " 80", "80 ", "+80"})
    EXPECT_THAT(refused(bad), HasSubstr("must be PORT or ADDRESS:PORT")) << bad;
}

TEST(admin_options, are_validated) {
  EXPECT_TRUE(validate(admin_options{}).empty());
  const auto wrong = [](auto change) {
    admin_options result;
    change(result);
    const auto errors = validate(result);
    return errors.size() == 1 ? errors.front().to_string() : explain(errors);
  };
  EXPECT_THAT(wrong([](auto& o) { o.address = "localhost"; }),
              HasSubstr("address = \"localhost\": must be an IPv4 or IPv6"));
  EXPECT_THAT(wrong([](auto& o) {
                o.hosts = {"a", ""};
              }),
              HasSubstr("hosts = \"\": must be host names, without a port"));
  EXPECT_THAT(wrong([](auto& o) { o.title = std::string(101, 'x'); }),
              HasSubstr("100 bytes"));
  EXPECT_THAT(wrong([](auto& o) { o.history = 2h; }), HasSubstr("0 to 1 h"));
  EXPECT_THAT(wrong([](auto& o) { o.history = -1s; }), HasSubstr("0 to 1 h"));
  EXPECT_THAT(wrong([](auto& o) { o.events = 99; }),
              HasSubstr("events = 99: must be 100 to 1000000"));
  EXPECT_THAT(wrong([](auto& o) { o.threads = 65; }), HasSubstr("1 to 64"));
  EXPECT_THAT(wrong([](auto& o) { o.connections = 15; }),
              HasSubstr("connections = 15: must be 16 to 10000"));
  EXPECT_THAT(wrong([](auto& o) { o.streams = 993; }),
              HasSubstr("streams = 993: must be 1 to 992"));
  EXPECT_EQ(wrong([](auto& o) {
              o.connections = 16;
              o.streams = 8;
              o.events = 1'000'000;
              o.history = 1h;
            }),
            "");
}

} // namespace

} // namespace switchgear
