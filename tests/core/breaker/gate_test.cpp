#include "switchgear/breaker/gate.hpp"

#include <gtest/gtest.h>

using namespace std::chrono_literals;

namespace switchgear {

namespace {

using policy = gate::policy;
using answer = gate::answer;

// -- one thread ---------------------------------------------------------------

TEST(gate, lets_pass_with_the_epoch_of_its_word) {
  gate tested;
  EXPECT_EQ(tested.admit().what, answer::pass); // before anything is published
  tested.publish({.what = policy::pass, .epoch = 7});
  const auto got = tested.admit();
  EXPECT_EQ(got.what, answer::pass);
  EXPECT_EQ(got.given, (permit{7, 0}));
  EXPECT_EQ(tested.epoch(), 7u);
}

TEST(gate, tells_at_once_whether_calls_just_pass) {
  gate tested;
  EXPECT_EQ(tested.passes(), 1u);
  tested.publish({.what = policy::pass, .epoch = 7});
  EXPECT_EQ(tested.passes(), 7u);
  for (auto other : {policy::reject, policy::probe, policy::probe_or_pass,
                     policy::gone}) {
    tested.publish({.what = other, .epoch = 8, .probes_allowed = 1});
    EXPECT_EQ(tested.passes(), 0u);
    EXPECT_EQ(tested.epoch(), 8u);
  }
}

TEST(gate, turns_away) {
  gate tested;
  const auto until = time_point{5s};
  tested.publish({.what = policy::reject, .epoch = 2, .retry_at = until});
  EXPECT_EQ(tested.admit().what, answer::open);
  EXPECT_EQ(tested.admit().what, answer::open);
  EXPECT_EQ(tested.retry_at(), until);
}

TEST(gate, lends_probes_up_to_the_limit) {
  gate tested;
  tested.publish({.what = policy::probe, .epoch = 3, .probes_allowed = 2});
  const auto a = tested.admit();
  const auto b = tested.admit();
  EXPECT_EQ(a.what, answer::probe);
  EXPECT_EQ(a.given.epoch, 3u);
  EXPECT_TRUE(a.given.is_probe());
  EXPECT_NE(a.given.lease, b.given.lease);
  EXPECT_EQ(tested.admit().what, answer::no_probe_left);
  tested.publish({.what = policy::probe,
                  .epoch = 3,
                  .probes_allowed = 2,
                  .probes_ended = 1});
  EXPECT_EQ(tested.admit().what, answer::probe);
  EXPECT_EQ(tested.admit().what, answer::no_probe_left);
}

TEST(gate, takes_over_a_changed_limit_within_an_epoch) {
  gate tested;
  tested.publish({.what = policy::probe, .epoch = 3, .probes_allowed = 1});
  tested.admit();
  tested.publish({.what = policy::probe, .epoch = 3, .probes_allowed = 3});
  EXPECT_EQ(tested.admit().what, answer::probe);
  tested.publish({.what = policy::probe, .epoch = 3, .probes_allowed = 2});
  EXPECT_EQ(tested.admit().what, answer::no_probe_left);
}

TEST(gate, lends_a_million_probes) {
  gate tested;
  tested.publish(
    {.what = policy::probe, .epoch = 9, .probes_allowed = 1'000'000});
  for (int i = 0; i < 1'000'000; ++i)
    ASSERT_EQ(tested.admit().what, answer::probe);
  EXPECT_EQ(tested.admit().what, answer::no_probe_left);
  tested.publish({.what = policy::reject, .epoch = 9});
  EXPECT_EQ(tested.admit().what, answer::open);
}

TEST(gate, lets_others_pass_when_it_only_measures) {
  gate tested;
  tested.publish(
    {.what = policy::probe_or_pass, .epoch = 3, .probes_allowed = 1});
  EXPECT_TRUE(tested.admit().given.is_probe());
  const auto other = tested.admit();
  EXPECT_EQ(other.what, answer::pass);
  EXPECT_EQ(other.given, (permit{3, 0}));
}

TEST(gate, keeps_its_probes_when_the_policy_changes_within_an_epoch) {
  gate tested;
  tested.publish({.what = policy::probe, .epoch = 3, .probes_allowed = 1});
  tested.admit();
  tested.publish(
    {.what = policy::probe_or_pass, .epoch = 3, .probes_allowed = 1});
  EXPECT_FALSE(tested.admit().given.is_probe());
  tested.publish({.what = policy::probe, .epoch = 3, .probes_allowed = 1});
  EXPECT_EQ(tested.admit().what, answer::no_probe_left);
}

TEST(gate, that_is_gone_says_so) {
  gate tested;
  tested.publish({.what = policy::gone});
  EXPECT_EQ(tested.admit().what, answer::gone);
}

} // namespace

} // namespace switchgear
