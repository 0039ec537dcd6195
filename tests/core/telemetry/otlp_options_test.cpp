/// Settings of export: where they lead to, and the environment's variables.

#include <gmock/gmock.h>

#include <map>

#include "switchgear/telemetry/otlp.hpp"

using namespace std::chrono_literals;

namespace switchgear::telemetry {

namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using variables = std::map<std::string, std::string>;
using texts = std::map<std::string, std::string>;

struct environment {
  otlp_options options;
  std::vector<config_error> ignored;
};

environment read(const variables& from) {
  environment result;
  result.options = otlp_options_from_environment(
    [&](const char* name) -> const char* {
      const auto found = from.find(name);
      return found == from.end() ? nullptr : found->second.c_str();
    },
    result.ignored);
  return result;
}

otlp_options fine(const variables& from) {
  auto [options, ignored] = read(from);
  EXPECT_EQ(explain(ignored), "");
  EXPECT_EQ(explain(validate(options)), "");
  return options;
}

std::string ignored_of(const variables& from) {
  auto [options, ignored] = read(from);
  EXPECT_EQ(explain(validate(options)), "");
  return ignored.empty() ? "" : ignored.front().to_string();
}

TEST(otlp_environment, that_is_empty_leaves_the_defaults) {
  EXPECT_EQ(fine({}), otlp_options{});
  EXPECT_FALSE(fine({}).configured());
  EXPECT_EQ(fine({{"OTEL_EXPORTER_OTLP_ENDPOINT", ""},
                  {"OTEL_LOGS_EXPORTER", " "},
                  {"OTEL_METRIC_EXPORT_INTERVAL", ""}}),
            otlp_options{});
}

TEST(otlp_environment, appends_a_path_to_the_general_endpoint_of_http_only) {
  const auto logs = [](const variables& from) {
    return target_of(fine(from), otlp_signal::logs).endpoint;
  };
  EXPECT_EQ(logs({}), "http://localhost:4318/v1/logs");
  EXPECT_EQ(logs({{"OTEL_EXPORTER_OTLP_ENDPOINT", "https://a:1"}}),
            "https://a:1/v1/logs");
  EXPECT_EQ(logs({{"OTEL_EXPORTER_OTLP_ENDPOINT", "https://a/b/"}}),
            "https://a/b/v1/logs");
  EXPECT_EQ(logs({{"OTEL_EXPORTER_OTLP_ENDPOINT", "https://a:1"},
                  {"OTEL_EXPORTER_OTLP_LOGS_ENDPOINT", "http://b:2/c"}}),
            "http://b:2/c");
  EXPECT_EQ(target_of(fine({{"OTEL_EXPORTER_OTLP_ENDPOINT", "http://a"}}),
                      otlp_signal::metrics)
              .endpoint,
            "http://a/v1/metrics");
}

TEST(otlp_environment, gives_grpc_a_host_and_tls) {
  const auto target = [](variables from) {
    from["OTEL_EXPORTER_OTLP_PROTOCOL"] = "grpc";
    const auto result = target_of(fine(from), otlp_signal::logs);
    return result.endpoint + (result.tls ? " tls" : "");
  };
  const auto endpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";
  EXPECT_EQ(target({}), "localhost:4317");
  EXPECT_EQ(target({{endpoint, "http://a:1/"}}), "a:1");
  EXPECT_EQ(target({{endpoint, "https://a"}}), "a:443 tls");
  EXPECT_EQ(target({{endpoint, "[::1]:5"}}), "[::1]:5 tls");
  EXPECT_EQ(
    target({{endpoint, "a:1"}, {"OTEL_EXPORTER_OTLP_INSECURE", "TRUE"}}),
    "a:1");
}

TEST(otlp_environment, lets_a_signals_own_variable_beat_the_general_one) {
  const auto options = fine({
    {"OTEL_EXPORTER_OTLP_PROTOCOL", "http/json"},
    {"OTEL_EXPORTER_OTLP_LOGS_PROTOCOL", "grpc"},
    {"OTEL_EXPORTER_OTLP_HEADERS", "a=1"},
    {"OTEL_EXPORTER_OTLP_LOGS_HEADERS", "b=2"},
    {"OTEL_EXPORTER_OTLP_TIMEOUT", "1000"},
    {"OTEL_EXPORTER_OTLP_LOGS_TIMEOUT", "2000"},
    {"OTEL_EXPORTER_OTLP_COMPRESSION", "gzip"},
    {"OTEL_EXPORTER_OTLP_LOGS_COMPRESSION", "none"},
    {"OTEL_EXPORTER_OTLP_CERTIFICATE", "/ca"},
    {"OTEL_EXPORTER_OTLP_LOGS_CERTIFICATE", "/own-ca"},
    {"OTEL_EXPORTER_OTLP_LOGS_CLIENT_KEY", "/key"},
    {"OTEL_EXPORTER_OTLP_LOGS_CLIENT_CERTIFICATE", "/cert"},
  });
  const auto logs = target_of(options, otlp_signal::logs);
  EXPECT_EQ(logs.protocol, otlp_protocol::grpc);
  EXPECT_EQ(logs.headers, (texts{{"b", "2"}}));
  EXPECT_EQ(logs.timeout, 2s);
  EXPECT_EQ(logs.compression, otlp_compression::none);
  EXPECT_EQ(logs.certificate, "/own-ca");
  EXPECT_EQ(logs.client_key, "/key");
  EXPECT_EQ(logs.client_certificate, "/cert");
  const auto metrics = target_of(options, otlp_signal::metrics);
  EXPECT_EQ(metrics.protocol, otlp_protocol::http_json);
  EXPECT_EQ(metrics.headers, (texts{{"a", "1"}}));
  EXPECT_EQ(metrics.timeout, 1s);
  EXPECT_EQ(metrics.compression, otlp_compression::gzip);
  EXPECT_EQ(metrics.certificate, "/ca");
  EXPECT_EQ(metrics.client_key, "");
}

TEST(otlp_environment, decodes_headers_and_attributes) {
  const auto options = fine({
    {"OTEL_SERVICE_NAME", "shop"},
    {"OTEL_RESOURCE_ATTRIBUTES", "a=b%20c%2Cd, e = f ,,"},
    {"OTEL_EXPORTER_OTLP_HEADERS", "api-key=a%3Db=c"},
  });
  EXPECT_EQ(options.service_name, "shop");
  EXPECT_EQ(options.resource_attributes, (texts{{"a", "b c,d"}, {"e", "f"}}));
  EXPECT_EQ(*options.headers, (texts{{"api-key", "a=b=c"}}));
}

TEST(otlp_environment, sets_times_and_sizes) {
  const auto options = fine({
    {"OTEL_METRIC_EXPORT_INTERVAL", "500"},
    {"OTEL_METRIC_EXPORT_TIMEOUT", "400"},
    {"OTEL_BLRP_SCHEDULE_DELAY", "0"},
    {"OTEL_BLRP_MAX_QUEUE_SIZE", "100"},
    {"OTEL_BLRP_EXPORT_TIMEOUT", "300"},
    {"OTEL_BSP_SCHEDULE_DELAY", "7"},
    {"OTEL_BSP_MAX_QUEUE_SIZE", "8"},
    {"OTEL_BSP_MAX_EXPORT_BATCH_SIZE", "6"},
    {"OTEL_BSP_EXPORT_TIMEOUT", "5"},
    {"OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE", "Delta"},
  });
  EXPECT_EQ(options.temporality, otlp_temporality::delta);
  EXPECT_EQ(options.span_batching, (otlp_batching{7ms, 8, 6, 5ms}));
  // The shorter of two timeouts holds.
  EXPECT_EQ(target_of(options, otlp_signal::metrics).timeout, 400ms);
  EXPECT_EQ(target_of(options, otlp_signal::logs).timeout, 300ms);
  const auto metrics = otlp_metric_sink_options(options);
  EXPECT_EQ(metrics.report_interval, 500ms);
  EXPECT_EQ(metrics.wants, interests::nothing());
  const auto logs = otlp_log_sink_options(options);
  EXPECT_EQ(logs.queue, 100u);
  EXPECT_EQ(logs.batch, 100u); // its default is more than may wait
  EXPECT_EQ(logs.linger, 0s);
  EXPECT_EQ(logs.wants, interests{});
}

TEST(otlp_environment, asks_for_export_by_an_endpoint_or_an_exporter) {
  using enum otlp_signal;
  const auto exported = [](const variables& from) {
    std::vector<otlp_signal> result;
    const auto options = fine(from);
    for (auto each : {logs, metrics, traces})
      if (options.exports(each))
        result.push_back(each);
    EXPECT_EQ(options.configured(), !result.empty());
    return result;
  };
  const auto endpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";
  EXPECT_THAT(exported({{endpoint, "http://a"}}),
              ElementsAre(logs, metrics, traces));
  EXPECT_THAT(exported({{"OTEL_EXPORTER_OTLP_METRICS_ENDPOINT", "http://a"}}),
              ElementsAre(metrics));
  EXPECT_THAT(exported({{"OTEL_LOGS_EXPORTER", "console"}}), ElementsAre(logs));
  EXPECT_THAT(
    exported({{endpoint, "http://a"}, {"OTEL_LOGS_EXPORTER", "none"}}),
    ElementsAre(metrics, traces));
  EXPECT_THAT(exported({{endpoint, "http://a"}, {"OTEL_SDK_DISABLED", "True"}}),
              IsEmpty());
  EXPECT_THAT(exported({{"OTEL_SERVICE_NAME", "a"}}), IsEmpty());
}

TEST(otlp_environment, ignores_what_it_cannot_read) {
  EXPECT_EQ(ignored_of({{"OTEL_EXPORTER_OTLP_PROTOCOL", "smoke"}}),
            "OTEL_EXPORTER_OTLP_PROTOCOL = smoke: must be one of "
            "http/protobuf, http/json, grpc");
  EXPECT_EQ(ignored_of({{"OTEL_METRIC_EXPORT_INTERVAL", "-1"}}),
            "OTEL_METRIC_EXPORT_INTERVAL = -1: must be milliseconds, 1 to "
            "86400000");
  EXPECT_EQ(ignored_of({{"OTEL_BLRP_MAX_QUEUE_SIZE", "12x"}}),
            "OTEL_BLRP_MAX_QUEUE_SIZE = 12x: must be a number, 1 to 1000000");
  EXPECT_EQ(ignored_of({{"OTEL_SDK_DISABLED", "yes"}}),
            "OTEL_SDK_DISABLED = yes: must be true or false");
  EXPECT_EQ(ignored_of({{"OTEL_METRICS_EXPORTER", "prometheus"}}),
            "OTEL_METRICS_EXPORTER = prometheus: must be one of otlp, "
            "console, none");
  // Its value may be a secret.
  EXPECT_EQ(ignored_of({{"OTEL_EXPORTER_OTLP_HEADERS", "secret"}}),
            "OTEL_EXPORTER_OTLP_HEADERS = (not shown): must be "
            "key=value,key=value, percent-encoded");
  EXPECT_NE(ignored_of({{"OTEL_RESOURCE_ATTRIBUTES", "a=%2"}}), "");
  EXPECT_NE(ignored_of({{"OTEL_RESOURCE_ATTRIBUTES", "a=%zz"}}), "");
  EXPECT_FALSE(read({{"OTEL_SDK_DISABLED", "yes"}}).options.disabled);
}

TEST(otlp_options, are_validated) {
  const auto wrong = [](const std::function<void(otlp_options&)>& change) {
    otlp_options options;
    change(options);
    const auto errors = validate(options);
    return errors.empty() ? "" : errors.front().field;
  };
  EXPECT_EQ(wrong([](auto& x) { x.endpoint = "localhost:4318"; }), "endpoint");
  EXPECT_EQ(wrong([](auto& x) { x.endpoint = "http://"; }), "endpoint");
  EXPECT_EQ(wrong([](auto& x) { x.endpoint = "http://a:70000"; }), "endpoint");
  EXPECT_EQ(wrong([](auto& x) { x.logs.endpoint = "ftp://a"; }),
            "logs.endpoint");
  EXPECT_EQ(wrong([](auto& x) { x.timeout = 0s; }), "timeout");
  EXPECT_EQ(wrong([](auto& x) { x.metrics.timeout = 2h; }), "metrics.timeout");
  EXPECT_EQ(wrong([](auto& x) { x.client_key = "/key"; }), "client_key");
  EXPECT_EQ(wrong([](auto& x) { x.headers.emplace()["a"] = "b\r\nc"; }),
            "headers");
  EXPECT_EQ(wrong([](auto& x) { x.log_batching.max_queue_size = 10; }),
            "log_batching.max_export_batch_size");
  EXPECT_EQ(wrong([](auto& x) { x.metric_interval = 0s; }), "metric_interval");
  // Inherited by a protocol that needs a scheme.
  EXPECT_EQ(wrong([](auto& x) {
              x.protocol = otlp_protocol::grpc;
              x.endpoint = "a:1";
              x.metrics.protocol = otlp_protocol::http_json;
            }),
            "metrics.endpoint");
  EXPECT_EQ(wrong([](auto& x) {
              x.protocol = otlp_protocol::grpc;
              x.endpoint = "a:1";
            }),
            "");
}

} // namespace

} // namespace switchgear::telemetry
