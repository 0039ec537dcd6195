#include "switchgear/breaker/config_catalogue.hpp"

#include <gmock/gmock.h>

#include <chrono>
#include <set>
#include <string>

#include "switchgear/breaker/config_fields.hpp"

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

namespace switchgear {

namespace {

TEST(config_catalogue, has_all_settings_in_order) {
  auto entry = config_catalogue().begin();
  for_each_config_field([&](const auto& field) {
    ASSERT_NE(entry, config_catalogue().end());
    EXPECT_EQ(entry->name, field.name);
    ++entry;
  });
  EXPECT_EQ(entry, config_catalogue().end());
}

TEST(config_catalogue, says_something_of_each) {
  const std::set<std::string_view> units{
    "failures", "results", "time",   "share", "calls",
    "factor",   "probes",  "one in", "trips", "yes or no"};
  std::set<std::string_view> meanings;
  for (const auto& each : config_catalogue()) {
    EXPECT_TRUE(units.contains(each.unit)) << each.unit;
    EXPECT_THAT(each.meaning, Not(IsEmpty()));
    EXPECT_TRUE(meanings.insert(each.meaning).second) << each.meaning;
  }
}

TEST(config_catalogue, says_of_times_that_they_are) {
  auto entry = config_catalogue().begin();
  for_each_config_field([&](const auto& field) {
    using type = std::decay_t<decltype(config{}.*field.value)>;
    EXPECT_EQ(entry->unit == "time", (std::is_same_v<type, duration>))
      << entry->name;
    EXPECT_EQ(entry->unit == "yes or no", (std::is_same_v<type, bool>))
      << entry->name;
    ++entry;
  });
}

TEST(config_catalogue, says_what_is_allowed) {
  const config cfg;
  for (const auto& each : config_catalogue())
    EXPECT_THAT(allowed_values(cfg, each.name), Not(IsEmpty())) << each.name;
  EXPECT_EQ(allowed_values(cfg, "failure_threshold"), "1 to 1000000");
  EXPECT_EQ(allowed_values(cfg, "failure_rate_threshold"),
            "above 0, up to and including 1");
  EXPECT_EQ(allowed_values(cfg, "open_timeout"), "1 ms to 30 days");
  EXPECT_EQ(allowed_values(cfg, "rejected_in_total"), "true, false");
}

TEST(config_catalogue, says_what_is_allowed_beside_the_other_settings) {
  config cfg;
  EXPECT_THAT(allowed_values(cfg, "minimum_calls"),
              HasSubstr("window_size (10)"));
  cfg.window_size = 42;
  EXPECT_THAT(allowed_values(cfg, "minimum_calls"),
              HasSubstr("window_size (42)"));
  EXPECT_EQ(allowed_values(cfg, "stuck_after"),
            "0 where max_stuck_calls is not set");
  cfg.max_stuck_calls = 3;
  EXPECT_EQ(allowed_values(cfg, "stuck_after"),
            "1 ms to 24 h where max_stuck_calls is set");
}

// Also where the settings as they are make no sense.
TEST(config_catalogue, says_what_is_allowed_whatever_else_is_wrong) {
  config cfg;
  cfg.window_size = 0;
  cfg.open_timeout = -1s;
  EXPECT_EQ(allowed_values(cfg, "failure_threshold"), "1 to 1000000");
  EXPECT_EQ(allowed_values(cfg, "open_timeout"), "1 ms to 30 days");
}

TEST(config_catalogue, knows_nothing_of_others) {
  for (const auto* name : {"", "failure-threshold", "FAILURE_THRESHOLD", "x"})
    EXPECT_EQ(allowed_values({}, name), "");
}

} // namespace

} // namespace switchgear
