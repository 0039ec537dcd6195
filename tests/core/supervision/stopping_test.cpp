#include "support/fake_children.hpp"

namespace switchgear::test {

namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class stopping : public supervised {};

TEST_F(stopping, stops_in_reverse_order) {
  begin();
  world.stop();
  EXPECT_THAT(world.news(), ElementsAre("shut down 3", "shut down 2",
                                        "shut down 1", "down shutdown"));
}

TEST_F(stopping, ends_with_the_reason_that_it_was_told) {
  begin();
  world.driver().cast(notice::stop{exit_reason::stopped("why")});
  world.driver().run();
  EXPECT_EQ(world.news().back(), "down why");
}

TEST_F(stopping, kills_who_takes_too_long) {
  begin();
  world.stubborn = {2};
  world.ask(request::terminate_child{"b"});
  world.driver().advance(5s - 1ns);
  EXPECT_THAT(world.news(), ElementsAre("shut down 2"));
  world.driver().advance(1ns);
  EXPECT_THAT(world.news(), ElementsAre("kill 2", "-> done"));
}

TEST_F(stopping, each_gets_its_own_time) {
  auto a = world.child("a");
  a.shutdown = 300ms;
  auto b = world.child("b");
  b.shutdown = 200ms;
  world.begin({a, b});
  world.stubborn = {1, 2};
  world.news();
  world.stop();
  world.driver().advance(200ms);
  EXPECT_THAT(world.news(),
              ElementsAre("shut down 2", "kill 2", "shut down 1"));
  world.driver().advance(299ms);
  EXPECT_THAT(world.news(), IsEmpty());
  world.driver().advance(1ms);
  EXPECT_THAT(world.news(), ElementsAre("kill 1", "down shutdown"));
}

TEST_F(stopping, patience_ends_with_the_child) {
  begin();
  world.stubborn = {2};
  world.ask(request::terminate_child{"b"});
  world.driver().advance(4s);
  world.exit(2, exit_reason::shutdown());
  world.ask(request::restart_child{"b"});
  world.news();
  world.driver().advance(1h);
  EXPECT_THAT(world.news(), IsEmpty());
}

TEST_F(stopping, waits_for_ever_if_told_so) {
  auto a = world.child("a");
  a.shutdown = infinity;
  auto b = world.child("b");
  b.type = child_type::supervisor;
  auto c = world.child("c");
  c.shutdown = 1s;
  world.begin({a, b, c});
  world.stubborn = {1, 2, 3};
  world.news();
  world.stop();
  world.driver().advance(10000h);
  EXPECT_THAT(world.news(),
              ElementsAre("shut down 3", "kill 3", "shut down 2"));
  world.exit(2, exit_reason::shutdown());
  world.driver().advance(10000h);
  EXPECT_THAT(world.news(), ElementsAre("shut down 1"));
}

TEST_F(stopping, kills_at_once_if_told_so) {
  auto a = world.child("a");
  a.shutdown = brutal_kill;
  world.begin({a});
  world.news();
  world.stop();
  EXPECT_THAT(world.news(), ElementsAre("kill 1", "down shutdown"));
}

TEST_F(stopping, requests_wait_for_a_slow_stop_in_order) {
  begin();
  world.stubborn = {2};
  world.ask(request::terminate_child{"b"});
  world.ask(request::terminate_child{"c"});
  world.ask(request::which_children{});
  world.ask(request::restart_child{"b"});
  world.ask(request::count_children{});
  EXPECT_THAT(world.news(), ElementsAre("shut down 2"));
  world.exit(2, exit_reason::shutdown());
  EXPECT_THAT(world.news(),
              ElementsAre("-> done", "shut down 3", "-> done",
                          "-> a=1 b=undefined c=undefined", "b up", "-> 4",
                          "-> specs=3 active=2 supervisors=0 workers=3"));
}

TEST_F(stopping, a_stop_waits_its_turn) {
  begin();
  world.stubborn = {2};
  world.ask(request::terminate_child{"b"});
  world.stop();
  world.ask(request::which_children{});
  world.exit(2, exit_reason::shutdown());
  // The last request is lost: its caller sees the exit.
  EXPECT_THAT(world.news(), ElementsAre("shut down 2", "-> done", "shut down 3",
                                        "shut down 1", "down shutdown"));
}

TEST_F(stopping, who_ends_during_a_stop_is_restarted_after_it) {
  begin();
  world.stubborn = {2};
  world.ask(request::terminate_child{"b"});
  world.crash(1);
  world.ask(request::count_children{});
  EXPECT_THAT(world.news(), ElementsAre("shut down 2"));
  world.exit(2, exit_reason::shutdown());
  EXPECT_THAT(world.news(),
              ElementsAre("-> done", "a up",
                          "-> specs=3 active=2 supervisors=0 workers=3"));
}

TEST_F(stopping, who_is_gone_does_not_count_as_active) {
  begin();
  world.stubborn = {2};
  world.ask(request::terminate_child{"b"});
  world.ask(request::count_children{});
  world.ask(request::which_children{});
  world.crash(1);
  world.exit(2, exit_reason::shutdown());
  EXPECT_THAT(world.news(),
              ElementsAre("shut down 2", "-> done",
                          "-> specs=3 active=1 supervisors=0 workers=3",
                          "-> a=1 b=undefined c=3", "a up"));
}

TEST_F(stopping, who_ends_during_a_group_restart_counts_once) {
  begin(with(restart_strategy::one_for_all, 1));
  world.stubborn = {3};
  world.crash(2);
  world.crash(1); // while the supervisor waits for 3
  EXPECT_THAT(world.news(), ElementsAre("shut down 3"));
  world.exit(3, exit_reason::shutdown());
  EXPECT_THAT(world.news(), ElementsAre("a up", "b up", "c up"));
}

TEST_F(stopping, who_ends_before_its_turn_is_not_waited_for) {
  begin();
  world.stubborn = {3};
  world.stop();
  world.crash(1);
  world.exit(2, exit_reason::normal());
  world.exit(3, exit_reason::shutdown());
  EXPECT_THAT(world.news(), ElementsAre("shut down 3", "down shutdown"));
}

} // namespace

} // namespace switchgear::test
