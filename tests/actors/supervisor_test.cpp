#include "support/supervised_actors.hpp"

#include <gmock/gmock.h>

#include <caf/actor_registry.hpp>
#include <caf/scoped_actor.hpp>

namespace switchgear::test {

namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class supervisor_test : public supervised_actors {};

// -- life ---------------------------------------------------------------------

TEST_F(supervisor_test, starts_and_stops_in_order) {
  begin({child("a"), child("b")});
  EXPECT_EQ(try_ask<void>(await_start_v), "ok");
  stop();
  EXPECT_THAT(news(), ElementsAre("sup up", "a up", "b up", "b shutdown",
                                  "a shutdown", "sup shutdown"));
}

TEST_F(supervisor_test, ends_with_the_reason_that_it_is_told) {
  begin({child("a")});
  news();
  auto self = caf::scoped_actor{system()};
  self->send_exit(sup, actor::to_error(exit_reason::stopped("why")));
  world.run();
  EXPECT_THAT(news(), ElementsAre("a shutdown", "sup why"));
}

TEST_F(supervisor_test, takes_no_notice_of_a_normal_exit) {
  begin({child("a")});
  news();
  auto self = caf::scoped_actor{system()};
  self->send_exit(sup, caf::error{});
  world.run();
  EXPECT_THAT(news(), IsEmpty());
}

TEST_F(supervisor_test, restarts_who_is_killed) {
  begin({child("a"), child("b")});
  news();
  kill("a");
  EXPECT_THAT(news(), ElementsAre("a killed", "a up"));
  EXPECT_EQ(which(), "a=current b=current ");
}

TEST_F(supervisor_test, restarts_who_throws) {
  begin({child("a")});
  news();
  send("a", "crash");
  EXPECT_THAT(news(), ElementsAre("a error:boom", "a up"));
}

TEST_F(supervisor_test, restarts_who_had_ended_before_it_was_watched) {
  auto dead = system().spawn(obedient);
  caf::anon_send_exit(dead, caf::exit_reason::kill);
  world.run();
  auto x = child("x");
  x.start = [&dead, start = x.start] {
    return dead ? start_result{std::exchange(dead, nullptr)} : start();
  };
  begin({x});
  EXPECT_THAT(news(), ElementsAre("sup up", "x up"));
  EXPECT_EQ(which(), "x=current ");
}

TEST_F(supervisor_test, gives_up_when_restarts_are_too_frequent) {
  begin({child("a"), child("b")});
  kill("a");
  world.advance(5s + 1ms);
  kill("a");
  news();
  kill("b");
  EXPECT_THAT(news(), ElementsAre("b killed", "a shutdown", "sup shutdown"));
}

TEST_F(supervisor_test, kills_who_takes_too_long) {
  auto x = child("x", slow, 10s);
  x.shutdown = 2s;
  begin({x});
  news();
  stop();
  world.advance(2s - 1ms);
  EXPECT_THAT(news(), IsEmpty());
  world.advance(1ms);
  EXPECT_THAT(news(), ElementsAre("x killed", "sup shutdown"));
}

TEST_F(supervisor_test, hooks_are_told) {
  supervisor_options options;
  options.hooks.on_exit = [&](const std::string& id, const exit_reason& why) {
    log.push_back("exit of " + id + ": " + why.to_string());
  };
  options.hooks.on_restart
    = [&](const std::string& id, const exit_reason& why, std::size_t attempt) {
        log.push_back("restart of " + id + ": " + why.to_string() + ", attempt "
                      + std::to_string(attempt));
      };
  begin({child("a")}, options);
  news();
  kill("a");
  EXPECT_THAT(news(), ElementsAre("a killed", "exit of a: killed", "a up",
                                  "restart of a: killed, attempt 1"));
}

// -- requests -----------------------------------------------------------------

TEST_F(supervisor_test, adds_finds_and_removes_children) {
  begin({child("a")});
  const auto added = ask<caf::actor>(start_child_v, child("b"));
  ASSERT_TRUE(added);
  EXPECT_EQ(*added, current["b"]);
  EXPECT_EQ(ask<caf::actor>(find_child_v, std::string{"b"}), *added);
  EXPECT_EQ(which(), "a=current b=current ");
  EXPECT_EQ(try_ask<void>(terminate_child_v, std::string{"b"}), "ok");
  EXPECT_EQ(which(), "a=current b=undefined ");
  EXPECT_EQ(ask<child_counts>(count_children_v), (child_counts{2, 1, 0, 2}));
  EXPECT_EQ(try_ask<caf::actor>(restart_child_v, std::string{"b"}), "ok");
  EXPECT_EQ(which(), "a=current b=current ");
  try_ask<void>(terminate_child_v, std::string{"b"});
  EXPECT_EQ(try_ask<void>(delete_child_v, std::string{"b"}), "ok");
  EXPECT_EQ(which(), "a=current ");
}

TEST_F(supervisor_test, says_why_a_request_is_refused) {
  begin({child("a"), child("b")});
  try_ask<void>(terminate_child_v, std::string{"b"});
  const std::string x = "x";
  const std::string a = "a";
  const std::string b = "b";
  EXPECT_EQ(try_ask<caf::actor>(find_child_v, x), "not_found x");
  EXPECT_EQ(try_ask<caf::actor>(find_child_v, b), "not_running b");
  EXPECT_EQ(try_ask<void>(terminate_child_v, x), "not_found x");
  EXPECT_EQ(try_ask<void>(delete_child_v, a), "running a");
  EXPECT_EQ(try_ask<caf::actor>(restart_child_v, a), "running a");
  EXPECT_EQ(try_ask<caf::actor>(start_child_v, child("a")),
            "already_started a");
  EXPECT_EQ(try_ask<caf::actor>(start_child_v, child("b")),
            "already_present b");
  EXPECT_EQ(try_ask<caf::actor>(start_child_v, child("")),
            "invalid_spec child id \"\" is empty, but must have at least one "
            "character");
}

TEST_F(supervisor_test, a_failed_start_gives_its_reason) {
  begin({});
  EXPECT_EQ(try_ask<caf::actor>(start_child_v, broken("x")), "nope");
  auto y = broken("y");
  y.start = []() -> start_result { throw std::runtime_error{"boom"}; };
  EXPECT_EQ(try_ask<caf::actor>(start_child_v, y), "error:boom");
  y.start = []() -> start_result { return exit_reason::normal(); };
  EXPECT_EQ(try_ask<caf::actor>(start_child_v, y), "normal");
  y.start = []() -> start_result { return caf::actor{}; };
  EXPECT_EQ(try_ask<caf::actor>(start_child_v, y),
            "error:start function returned no process");
}

TEST_F(supervisor_test, ignore_gives_no_process) {
  auto x = child("x");
  x.start = []() -> start_result { return supervision::ignore; };
  begin({});
  const auto result = ask<caf::actor>(start_child_v, x);
  ASSERT_TRUE(result);
  EXPECT_FALSE(*result);
  EXPECT_EQ(which(), "x=undefined ");
}

TEST_F(supervisor_test, requests_wait_for_a_slow_stop) {
  begin({child("a"), child("x", slow, 3s)});
  auto stopped = post<void>(terminate_child_v, std::string{"x"});
  auto counted = post<child_counts>(count_children_v);
  world.advance(3s - 1ms);
  EXPECT_FALSE(*stopped);
  EXPECT_FALSE(*counted);
  world.advance(1ms);
  ASSERT_TRUE(*stopped);
  EXPECT_TRUE(**stopped);
  ASSERT_TRUE(*counted);
  EXPECT_EQ(**counted, (child_counts{2, 1, 0, 2}));
}

TEST_F(supervisor_test, who_waits_when_it_ends_gets_its_reason) {
  begin({child("a"), child("x", slow, 3s)});
  auto first = post<void>(terminate_child_v, std::string{"x"});
  stop();
  auto last = post<child_counts>(count_children_v);
  world.advance(3s);
  EXPECT_TRUE(**first);
  ASSERT_TRUE(*last);
  EXPECT_EQ(from_error((*last)->error()), exit_reason::shutdown());
}

TEST_F(supervisor_test, refuses_what_makes_no_sense) {
  EXPECT_THROW(spawn_supervisor(system(), {}, {child("a"), child("a")}),
               std::invalid_argument);
  EXPECT_THROW(actor::supervisor_child("x", system(), {}, {child("")}),
               std::invalid_argument);
  supervisor_options options;
  options.intensity = -1;
  EXPECT_THROW(spawn_supervisor(system(), options, {}), std::invalid_argument);
}

// -- first start --------------------------------------------------------------

TEST_F(supervisor_test, a_failed_first_start_ends_it) {
  sup = note("sup", spawn_supervisor(system(), {},
                                     {child("a"), child("b"), broken("x")}));
  EXPECT_EQ(try_ask<void>(await_start_v),
            "shutdown:failed_to_start_child:x:nope");
  EXPECT_THAT(news(),
              ElementsAre("sup up", "a up", "b up", "b shutdown", "a shutdown",
                          "sup shutdown:failed_to_start_child:x:nope"));
}

TEST_F(supervisor_test, a_first_start_may_fail_before_anybody_is_up) {
  begin({broken("x")});
  EXPECT_THAT(
    news(), ElementsAre("sup up", "sup shutdown:failed_to_start_child:x:nope"));
}

TEST_F(supervisor_test, who_says_that_it_will_not_be_ready_has_not_started) {
  auto x = child("x", [](caf::event_based_actor*) -> caf::behavior {
    return {[](await_start) -> caf::result<void> {
      return actor::to_error(exit_reason::stopped("nope"));
    }};
  });
  x.start = [start = x.start]() -> start_result {
    return supervision::starting<caf::actor>{std::get<caf::actor>(start())};
  };
  begin({});
  EXPECT_EQ(try_ask<caf::actor>(start_child_v, x), "nope");
  EXPECT_EQ(alive, 1); // the supervisor
}

// -- size ---------------------------------------------------------------------

TEST_F(supervisor_test, many_children_come_and_go) {
  constexpr auto count = 10'000;
  begin({});
  for (int i = 0; i < count; ++i)
    system().spawn([this, i](caf::event_based_actor* self) {
      auto x = child(std::to_string(i));
      x.restart = restart_type::transient;
      actor::tell_from(self, sup, start_child_v, x);
    });
  world.run();
  EXPECT_EQ(alive, count + 1);
  for (int i = 0; i < count; i += 2)
    actor::tell(current[std::to_string(i)], 0); // a normal end
  world.run();
  EXPECT_EQ(alive, count / 2 + 1);
  const auto counts = child_counts{count, count / 2, 0, count};
  EXPECT_EQ(ask<child_counts>(count_children_v), counts);
  stop();
  EXPECT_EQ(alive, 0);
  current.clear();
  sup = nullptr;
  EXPECT_EQ(system().registry().running(), 0u);
}

} // namespace

} // namespace switchgear::test
