/// More statem scenarios than were recorded: the machine of one with the steps
/// of another. Nobody knows their traces, but both drivers must agree on them.

#include <gtest/gtest.h>

#include <algorithm>

#include "conformance/recordings.hpp"

namespace switchgear::conformance {

namespace {

/// @param distance how far apart the two scenarios stand, from 0 (the same one)
lines cross(const std::vector<recording>& all, std::size_t index,
            std::size_t distance) {
  const auto& rules = all[index].scenario;
  const auto& steps = all[(index + distance) % all.size()].scenario;
  lines result{rules.begin(), std::ranges::find(rules, "run")};
  result.insert(result.end(), std::ranges::find(steps, "run"), steps.end());
  return result;
}

class crossed : public testing::TestWithParam<std::size_t> {};

TEST_P(crossed, virtual_time_and_actor_agree) {
  auto all = recordings("statem_rand");
  std::ranges::move(recordings("statem_hand"), std::back_inserter(all));
  for (std::size_t i = 0; i < all.size(); ++i) {
    const auto scenario = cross(all, i, GetParam());
    const auto alone = run_statem(scenario, driver::virtual_time);
    const auto inside = run_statem(scenario, driver::actor);
    ASSERT_EQ(alone, inside) << all[i].name << " with the steps of "
                             << all[(i + GetParam()) % all.size()].name << ":\n"
                             << difference(alone, inside);
  }
}

INSTANTIATE_TEST_SUITE_P(distances, crossed,
                         testing::Values(0, 1, 2, 3, 5, 8, 13, 21, 34, 55, 89));

} // namespace

} // namespace switchgear::conformance
