#include "exporting.hpp"

#include <gmock/gmock.h>

#include <map>

namespace demo {

namespace {

using namespace switchgear::telemetry;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::ThrowsMessage;

using variables = std::map<std::string, std::string>;

otlp_options settings(const std::optional<std::string>& otlp,
                      const variables& set,
                      std::vector<std::string>* warnings = nullptr) {
  options chosen;
  chosen.otlp = otlp;
  return export_settings(
    chosen,
    [&](const char* name) {
      const auto found = set.find(name);
      return found == set.end() ? nullptr : found->second.c_str();
    },
    [&](const std::string& text) {
      if (warnings != nullptr)
        warnings->push_back(text);
    });
}

sink_health sink(std::string name, std::uint64_t delivered) {
  sink_health result;
  result.name = std::move(name);
  result.delivered = delivered;
  return result;
}

TEST(export_settings, are_none_unless_asked_for) {
  const auto none = settings({}, {});
  EXPECT_FALSE(none.configured());
  EXPECT_EQ(none.service_name, "switchgear_demo");
}

TEST(export_settings, leave_a_name_that_is_given) {
  EXPECT_EQ(settings({}, {{"OTEL_SERVICE_NAME", "shop"}}).service_name, "shop");
  EXPECT_EQ(settings({}, {{"OTEL_RESOURCE_ATTRIBUTES", "service.name=shop"}})
              .service_name,
            "");
}

TEST(export_settings, go_where_the_option_says) {
  const auto chosen = settings(
    "http://here:1", {{"OTEL_EXPORTER_OTLP_ENDPOINT", "http://a:1"},
                      {"OTEL_EXPORTER_OTLP_LOGS_ENDPOINT", "http://b:1/x"},
                      {"OTEL_EXPORTER_OTLP_METRICS_ENDPOINT", "http://c:1/x"}});
  EXPECT_TRUE(chosen.success_events);
  EXPECT_EQ(target_of(chosen, otlp_signal::logs).endpoint,
            "http://here:1/v1/logs");
  EXPECT_EQ(target_of(chosen, otlp_signal::metrics).endpoint,
            "http://here:1/v1/metrics");
}

TEST(export_settings, say_what_cannot_work) {
  EXPECT_THAT(
    [] { settings("nowhere", {}); },
    ThrowsMessage<usage_error>(HasSubstr("--otlp 'nowhere': must be a URL")));
  EXPECT_THAT(
    [] {
      settings({}, {{"OTEL_EXPORTER_OTLP_ENDPOINT", "nowhere"}});
    },
    ThrowsMessage<usage_error>(
      HasSubstr("OTEL_*: endpoint = nowhere: must be a URL")));
  std::vector<std::string> warnings;
  settings({}, {{"OTEL_METRIC_EXPORT_INTERVAL", "soon"}}, &warnings);
  EXPECT_THAT(warnings,
              ElementsAre(HasSubstr("OTEL_METRIC_EXPORT_INTERVAL = soon")));
}

TEST(delivery_report, tells_what_arrived_where) {
  auto logs = sink("otlp.logs", 27);
  logs.failed = 2;
  logs.dropped = 3;
  logs.last_error = "busy";
  auto metrics = sink("otlp.metrics", 9);
  metrics.reports_delivered = 1;
  EXPECT_THAT(
    delivery_report({logs, metrics}, settings("http://here:1", {}), true),
    ElementsAre("Telemetry: otlp.logs: 27 events delivered to "
                "http://here:1/v1/logs, 2 failed, 3 dropped; last error: busy",
                "Telemetry: otlp.metrics: 1 report delivered to "
                "http://here:1/v1/metrics, 0 failed"));
}

TEST(delivery_report, knows_other_places) {
  EXPECT_THAT(
    delivery_report(
      {sink("otlp.logs", 1)},
      settings("here:1", {{"OTEL_EXPORTER_OTLP_PROTOCOL", "grpc"},
                          {"OTEL_EXPORTER_OTLP_INSECURE", "true"}}),
      true),
    ElementsAre(HasSubstr("1 event delivered to here:1 (gRPC), 0 failed")));
  EXPECT_THAT(
    delivery_report({sink("log", 5), sink("otlp.metrics", 0)},
                    settings({}, {{"OTEL_METRICS_EXPORTER", "console"}}), true),
    ElementsAre("Telemetry: log: 5 events delivered, 0 failed, 0 "
                "dropped",
                HasSubstr("0 reports delivered to standard output")));
  EXPECT_THAT(delivery_report({}, {}, true), IsEmpty());
}

TEST(delivery_report, leaves_the_page_out) {
  EXPECT_THAT(
    delivery_report({sink("log", 7), sink("admin.9464", 27)}, {}, true),
    ElementsAre(HasSubstr("7 events went to the log, which is quiet here")));
  EXPECT_THAT(delivery_report({sink("admin.9464", 27), sink("otlp.logs", 1)},
                              settings("http://x:1", {}), true),
              ElementsAre(HasSubstr("otlp.logs: 1 event delivered")));
}

TEST(delivery_report, tells_why_nothing_is_exported) {
  const auto report = [](const otlp_options& how, bool available = true) {
    return delivery_report({sink("log", 7)}, how, available).at(0);
  };
  const std::string begin
    = "Telemetry: 7 events went to the log, which is quiet here; ";
  EXPECT_EQ(report(settings({}, {})),
            begin + "--otlp URL or the OTEL_* variables export them");
  EXPECT_EQ(report(settings("http://x:1", {{"OTEL_SDK_DISABLED", "true"}})),
            begin + "nothing is exported: OTEL_SDK_DISABLED is true");
  EXPECT_EQ(report(settings("http://x:1", {{"OTEL_LOGS_EXPORTER", "none"},
                                           {"OTEL_METRICS_EXPORTER", "none"}})),
            begin
              + "nothing is exported: OTEL_LOGS_EXPORTER and "
                "OTEL_METRICS_EXPORTER are none");
  EXPECT_EQ(report(settings("http://x:1", {}), false),
            begin
              + "nothing is exported: this library was built without "
                "OpenTelemetry");
}

} // namespace

} // namespace demo
