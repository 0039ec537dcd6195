#include "support/supervised_actors.hpp"

#include <gmock/gmock.h>

namespace switchgear::test {

namespace {

using testing::ElementsAre;

class supervisor_tree : public supervised_actors {};

// -- supervisors of supervisors -----------------------------------------------

TEST_F(supervisor_tree, a_nested_one_is_started_before_the_next_child) {
  begin({house("inner", {child("a")}), child("b")});
  EXPECT_THAT(news(), ElementsAre("sup up", "inner up", "a up", "b up"));
  EXPECT_EQ(ask<child_counts>(count_children_v), (child_counts{2, 2, 1, 1}));
  stop();
  EXPECT_THAT(news(), ElementsAre("b shutdown", "a shutdown", "inner shutdown",
                                  "sup shutdown"));
}

TEST_F(supervisor_tree, a_nested_one_may_fail_to_start) {
  begin({child("a"), house("inner", {child("b"), broken("x")})});
  EXPECT_EQ(news().back(), "sup shutdown:failed_to_start_child:inner:"
                           "shutdown:failed_to_start_child:x:nope");
  EXPECT_EQ(alive, 0);
}

TEST_F(supervisor_tree, a_nested_one_that_gives_up_is_restarted_with_its_own) {
  begin({house("inner", {child("a"), child("b")})});
  kill("a");
  news();
  kill("a");
  EXPECT_THAT(news(), ElementsAre("a killed", "b shutdown", "inner shutdown",
                                  "inner up", "a up", "b up"));
}

TEST_F(supervisor_tree, a_transient_one_that_gives_up_stays_down) {
  auto inner = house("inner", {child("a")});
  inner.restart = restart_type::transient;
  begin({inner});
  kill("a");
  kill("a"); // gives up with `shutdown`, which is orderly
  EXPECT_EQ(which(), "inner=undefined ");
}

TEST_F(supervisor_tree, giving_up_goes_all_the_way) {
  begin({house("inner", {child("a")})});
  for (int i = 0; i < 3; ++i)
    kill("a");
  EXPECT_TRUE(current["sup"]);
  news();
  kill("a"); // the inner one gives up for the second time
  EXPECT_THAT(news(),
              ElementsAre("a killed", "inner shutdown", "sup shutdown"));
}

// -- the end of a supervisor --------------------------------------------------

TEST_F(supervisor_tree, nobody_outlives_a_killed_supervisor) {
  begin({child("a"), child("x", deaf),
         house("inner", {child("b"), child("y", deaf)})});
  EXPECT_EQ(alive, 6);
  news();
  caf::anon_send_exit(sup, caf::exit_reason::kill);
  world.run();
  EXPECT_EQ(alive, 0);
}

TEST_F(supervisor_tree, nobody_outlives_an_unreachable_supervisor) {
  begin({child("a"), child("x", deaf)});
  sup = nullptr;
  current.clear();
  world.run();
  EXPECT_EQ(alive, 0);
}

TEST_F(supervisor_tree, a_killed_one_that_waited_leaves_nobody_either) {
  begin({child("a"), child("x", deaf)});
  auto stopped = post<void>(terminate_child_v, std::string{"x"});
  caf::anon_send_exit(sup, caf::exit_reason::kill);
  world.run();
  EXPECT_EQ(alive, 0);
  ASSERT_TRUE(*stopped);
  EXPECT_FALSE(**stopped);
}

} // namespace

} // namespace switchgear::test
