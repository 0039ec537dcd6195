#include "support/fake_children.hpp"

namespace switchgear::test {

namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class restarts : public supervised {};

TEST_F(restarts, restarts_the_one) {
  begin();
  world.crash(2);
  EXPECT_THAT(world.news(), ElementsAre("b up"));
  world.ask(request::which_children{});
  EXPECT_THAT(world.news(), ElementsAre("-> a=1 b=4 c=3"));
}

TEST_F(restarts, restarts_the_rest) {
  begin(with(restart_strategy::rest_for_one));
  world.crash(2);
  EXPECT_THAT(world.news(), ElementsAre("shut down 3", "b up", "c up"));
}

TEST_F(restarts, restarts_all) {
  begin(with(restart_strategy::one_for_all));
  world.crash(2);
  EXPECT_THAT(world.news(), ElementsAre("shut down 3", "shut down 1", "a up",
                                        "b up", "c up"));
}

TEST_F(restarts, ends_if_restarts_are_too_frequent) {
  begin(with(restart_strategy::one_for_one, 2));
  const auto restart = [this](int process) {
    world.crash(process);
    return world.news().back() == "b up";
  };
  EXPECT_TRUE(restart(2));
  EXPECT_TRUE(restart(4));
  world.driver().advance(5s);
  world.crash(5); // the other two are just not too old
  EXPECT_THAT(world.news(),
              ElementsAre("shut down 3", "shut down 1", "down shutdown"));
}

TEST_F(restarts, goes_on_if_restarts_are_rare_enough) {
  begin(with(restart_strategy::one_for_one, 2));
  world.crash(2);
  world.crash(4);
  world.driver().advance(5s + 1ns);
  world.news();
  world.crash(5);
  EXPECT_THAT(world.news(), ElementsAre("b up"));
}

TEST_F(restarts, what_a_former_process_says_is_ignored) {
  begin();
  const auto former = world.alive.at(2);
  world.crash(2);
  world.news();
  world.driver().info(
    notice::child_exited{former.key, former.run, exit_reason::killed()});
  world.driver().info(notice::child_ready{former.key, former.run});
  world.driver().cast(notice::retry{former.key});
  world.driver().run();
  EXPECT_THAT(world.news(), IsEmpty());
}

// -- restarts that fail -------------------------------------------------------

/// `b` can not be restarted before `heal`.
class failing_restart : public supervised {
public:
  void begin_and_crash(int intensity = 9) {
    auto b = world.child("b");
    auto start = b.start;
    b.start = [this, start]() -> start_result<int> {
      if (!sick)
        return start();
      world.log.push_back("b fails");
      if (between)
        std::exchange(between, nullptr)();
      return exit_reason::stopped("nope");
    };
    world.begin({world.child("a"), b},
                with(restart_strategy::one_for_one, intensity));
    sick = true;
    world.news();
    world.crash(2);
  }

  /// Makes a request during the first attempt; a later attempt succeeds.
  template <class Request>
  void ask_meanwhile(Request what) {
    between = [this, what] {
      sick = false;
      world.driver().call(what);
    };
    begin_and_crash();
  }

  bool sick = false;
  std::function<void()> between;
};

TEST_F(failing_restart, is_tried_until_intensity_is_used_up) {
  begin_and_crash(3);
  EXPECT_THAT(world.news(), ElementsAre("b fails", "b fails", "b fails",
                                        "shut down 1", "down shutdown"));
}

TEST_F(failing_restart, shows_and_lets_requests_in_between) {
  ask_meanwhile(request::which_children{});
  EXPECT_THAT(world.news(),
              ElementsAre("b fails", "-> a=1 b=restarting", "b up"));
}

TEST_F(failing_restart, can_not_be_restarted_by_hand) {
  ask_meanwhile(request::restart_child{"b"});
  EXPECT_THAT(world.news(),
              ElementsAre("b fails", "-> refused restarting b", "b up"));
}

TEST_F(failing_restart, can_not_be_deleted) {
  ask_meanwhile(request::delete_child{"b"});
  EXPECT_THAT(world.news(),
              ElementsAre("b fails", "-> refused restarting b", "b up"));
}

TEST_F(failing_restart, can_not_be_added_again) {
  ask_meanwhile(
    request::start_child<int>{std::make_shared<spec>(world.child("b"))});
  EXPECT_THAT(world.news(),
              ElementsAre("b fails", "-> refused already_present b", "b up"));
}

TEST_F(failing_restart, is_not_found_meanwhile) {
  ask_meanwhile(request::find_child{"b"});
  EXPECT_THAT(world.news(),
              ElementsAre("b fails", "-> refused restarting b", "b up"));
}

TEST_F(failing_restart, is_not_active) {
  ask_meanwhile(request::count_children{});
  EXPECT_THAT(world.news(),
              ElementsAre("b fails",
                          "-> specs=2 active=1 supervisors=0 workers=2",
                          "b up"));
}

TEST_F(failing_restart, ends_when_the_child_is_terminated) {
  ask_meanwhile(request::terminate_child{"b"});
  EXPECT_THAT(world.news(), ElementsAre("b fails", "-> done"));
  world.ask(request::which_children{});
  EXPECT_THAT(world.news(), ElementsAre("-> a=1 b=undefined"));
}

TEST_F(failing_restart, ends_with_the_supervisor) {
  between
    = [this] { world.driver().cast(notice::stop{exit_reason::shutdown()}); };
  begin_and_crash();
  EXPECT_THAT(world.news(),
              ElementsAre("b fails", "shut down 1", "down shutdown"));
}

} // namespace

} // namespace switchgear::test
