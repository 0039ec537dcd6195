/// What a program lets operators do beside its breakers.

#include <gmock/gmock.h>

#include <atomic>
#include <chrono>
#include <deque>
#include <future>
#include <stdexcept>
#include <string>

#include "admin_fixture.hpp"
#include "support/eventually.hpp"
#include "support/hold.hpp"
#include "support/raw_client.hpp"

using namespace std::chrono_literals;

namespace switchgear {

namespace {

using admin = test::admin_fixture;
using test::client;
using test::control;
using test::eventually;
using test::options;
using test::raw_client;
using test::secret;
using test::with_admin;
using testing::HasSubstr;

/// A program whose operators can make something hang.
class hanging_admin : public admin {
protected:
  admin_control hang() {
    return control("hang", [this, door = held.door()] {
      (*door)();
      finished = true;
      return std::string{"at last"};
    });
  }

  /// Has it hang, and waits for that.
  std::future<test::answer> start_hanging(admin_server& where) {
    where.add({hang()});
    auto result = std::async(std::launch::async, [asks = client{where}] {
      return asks.post("/api/controls/hang");
    });
    EXPECT_TRUE(held.await_arrivals(1));
    return result;
  }

  std::atomic<bool> finished = false;
  test::hold held;
};

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

TEST_F(hanging_admin, answers_others_meanwhile) {
  runtime rt{with_admin()};
  auto hangs = start_hanging(*rt.admin());
  const client asks{*rt.admin()};
  // More than there are threads.
  std::deque<raw_client> others;
  for (int i = 0; i < 10; ++i)
    others.emplace_back(rt.admin()->port())
      .say("POST /api/controls/hang HTTP/1.1\r\nAuthorization: Bearer " + secret
           + "\r\n\r\n");
  EXPECT_EQ(asks.get("/health").status, 200);
  EXPECT_EQ(asks.get("/metrics").status, 200);
  EXPECT_EQ(asks.post("/api/reset_all").status, 200);
  EXPECT_EQ(asks.get("/api/info").body["controls"].size(), 1u);
  EXPECT_EQ(held.arrived(), 1u);
  held.release();
  EXPECT_EQ(hangs.get().body["done"], "at last");
  for (auto& each : others)
    EXPECT_THAT(each.hear_all(), HasSubstr("at last"));
}

TEST_F(hanging_admin, lets_nobody_wait_for_ever) {
  auto how = with_admin();
  how.admin->control_patience = 1ms;
  runtime rt{how};
  rt.admin()->add(
    {hang(), control("other", [] { return std::string{"other"}; })});
  const client asks{*rt.admin()};
  const auto hangs = asks.post("/api/controls/hang");
  EXPECT_EQ(hangs.status, 202);
  EXPECT_EQ(hangs.body["running"], true);
  EXPECT_EQ(hangs.body["done"], nullptr);
  const auto other = asks.post("/api/controls/other");
  EXPECT_EQ(other.status, 503);
  EXPECT_EQ(other.body["error"]["message"],
            "the control hang is still running");
  held.release();
  EXPECT_TRUE(eventually(
    [&] { return asks.post("/api/controls/other").body["done"] == "other"; }));
  // What came of it is told when it is known.
  raw_client follows{rt.admin()->port()};
  follows.say("GET /api/events HTTP/1.1\r\n\r\n");
  EXPECT_THAT(follows.hear("hang: at last"), HasSubstr("hang: at last"));
}

TEST_F(hanging_admin, has_a_successor_that_does_not_wait) {
  runtime rt{with_admin()};
  auto hangs = start_hanging(*rt.admin());
  rt.admin()->kill();
  // Told in a hurry, or left.
  EXPECT_THAT(hangs.get().status, testing::AnyOf(202, 0));
  const client asks{*rt.admin()};
  EXPECT_TRUE(eventually([&] { return asks.get("/health").status == 200; }));
  EXPECT_FALSE(finished);
  held.release();
}

TEST_F(hanging_admin, waits_when_it_stops) {
  runtime rt;
  admin_server tested{rt, options()};
  auto hangs = start_hanging(tested);
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

} // namespace

} // namespace switchgear
