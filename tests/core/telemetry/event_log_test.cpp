#include "switchgear/telemetry/event_log.hpp"

#include <gtest/gtest.h>

#include <string>

namespace switchgear::telemetry {

namespace {

std::vector<event> some(const std::string& breakers) {
  std::vector<event> result;
  for (auto name : breakers) {
    auto& made = result.emplace_back();
    made.breaker = name;
    made.sequence = result.size();
  }
  return result;
}

std::string order(const std::vector<event>& all) {
  std::string result;
  for (const auto& each : all)
    result += each.breaker + std::to_string(each.sequence);
  return result;
}

TEST(event_log, gives_events_out_once_in_order) {
  event_log tested;
  tested.add(some("xyx"));
  EXPECT_EQ(order(tested.look()), "x1y2x3");
  EXPECT_EQ(order(tested.take("x")), "x1x3");
  EXPECT_EQ(order(tested.take()), "y2");
  EXPECT_TRUE(tested.look().empty());
}

TEST(event_log, forgets_the_oldest_and_counts_them) {
  event_log tested{2};
  tested.add(some("xyz"));
  EXPECT_EQ(order(tested.look()), "y2z3");
  EXPECT_EQ(tested.forgotten(), 1u);
}

} // namespace

} // namespace switchgear::telemetry
