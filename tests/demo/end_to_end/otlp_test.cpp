/// What a collector gets from the demo, compared with what the demo prints.

#include <gmock/gmock.h>

#include <algorithm>
#include <map>
#include <numeric>

#include "end_to_end/demo_run.hpp"
#include "support/eventually.hpp"
#include "support/otlp_collector.hpp"
#include "support/reserved_port.hpp"

namespace demo {

namespace {

using namespace std::chrono_literals;
using namespace switchgear::test;
using switchgear::telemetry::otlp_protocol;
using ::testing::ContainsRegex;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;
using texts = std::vector<std::string>;

std::string protocol_variable(otlp_protocol protocol) {
  return "OTEL_EXPORTER_OTLP_PROTOCOL=" + std::string{to_string(protocol)};
}

std::string text_of(const otlp_attributes& from, const std::string& name) {
  const auto found = from.find(name);
  if (found == from.end())
    return "(no " + name + ")";
  const auto* text = std::get_if<std::string>(&found->second);
  return text != nullptr ? *text : "(not a text)";
}

double number_of(const otlp_attributes& from, const std::string& name) {
  const auto& value = from.at(name);
  const auto* whole = std::get_if<std::int64_t>(&value);
  return whole != nullptr ? static_cast<double>(*whole)
                          : std::get<double>(value);
}

/// The last value of each series of a metric, by its attributes in order of
/// their names: `name, outcome`.
std::map<texts, otlp_point> series(const otlp_collector& from,
                                   const std::string& metric) {
  std::map<texts, otlp_point> result;
  for (const auto& point : from.points())
    if (point.metric == metric) {
      texts key;
      for (const auto& [name, value] : point.attributes)
        key.push_back(std::get<std::string>(value));
      auto& known = result[key];
      if (point.time >= known.time)
        known = point;
    }
  return result;
}

std::map<texts, double> values(const otlp_collector& from,
                               const std::string& metric) {
  std::map<texts, double> result;
  for (const auto& [key, point] : series(from, metric))
    result[key] = point.value;
  return result;
}

/// All records of a kind of event.
std::vector<otlp_log> records(const otlp_collector& from,
                              const std::string& kind) {
  auto result = from.logs();
  std::erase_if(result, [&](const otlp_log& each) {
    return each.event_name != "circuit_breaker." + kind;
  });
  return result;
}

class demo_by_otlp : public ::testing::TestWithParam<otlp_protocol> {
public:
  demo_by_otlp() : collector(make_collector(GetParam())) {
    // nop
  }

