/// More sup scenarios than were recorded: the supervisor of one with the steps
/// of another. Nobody knows their traces, but both drivers must agree on them.

#include <gtest/gtest.h>

#include <algorithm>

#include "conformance/recordings.hpp"

namespace switchgear::conformance {

namespace {

lines run_or_refuse(const lines& scenario, driver how) {
  try {
    return run_sup(scenario, how);
  } catch (const bad_scenario& ex) {
    return {ex.what()}; // a step is about a child that is not there
  }
}

TEST(sup_crossed, virtual_time_and_actor_agree) {
  const auto all = recordings("sup");
  for (const auto& head : all) {
    for (const auto& tail : all) {
      lines scenario{head.scenario.begin(),
                     std::ranges::find(head.scenario, "run")};
      scenario.insert(scenario.end(), std::ranges::find(tail.scenario, "run"),
                      tail.scenario.end());
      const auto alone = run_or_refuse(scenario, driver::virtual_time);
      const auto inside = run_or_refuse(scenario, driver::actor);
      ASSERT_EQ(alone, inside)
        << head.name << " with the steps of " << tail.name << ":\n"
        << difference(alone, inside);
    }
  }
}

} // namespace

} // namespace switchgear::conformance
