#include "support/fake_children.hpp"

#include "switchgear/statem/diagram.hpp"

namespace switchgear::test {

namespace {

using testing::ElementsAre;

class requests : public supervised {};

TEST_F(requests, start_child_takes_only_what_makes_sense) {
  begin();
  auto x = world.child("d");
  x.shutdown = -1ms;
  world.ask(request::start_child<int>{std::make_shared<spec>(x)});
  EXPECT_THAT(world.news(),
              ElementsAre("-> refused invalid_spec child \"d\": shutdown is -1 "
                          "ms, but must be 0 ms or more, infinity, or "
                          "brutal_kill"));
}

TEST_F(requests, a_child_that_fails_to_start_is_not_added) {
  begin();
  auto x = world.child("d");
  x.start = []() -> start_result<int> { return exit_reason::stopped("nope"); };
  world.ask(request::start_child<int>{std::make_shared<spec>(x)});
  world.ask(request::which_children{});
  EXPECT_THAT(world.news(), ElementsAre("-> failed nope", "-> a=1 b=2 c=3"));
}

TEST_F(requests, a_child_that_fails_to_restart_by_hand_stays) {
  int starts = 0;
  auto x = world.child("x");
  x.start = [&]() -> start_result<int> {
    if (++starts == 2)
      return exit_reason::stopped("nope");
    return 70 + starts;
  };
  world.begin({x});
  world.ask(request::terminate_child{"x"});
  world.news();
  world.ask(request::restart_child{"x"});
  EXPECT_THAT(world.news(), ElementsAre("-> failed nope"));
  world.ask(request::restart_child{"x"});
  EXPECT_THAT(world.news(), ElementsAre("-> 73"));
}

TEST_F(requests, ignore_counts_as_started) {
  auto x = world.child("x");
  x.start = []() -> start_result<int> { return ignore; };
  auto y = x;
  y.id = "y";
  y.restart = restart_type::temporary;
  world.begin({});
  world.ask(request::start_child<int>{std::make_shared<spec>(x)});
  world.ask(request::start_child<int>{std::make_shared<spec>(y)});
  world.ask(request::restart_child{"x"});
  world.ask(request::which_children{});
  EXPECT_THAT(world.news(),
              ElementsAre("-> 0", "-> 0", "-> 0", "-> x=undefined"));
}

TEST_F(requests, find_child_gives_who_runs) {
  begin();
  world.ask(request::find_child{"b"});
  world.ask(request::find_child{"x"});
  world.ask(request::terminate_child{"b"});
  world.ask(request::find_child{"b"});
  EXPECT_THAT(world.news(),
              ElementsAre("-> 2", "-> refused not_found x", "shut down 2",
                          "-> done", "-> refused not_running b"));
}

// -- size ---------------------------------------------------------------------

TEST_F(requests, many_requests_that_wait_are_not_retried) {
  constexpr auto count = 10'000;
  std::vector<spec> specs;
  for (int i = 0; i < count; ++i)
    specs.push_back(
      {std::to_string(i),
       [this]() -> start_result<int> { return ++world.last_process; },
       {},
       {},
       {}});
  world.begin(std::move(specs));
  const auto before = world.events_handled();
  for (int i = 0; i < count; ++i)
    world.driver().call(request::terminate_child{std::to_string(i)});
  world.driver().run();
  // Each request when it comes and at its turn, and the exit of the child.
  EXPECT_LE(world.events_handled() - before, 3u * count);
  world.ask(request::count_children{});
  EXPECT_EQ(world.log.back(),
            "-> specs=10000 active=0 supervisors=0 workers=10000");
}

TEST(supervisor_machine, can_be_drawn) {
  const auto list = statem::list_machine<supervisor_machine<int>>();
  EXPECT_THAT(list.states, ElementsAre("starting", "running", "stopping"));
  EXPECT_EQ(list.edges.size(), 6u);
}

} // namespace

} // namespace switchgear::test