  std::unique_ptr<otlp_collector> collector;
};

INSTANTIATE_TEST_SUITE_P(, demo_by_otlp,
                         ::testing::Values(otlp_protocol::http_json,
                                           otlp_protocol::http_protobuf,
                                           otlp_protocol::grpc),
                         [](const auto& tested) {
                           std::string name{to_string(tested.param)};
                           std::ranges::replace(name, '/', '_');
                           return name;
                         });

void expect_counts_as_printed(const otlp_collector& collector,
                              const demo_run& demo) {
  const auto successes = demo.number("Successes");
  const auto failures = demo.number("Failures");
  const auto rejected = demo.number("Rejected");
  const auto total = demo.number("Total calls");
  const std::string tool = "test_tool";

  const auto calls = values(collector, "circuit_breaker.calls");
  const std::map<texts, double> expected{
    {{tool, "success"}, static_cast<double>(successes)},
    {{tool, "failure"}, static_cast<double>(failures)},
    {{tool, "rejected"}, static_cast<double>(rejected)},
    {{tool, "timeout"}, 0},
    {{tool, "ignored"}, 0},
    {{tool, "cancelled"}, 0},
    {{tool, "late"}, 0}};
  EXPECT_EQ(calls, expected);
  EXPECT_EQ(std::accumulate(
              calls.begin(), calls.end(), 0.0,
              [](double sum, const auto& each) { return sum + each.second; }),
            total);

  const auto durations = series(collector, "circuit_breaker.call.duration");
  ASSERT_THAT(durations, SizeIs(1));
  const auto& histogram = durations.at({tool});
  EXPECT_EQ(histogram.count, total - rejected);
  EXPECT_EQ(std::accumulate(histogram.buckets.begin(), histogram.buckets.end(),
                            std::uint64_t{0}),
            total - rejected);
  EXPECT_GE(histogram.value, 1); // one call waited for a second

  const auto transitions = values(collector, "circuit_breaker.transitions");
  EXPECT_EQ(transitions, (std::map<texts, double>{
                           // from, name, reason, to
                           {{"closed", tool, "consecutive_failures", "open"},
                            static_cast<double>(demo.number("Trips"))},
                           {{"open", tool, "open_time_over", "half_open"}, 1},
                           {{"half_open", tool, "recovered", "closed"}, 1}}));
  EXPECT_EQ(values(collector, "circuit_breaker.state"),
            (std::map<texts, double>{{{tool, "closed"}, 1},
                                     {{tool, "open"}, 0},
                                     {{tool, "half_open"}, 0}}));
  EXPECT_EQ(values(collector, "circuit_breaker.calls.active"),
            (std::map<texts, double>{{{tool}, 0}}));
}

void expect_events_as_printed(const otlp_collector& collector,
                              const demo_run& demo) {
  texts changes;
  for (const auto& each : records(collector, "state_transition"))
    changes.push_back(
      text_of(each.attributes, "circuit_breaker.transition.from") + " "
      + text_of(each.attributes, "circuit_breaker.transition.to") + " "
      + text_of(each.attributes, "circuit_breaker.transition.reason"));
  EXPECT_THAT(changes, ElementsAre("closed open consecutive_failures",
                                   "open half_open open_time_over",
                                   "half_open closed recovered"));
  const auto trips = records(collector, "state_transition");
  ASSERT_THAT(trips, SizeIs(3));
  EXPECT_EQ(text_of(trips[0].attributes, "circuit_breaker.cause"),
            demo.all("Why: (.*)").at(0));
  EXPECT_GE(
    number_of(trips[1].attributes, "circuit_breaker.transition.time_in_state"),
    2);

  EXPECT_THAT(records(collector, "call_succeeded"),
              SizeIs(demo.number("Successes")));
  texts errors;
  for (const auto& each : records(collector, "call_failed"))
    errors.push_back(text_of(each.attributes, "error.message"));
  EXPECT_EQ(errors, demo.all("Call \\d+: error ([^_\\n]*)  \\("));
  EXPECT_THAT(errors, SizeIs(demo.number("Failures")));

  double rejections = 0; // one record may tell of several
  for (const auto& each : records(collector, "call_rejected")) {
    EXPECT_EQ(text_of(each.attributes, "circuit_breaker.rejection.reason"),
              "circuit_open");
    rejections += number_of(each.attributes, "circuit_breaker.count");
  }
  EXPECT_EQ(rejections, demo.number("Rejected"));

  EXPECT_THAT(records(collector, "breaker_initialized"), SizeIs(1));
  EXPECT_THAT(records(collector, "breaker_terminated"), SizeIs(1));
  double before = 0;
  for (const auto& each : collector.logs()) {
    EXPECT_EQ(text_of(each.attributes, "circuit_breaker.name"), "test_tool");
    const auto number = number_of(each.attributes, "circuit_breaker.sequence");
    EXPECT_GT(number, before) << each.event_name;
    before = number;
  }
}

void expect_origin(const otlp_origin& from) {
  EXPECT_EQ(text_of(from.resource, "service.name"), "switchgear_demo");
  EXPECT_THAT(text_of(from.resource, "switchgear.version"),
              ContainsRegex("^[0-9]+\\.[0-9]+"));
  EXPECT_EQ(from.scope, "switchgear");
}

TEST_P(demo_by_otlp, all_arrives_that_it_prints) {
  demo_run demo{{"--script", "--otlp", collector->endpoint()},
                {protocol_variable(GetParam())}};
  ASSERT_EQ(demo.wait(), 0) << demo.output();
  expect_counts_as_printed(*collector, demo);
  expect_events_as_printed(*collector, demo);
  for (const auto& each : collector->logs())
    expect_origin(each.from);
  for (const auto& each : collector->points())
    expect_origin(each.from);
  // Its last lines know what has arrived.
  const auto logs = demo.all("\nTelemetry: otlp.logs: (.*)");
  ASSERT_THAT(logs, SizeIs(1)) << demo.output();
  EXPECT_THAT(logs[0],
              ContainsRegex("^" + std::to_string(collector->logs().size())
                            + " events delivered to .*, 0 failed, 0 dropped$"));
  EXPECT_THAT(demo.output(),
              ContainsRegex("otlp.metrics: 1 report delivered to .*, "
                            "0 failed\n$"));
}

TEST_P(demo_by_otlp, a_collector_that_is_not_there_changes_nothing) {
  collector->stop();
  demo_run demo{{"--script", "--otlp", collector->endpoint()},
                {protocol_variable(GetParam())}};
  ASSERT_EQ(demo.wait(), 0) << demo.output();
  EXPECT_THAT(demo.output(), HasSubstr("=== Demo Complete ==="));
  EXPECT_THAT(
    demo.output(),
    ContainsRegex("otlp.logs: 0 events delivered to .*, 0 failed, [0-9]+ "
                  "dropped; last error: .*[Cc]onnect.*\n"
                  "Telemetry: otlp.metrics: 0 reports delivered to .*, "
                  "[1-9][0-9]* failed; last error: .*[Cc]onnect.*\n$"));
}

TEST_P(demo_by_otlp, a_collector_that_never_answers_holds_nothing_up) {
  collector->become(mood::slow);
  demo_run demo{{"--script", "--otlp", collector->endpoint()},
                {protocol_variable(GetParam())}};
  demo.wait_for("(=== Demo Complete ===)");
  // Far less than the ten seconds that an export may take.
  EXPECT_LT(time_of([&] { ASSERT_EQ(demo.wait(), 0) << demo.output(); }), 8s);
  EXPECT_THAT(demo.output(), HasSubstr("otlp.logs: 0 events delivered to"));
  EXPECT_THAT(demo.output(), Not(HasSubstr(" 0 dropped")));
}

TEST_P(demo_by_otlp, a_collector_that_comes_late_gets_all) {
  collector->stop();
  demo_run demo{{"--plain", "--otlp", collector->endpoint()},
                {protocol_variable(GetParam())}};
  EXPECT_NE(demo.wait_for("(try help)"), "") << demo.output();
  collector->start();
  demo.say("call search");
  demo.say("quit");
  ASSERT_EQ(demo.wait(), 0) << demo.output();
  EXPECT_THAT(demo.output(), ContainsRegex("otlp.logs: [0-9]+ events delivered "
                                           "to .*, 0 failed, 0 dropped; last"));
  EXPECT_THAT(records(*collector, "call_succeeded"),
              SizeIs(demo.number("Successes") + 1));
  EXPECT_THAT(records(*collector, "breaker_initialized"), SizeIs(5));
}

// -- the environment ----------------------------------------------------------

TEST(demo_by_environment, an_endpoint_is_enough) {
  const auto collector = make_http_collector();
  demo_run demo{{"--script"},
                {"OTEL_EXPORTER_OTLP_ENDPOINT=" + collector->endpoint(),
                 "OTEL_SERVICE_NAME=shop"}};
  ASSERT_EQ(demo.wait(), 0) << demo.output();
  expect_counts_as_printed(*collector, demo);
  EXPECT_THAT(records(*collector, "state_transition"), SizeIs(3));
  EXPECT_THAT(records(*collector, "call_succeeded"), IsEmpty());
  for (const auto& each : collector->logs())
    EXPECT_EQ(text_of(each.from.resource, "service.name"), "shop");
  EXPECT_THAT(demo.output(), HasSubstr("delivered to " + collector->endpoint()
                                       + "/v1/logs, 0 failed"));
}

TEST(demo_by_environment, the_option_beats_the_endpoints_there) {
  const auto collector = make_http_collector();
  const reserved_port nobody;
  const auto elsewhere = "=http://127.0.0.1:" + std::to_string(nobody.number());
  demo_run demo{{"--script", "--otlp=" + collector->endpoint()},
                {"OTEL_EXPORTER_OTLP_ENDPOINT" + elsewhere,
                 "OTEL_EXPORTER_OTLP_LOGS_ENDPOINT" + elsewhere,
                 "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT" + elsewhere}};
  ASSERT_EQ(demo.wait(), 0) << demo.output();
  expect_counts_as_printed(*collector, demo);
  expect_events_as_printed(*collector, demo);
}

TEST(demo_by_environment, disabled_is_disabled) {
  const auto collector = make_http_collector();
  demo_run demo{{"--script", "--otlp", collector->endpoint()},
                {"OTEL_SDK_DISABLED=true",
                 "OTEL_EXPORTER_OTLP_ENDPOINT=" + collector->endpoint()}};
  ASSERT_EQ(demo.wait(), 0) << demo.output();
  EXPECT_EQ(collector->requests(), 0u);
  EXPECT_THAT(
    demo.output(),
    ContainsRegex("\nTelemetry: [0-9]+ events went to the log.*; "
                  "nothing is exported: OTEL_SDK_DISABLED is true\n$"));
}

} // namespace

} // namespace demo
