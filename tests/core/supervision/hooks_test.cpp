#include "support/fake_children.hpp"

namespace switchgear::test {

namespace {

using testing::ElementsAre;

class hooks : public supervised {};

TEST_F(hooks, hooks_tell_what_happens) {
  supervisor_options options;
  options.intensity = 3;
  auto& log = world.log;
  options.hooks.on_exit = [&](const std::string& id, const exit_reason& why) {
    log.push_back("exit " + id + ' ' + why.to_string());
  };
  options.hooks.on_start_failed
    = [&](const std::string& id, const exit_reason& why) {
        log.push_back("start failed " + id + ' ' + why.to_string());
      };
  options.hooks.on_restart
    = [&](const std::string& id, const exit_reason& why, std::size_t attempt) {
        log.push_back("restart " + id + ' ' + why.to_string() + ' '
                      + std::to_string(attempt));
      };
  options.hooks.on_give_up
    = [&](const std::string& id) { log.push_back("give up " + id); };
  int starts = 0;
  auto x = world.child("x");
  x.start = [&]() -> start_result<int> {
    if (++starts == 2)
      return exit_reason::stopped("nope");
    return 70 + starts;
  };
  world.begin({world.child("a"), x}, options);
  world.news();
  world.exit(71, exit_reason::error("boom"));
  EXPECT_THAT(world.news(),
              ElementsAre("exit x error:boom", "start failed x nope",
                          "restart x error:boom 2"));
  world.exit(73, exit_reason::killed());
  EXPECT_THAT(world.news(), ElementsAre("exit x killed", "restart x killed 1"));
  world.exit(74, exit_reason::normal());
  EXPECT_THAT(world.news(),
              ElementsAre("exit x normal", "give up x", "shut down 1",
                          "exit a shutdown", "down shutdown"));
}

TEST_F(hooks, an_exit_that_nobody_waited_for_is_told_once) {
  supervisor_options options = with(restart_strategy::one_for_all);
  options.hooks.on_exit = [&](const std::string& id, const exit_reason& why) {
    world.log.push_back("exit " + id + ' ' + why.to_string());
  };
  begin(options);
  world.stubborn = {3};
  world.crash(2);
  world.crash(1); // while 3 is being stopped
  world.exit(3, exit_reason::shutdown());
  EXPECT_THAT(world.news(),
              ElementsAre("exit b error:boom", "shut down 3", "exit c shutdown",
                          "exit a error:boom", "a up", "b up", "c up"));
}

TEST_F(hooks, attempts_are_counted_anew_when_a_restart_was_called_off) {
  supervisor_options options = with(restart_strategy::one_for_all);
  options.hooks.on_restart
    = [&](const std::string& id, const exit_reason&, std::size_t attempt) {
        world.log.push_back("restart " + id + ' ' + std::to_string(attempt));
      };
  int starts = 0;
  auto x = world.child("x");
  x.start = [&]() -> start_result<int> {
    if (++starts != 2)
      return 70 + starts;
    world.driver().call(request::terminate_child{"x"}); // before the retry
    return exit_reason::stopped("nope");
  };
  world.begin({world.child("a"), x}, options);
  world.crash(71);
  world.news();
  world.crash(2);
  EXPECT_THAT(world.news(), ElementsAre("a up", "restart a 1", "restart x 1"));
}

TEST_F(hooks, what_a_hook_throws_is_dropped) {
  supervisor_options options;
  options.hooks.on_exit = [](const std::string&, const exit_reason&) {
    throw std::runtime_error{"boom"};
  };
  begin(options);
  world.crash(2);
  EXPECT_THAT(world.news(), ElementsAre("b up"));
}

} // namespace

} // namespace switchgear::test
