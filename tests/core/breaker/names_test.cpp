#include <gmock/gmock.h>

#include <set>
#include <string>

#include "switchgear/breaker/events.hpp"
#include "switchgear/breaker/machine.hpp"
#include "switchgear/statem/diagram.hpp"

namespace switchgear {

namespace {

/// The names of all values up to `last`, which must differ.
template <class E>
std::set<std::string> names_up_to(E last) {
  std::set<std::string> result;
  for (int i = 0; i <= static_cast<int>(last); ++i)
    result.emplace(to_string(static_cast<E>(i)));
  EXPECT_EQ(result.size(), static_cast<std::size_t>(last) + 1);
  EXPECT_FALSE(result.contains("?"));
  EXPECT_EQ(to_string(static_cast<E>(200)), "?");
  return result;
}

TEST(names, are_complete_and_distinct) {
  EXPECT_EQ(names_up_to(state::half_open),
            (std::set<std::string>{"closed", "open", "half_open"}));
  EXPECT_EQ(names_up_to(mode::metrics_only),
            (std::set<std::string>{"automatic", "isolated", "forced_closed",
                                   "disabled", "metrics_only"}));
  EXPECT_EQ(names_up_to(outcome::cancelled),
            (std::set<std::string>{"success", "failure", "timeout", "ignored",
                                   "cancelled"}));
  EXPECT_EQ(names_up_to(alert_level::critical),
            (std::set<std::string>{"healthy", "warning", "critical"}));
  EXPECT_TRUE(names_up_to(reason::released).contains("failure_rate"));
}

TEST(names, of_events_are_those_of_the_systems_mirrored) {
  const auto names = names_up_to(event_kind::alert_changed);
  for (const auto& each : names)
    EXPECT_TRUE(each.starts_with("circuit_breaker.")) << each;
  for (auto kept : {"breaker_initialized", "call_succeeded", "call_failed",
                    "call_rejected", "state_transition", "breaker_terminated",
                    "breaker_restarted", "config_changed", "call_late"})
    EXPECT_TRUE(names.contains(std::string{"circuit_breaker."} + kept)) << kept;
}

TEST(names, of_states_are_those_in_the_machines_table) {
  for (auto each : {state::closed, state::open, state::half_open})
    EXPECT_EQ(statem::state_name<breaker_machine>(each), to_string(each));
}

TEST(alert_level, follows_the_state) {
  EXPECT_EQ(level_of(state::closed), alert_level::healthy);
  EXPECT_EQ(level_of(state::half_open), alert_level::warning);
  EXPECT_EQ(level_of(state::open), alert_level::critical);
}

} // namespace

} // namespace switchgear
