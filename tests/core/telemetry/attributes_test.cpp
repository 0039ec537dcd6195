/// What events say, to machines and to people.

#include <gmock/gmock.h>

#include <algorithm>
#include <set>

#include "support/otlp_events.hpp"
#include "switchgear/telemetry/attributes.hpp"

namespace switchgear::telemetry {

namespace {

using ::testing::Contains;

std::vector<std::string> names_of(const event& what) {
  std::vector<std::string> result;
  for_each_attribute(what, [&](std::string_view name, attribute_value) {
    result.emplace_back(name);
  });
  return result;
}

event bare(event_kind kind) {
  event result;
  result.kind = kind;
  result.breaker = "x";
  return result;
}

std::vector<std::string> catalogued(event_kind kind, bool all) {
  std::vector<std::string> result;
  for (const auto& each : common_attributes())
    result.emplace_back(each.name);
  for (const auto& entry : event_catalogue())
    if (entry.kind == kind)
      for (const auto& each : entry.attributes)
        if (all || each.always)
          result.emplace_back(each.name);
  return result;
}

TEST(attributes, are_those_of_the_catalogue) {
  for (const auto& each : test::one_of_each())
    EXPECT_EQ(names_of(each), catalogued(each.kind, true))
      << to_string(each.kind);
}

TEST(attributes, that_are_not_known_are_left_out) {
  for (const auto& each : event_catalogue())
    EXPECT_EQ(names_of(bare(each.kind)), catalogued(each.kind, false))
      << to_string(each.kind);
}

TEST(event_catalogue, has_each_kind_once) {
  std::set<event_kind> kinds;
  for (const auto& each : event_catalogue()) {
    EXPECT_TRUE(kinds.insert(each.kind).second) << to_string(each.kind);
    EXPECT_FALSE(each.meaning.empty());
  }
  EXPECT_EQ(kinds.size(), static_cast<std::size_t>(event_kind::alert_changed) + 1);
}

TEST(severity, is_a_warning_for_failures_trips_and_alerts) {
  for (const auto& each : test::one_of_each()) {
    const bool bad = each.kind == event_kind::call_failed
                     || each.kind == event_kind::state_transition
                     || each.kind == event_kind::alert_changed;
    EXPECT_EQ(severity_of(each) == severity::warn, bad) << to_string(each.kind);
  }
  auto recovery = bare(event_kind::state_transition);
  recovery.to = state::closed;
  EXPECT_EQ(severity_of(recovery), severity::info);
  auto relief = bare(event_kind::alert_changed);
  relief.level_before = alert_level::warning;
  EXPECT_EQ(severity_of(relief), severity::info);
}

TEST(describe, is_one_line_in_words) {
  std::vector<std::string> lines;
  for (const auto& each : test::one_of_each())
    lines.push_back(describe(each));
  EXPECT_EQ(lines, (std::vector<std::string>{
                     "database: started, closed",
                     "database: call succeeded after 250 ms",
                     "database: call failed after 1.5 s: connection refused",
                     "database: 12 calls rejected: too_many_probes",
                     "database: closed -> open: 3 of the last 4 calls failed",
                     "database: ended: shutdown",
                     "database: restarted, still open: killed",
                     "database: settings changed: window_size: 10 -> 20",
                     "database: mode is now isolated",
                     "database: call ignored (ignored) after 1.5 s: "
                     "connection refused",
                     "database: 2 calls of an earlier epoch came back "
                     "(timeout) after 1.5 s",
                     "database: alert: healthy -> warning: 2 of the last 10 "
                     "calls failed",
                   }));
}

TEST(describe, has_no_line_breaks) {
  auto failed = bare(event_kind::call_failed);
  failed.text = "first\r\nsecond";
  EXPECT_EQ(describe(failed), "x: call failed: first  second");
}

} // namespace

} // namespace switchgear::telemetry
