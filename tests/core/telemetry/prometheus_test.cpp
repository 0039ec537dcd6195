/// The text, to the byte.

#include "switchgear/telemetry/prometheus.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <sstream>
#include <string>
#include <vector>

#include "switchgear/telemetry/metrics.hpp"

using namespace std::chrono_literals;
using namespace std::string_literals;

namespace switchgear::telemetry {

namespace {

constexpr auto openmetrics = text_format::openmetrics;

snapshot of(statistics s) {
  return {{}, {std::move(s)}, {}};
}

/// The lines that contain `part`.
std::vector<std::string> lines(const std::string& text, std::string_view part) {
  std::vector<std::string> result;
  std::istringstream in{text};
  for (std::string line; std::getline(in, line);)
    if (line.find(part) != std::string::npos)
      result.push_back(line);
  return result;
}

using texts = std::vector<std::string>;

TEST(prometheus, has_buckets_that_add_up) {
  statistics s;
  s.name = "db";
  s.durations.buckets = {1, 2, 0, 0, 0, 0, 0, 0, 4, 0, 0, 0, 0, 8, 16};
  s.durations.sum = 1234567890123ns;
  const texts expected{
    "# HELP circuit_breaker_call_duration_seconds How long the calls took that "
    "are timed, but for cancelled ones.",
    "# TYPE circuit_breaker_call_duration_seconds histogram",
    R"(circuit_breaker_call_duration_seconds_bucket{name="db",le="0.001"} 1)",
    R"(circuit_breaker_call_duration_seconds_bucket{name="db",le="0.005"} 3)",
    R"(circuit_breaker_call_duration_seconds_bucket{name="db",le="0.01"} 3)",
    R"(circuit_breaker_call_duration_seconds_bucket{name="db",le="0.025"} 3)",
    R"(circuit_breaker_call_duration_seconds_bucket{name="db",le="0.05"} 3)",
    R"(circuit_breaker_call_duration_seconds_bucket{name="db",le="0.1"} 3)",
    R"(circuit_breaker_call_duration_seconds_bucket{name="db",le="0.25"} 3)",
    R"(circuit_breaker_call_duration_seconds_bucket{name="db",le="0.5"} 3)",
    R"(circuit_breaker_call_duration_seconds_bucket{name="db",le="1.0"} 7)",
    R"(circuit_breaker_call_duration_seconds_bucket{name="db",le="2.5"} 7)",
    R"(circuit_breaker_call_duration_seconds_bucket{name="db",le="5.0"} 7)",
    R"(circuit_breaker_call_duration_seconds_bucket{name="db",le="10.0"} 7)",
    R"(circuit_breaker_call_duration_seconds_bucket{name="db",le="30.0"} 7)",
    R"(circuit_breaker_call_duration_seconds_bucket{name="db",le="60.0"} 15)",
    R"(circuit_breaker_call_duration_seconds_bucket{name="db",le="+Inf"} 31)",
    R"(circuit_breaker_call_duration_seconds_sum{name="db"} 1234.567890123)",
    R"(circuit_breaker_call_duration_seconds_count{name="db"} 31)",
  };
  EXPECT_EQ(lines(to_prometheus(of(s)), "duration"), expected);
  auto with_unit = expected;
  with_unit.insert(with_unit.begin() + 2,
                   "# UNIT circuit_breaker_call_duration_seconds seconds");
  EXPECT_EQ(lines(to_prometheus(of(s), openmetrics), "duration"), with_unit);
}

TEST(prometheus, has_counters_with_their_suffix) {
  statistics s;
  s.name = "db";
  s.transition_counts = {
    {state::closed, state::open, reason::failure_rate, 18446744073709551615u}};
  const auto sample
    = "circuit_breaker_state_transitions_total{name=\"db\","
      "from_state=\"closed\",to_state=\"open\",reason=\"failure_rate\"} "
      "18446744073709551615"s;
  EXPECT_EQ(
    lines(to_prometheus(of(s)), "transitions"),
    (texts{"# HELP circuit_breaker_state_transitions_total Changes of "
           "state, those that occurred.",
           "# TYPE circuit_breaker_state_transitions_total counter", sample}));
  EXPECT_EQ(
    lines(to_prometheus(of(s), openmetrics), "transitions"),
    (texts{"# HELP circuit_breaker_state_transitions Changes of state, "
           "those that occurred.",
           "# TYPE circuit_breaker_state_transitions counter", sample}));
}

TEST(prometheus, has_gauges) {
  statistics s;
  s.name = "db";
  s.state = state::open;
  s.window_calls = 3;
  s.window_failures = 1;
  EXPECT_EQ(lines(to_prometheus(of(s)), "circuit_breaker_state{"),
            (texts{R"(circuit_breaker_state{name="db",state="closed"} 0)",
                   R"(circuit_breaker_state{name="db",state="open"} 1)",
                   R"(circuit_breaker_state{name="db",state="half_open"} 0)"}));
  EXPECT_EQ(
    lines(to_prometheus(of(s), openmetrics), "failure_ratio"),
    (texts{
      "# HELP circuit_breaker_failure_ratio Share of failures in the window; "
      "0 while it is empty.",
      "# TYPE circuit_breaker_failure_ratio gauge",
      "# UNIT circuit_breaker_failure_ratio ratio",
      R"(circuit_breaker_failure_ratio{name="db"} 0.3333333333333333)"}));
}

TEST(prometheus, escapes_names) {
  const auto label = [](std::string name) {
    statistics s;
    s.name = std::move(name);
    const auto text
      = lines(to_prometheus(of(s)), "circuit_breaker_calls_active{").at(0);
    const auto first = text.find("=\"") + 2;
    return text.substr(first, text.rfind("\"}") - first);
  };
  EXPECT_EQ(label(""), "");
  EXPECT_EQ(label("a b{c}=,#"), "a b{c}=,#");
  EXPECT_EQ(label("a\\b"), R"(a\\b)");
  EXPECT_EQ(label("a\"b"), R"(a\"b)");
  EXPECT_EQ(label("a\nb"), R"(a\nb)");
  EXPECT_EQ(label("\xe2\x9a\xa1 z\xc3\xbcrich"), "\xe2\x9a\xa1 z\xc3\xbcrich");
  EXPECT_EQ(label("\xff\n"), R"(\\xff\n)");
  EXPECT_EQ(label("\xc3"), R"(\\xc3)");
}

TEST(prometheus, ends_openmetrics_with_its_end) {
  const std::string end = "# EOF\n";
  const auto text = to_prometheus({}, openmetrics);
  EXPECT_TRUE(text.ends_with(end));
  EXPECT_EQ(text.find(end), text.size() - end.size());
  EXPECT_EQ(to_prometheus({}).find(end), std::string::npos);
}

TEST(prometheus, has_the_same_samples_in_both_formats) {
  statistics s;
  s.name = "db";
  s.total_rejected = 5;
  auto all = of(s);
  all.sinks.resize(1);
  all.sinks[0].name = "log";
  EXPECT_EQ(lines(to_prometheus(all), "{"),
            lines(to_prometheus(all, openmetrics), "{"));
}

TEST(prometheus, has_a_head_for_each_metric) {
  const auto text = to_prometheus({});
  const auto count = metric_catalogue().size();
  EXPECT_EQ(lines(text, "# HELP ").size(), count);
  EXPECT_EQ(lines(text, "# TYPE ").size(), count);
  EXPECT_EQ(lines(text, "").size(), 2 * count);
}

} // namespace

} // namespace switchgear::telemetry
