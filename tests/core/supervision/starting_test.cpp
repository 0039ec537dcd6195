#include "support/fake_children.hpp"

namespace switchgear::test {

namespace {

using testing::ElementsAre;

class starting_children : public supervised {};

TEST_F(starting_children, what_a_start_function_throws_is_its_failure) {
  world.begin({});
  const auto start = [this](std::function<start_result<int>()> f) {
    auto x = world.child("x");
    x.start = std::move(f);
    world.ask(request::start_child<int>{std::make_shared<spec>(x)});
    return world.news().back();
  };
  EXPECT_EQ(
    start([]() -> start_result<int> { throw std::runtime_error{"boom"}; }),
    "-> failed error:boom");
  EXPECT_EQ(start([]() -> start_result<int> {
              throw statem::exit{exit_reason::shutdown("x")};
            }),
            "-> failed shutdown:x");
  EXPECT_EQ(start([]() -> start_result<int> { throw 1; }),
            "-> failed error:unknown exception");
  EXPECT_EQ(start([]() -> start_result<int> { return 0; }),
            "-> failed error:start function returned no process");
  EXPECT_EQ(start([]() -> start_result<int> { return starting<int>{0}; }),
            "-> failed error:start function returned no process");
}

TEST_F(starting_children, a_failed_first_start_stops_the_others) {
  auto x = world.child("x");
  x.start = []() -> start_result<int> { return exit_reason::stopped("nope"); };
  world.begin({world.child("a"), world.child("b"), x, world.child("c")});
  EXPECT_THAT(world.news(),
              ElementsAre("a up", "b up", "shut down 2", "shut down 1",
                          "down shutdown:failed_to_start_child:x:nope"));
}

/// `b` is not ready at once.
class slow_start : public supervised {
public:
  spec slow(std::string id) {
    auto result = world.child(std::move(id));
    auto start = result.start;
    result.start = [start]() -> start_result<int> {
      return starting<int>{std::get<int>(start())};
    };
    return result;
  }

  void begin_slowly(supervisor_options options = {}) {
    world.begin({world.child("a"), slow("b"), world.child("c")},
                std::move(options));
  }
};

TEST_F(slow_start, is_waited_for) {
  begin_slowly();
  world.ask(request::await_start{});
  EXPECT_THAT(world.news(), ElementsAre("a up", "b up", "await 2"));
  world.ready(2);
  EXPECT_THAT(world.news(), ElementsAre("c up", "-> done"));
}

TEST_F(slow_start, fails_if_the_process_ends) {
  begin_slowly();
  world.ask(request::await_start{});
  world.news();
  world.exit(2, exit_reason::stopped("nope"));
  EXPECT_THAT(
    world.news(),
    ElementsAre("shut down 1", "down shutdown:failed_to_start_child:b:nope"));
}

TEST_F(slow_start, delays_the_restart_of_others) {
  begin_slowly();
  world.crash(1);
  world.news();
  world.ready(2);
  EXPECT_THAT(world.news(), ElementsAre("c up", "a up"));
}

TEST_F(slow_start, is_waited_for_in_a_restart) {
  begin_slowly(with(restart_strategy::rest_for_one));
  world.ready(2);
  world.news();
  world.crash(1);
  EXPECT_THAT(world.news(), ElementsAre("shut down 3", "shut down 2", "a up",
                                        "b up", "await 5"));
  world.exit(5, exit_reason::stopped("nope")); // fails, and is tried again
  EXPECT_THAT(world.news(), ElementsAre("b up", "await 6"));
  world.ready(6);
  EXPECT_THAT(world.news(), ElementsAre("c up"));
}

TEST_F(slow_start, what_a_former_process_says_is_not_about_its_successor) {
  begin_slowly(with(restart_strategy::rest_for_one));
  world.ready(2);
  world.crash(1);
  const auto former = world.alive.at(5);
  world.exit(5, exit_reason::stopped("nope"));
  world.news();
  world.driver().info(
    notice::child_exited{former.key, former.run, exit_reason::killed()});
  world.driver().info(notice::child_ready{former.key, former.run});
  world.driver().run();
  EXPECT_TRUE(world.news().empty());
  world.ready(6);
  EXPECT_THAT(world.news(), ElementsAre("c up"));
}

TEST_F(slow_start, by_request_is_answered_when_it_is_ready) {
  begin();
  world.ask(request::start_child<int>{std::make_shared<spec>(slow("d"))});
  world.ask(request::count_children{});
  EXPECT_THAT(world.news(), ElementsAre("d up", "await 4"));
  world.ready(4);
  EXPECT_THAT(
    world.news(),
    ElementsAre("-> 4", "-> specs=4 active=4 supervisors=0 workers=4"));
}

TEST_F(slow_start, by_request_may_fail) {
  begin();
  world.ask(request::start_child<int>{std::make_shared<spec>(slow("d"))});
  world.exit(4, exit_reason::stopped("nope"));
  world.ask(request::which_children{});
  EXPECT_THAT(world.news(), ElementsAre("d up", "await 4", "-> failed nope",
                                        "-> a=1 b=2 c=3"));
}

} // namespace

} // namespace switchgear::test
