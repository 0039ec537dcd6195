/// Export as the environment's variables ask for it.

#include <gmock/gmock.h>

#include "support/environment.hpp"
#include "support/otlp_collector.hpp"
#include "support/otlp_events.hpp"
#include "switchgear/telemetry/otlp.hpp"

using namespace std::chrono_literals;

namespace switchgear::telemetry {

namespace {

using test::variable;
using ::testing::HasSubstr;
using verdict = delivery::verdict;

delivery deliver() {
  const auto options = otlp_options_from_environment();
  return make_otlp_log_sink(options)()->deliver(test::one_of_each());
}

TEST(otlp_to_environment, is_there) {
  EXPECT_TRUE(otlp_available());
}

TEST(otlp_to_environment, exports_where_it_says) {
  auto collector = test::make_http_collector();
  const variable endpoint{"OTEL_EXPORTER_OTLP_ENDPOINT", collector->endpoint()};
  const variable protocol{"OTEL_EXPORTER_OTLP_PROTOCOL", "http/json"};
  const variable headers{"OTEL_EXPORTER_OTLP_HEADERS", "api-key=a%3Db"};
  const variable name{"OTEL_SERVICE_NAME", "shop"};
  const variable attributes{"OTEL_RESOURCE_ATTRIBUTES",
                            "service.name=other,place=back%20office"};
  EXPECT_EQ(deliver().what, verdict::delivered);
  EXPECT_EQ(collector->headers().at(":path"), "/v1/logs");
  EXPECT_EQ(collector->headers().at("content-type"), "application/json");
  EXPECT_EQ(collector->headers().at("api-key"), "a=b");
  const auto resource = collector->logs().at(0).from.resource;
  EXPECT_EQ(resource.at("service.name"), test::otlp_value{"shop"});
  EXPECT_EQ(resource.at("place"), test::otlp_value{"back office"});
}

TEST(otlp_to_environment, has_an_endpoint_of_its_own_for_logs) {
  auto general = test::make_http_collector();
  auto own = test::make_grpc_collector();
  const variable endpoint{"OTEL_EXPORTER_OTLP_ENDPOINT", general->endpoint()};
  const variable logs{"OTEL_EXPORTER_OTLP_LOGS_ENDPOINT", own->endpoint()};
  const variable protocol{"OTEL_EXPORTER_OTLP_LOGS_PROTOCOL", "grpc"};
  EXPECT_EQ(deliver().what, verdict::delivered);
  EXPECT_EQ(general->requests(), 0u);
  EXPECT_EQ(own->logs().size(), test::one_of_each().size());
}

TEST(otlp_to_environment, names_a_service_that_nobody_named) {
  auto collector = test::make_http_collector();
  const variable endpoint{"OTEL_EXPORTER_OTLP_ENDPOINT", collector->endpoint()};
  EXPECT_EQ(deliver().what, verdict::delivered);
  const auto resource = collector->logs().at(0).from.resource;
  EXPECT_EQ(std::get<std::string>(resource.at("service.name")),
            "unknown_service");
}

TEST(otlp_to_environment, can_switch_it_off) {
  auto collector = test::make_http_collector();
  const variable endpoint{"OTEL_EXPORTER_OTLP_ENDPOINT", collector->endpoint()};
  {
    const variable disabled{"OTEL_SDK_DISABLED", "true"};
    EXPECT_FALSE(otlp_options_from_environment().configured());
    EXPECT_EQ(deliver().what, verdict::delivered);
  }
  const variable none{"OTEL_LOGS_EXPORTER", "none"};
  EXPECT_EQ(deliver().what, verdict::delivered);
  EXPECT_EQ(collector->requests(), 0u);
}

TEST(otlp_to_environment, can_have_it_printed) {
  const variable logs{"OTEL_LOGS_EXPORTER", "console"};
  const variable metrics{"OTEL_METRICS_EXPORTER", "console"};
  const auto options = otlp_options_from_environment();
  EXPECT_TRUE(options.configured());
  ::testing::internal::CaptureStdout();
  EXPECT_EQ(deliver().what, verdict::delivered);
  statistics breaker;
  breaker.name = "cache";
  EXPECT_EQ(make_otlp_metric_sink(options)()
              ->report({test::some_time(), {breaker}, {}})
              .what,
            verdict::delivered);
  const auto printed = ::testing::internal::GetCapturedStdout();
  EXPECT_THAT(printed, HasSubstr("circuit_breaker.state_transition"));
  EXPECT_THAT(printed, HasSubstr("closed -> open"));
  EXPECT_THAT(printed, HasSubstr("circuit_breaker.call.duration"));
  EXPECT_THAT(printed, HasSubstr("cache"));
}

TEST(otlp_to_environment, is_checked_when_a_sink_is_made) {
  const variable endpoint{"OTEL_EXPORTER_OTLP_ENDPOINT", "nonsense"};
  const auto options = otlp_options_from_environment();
  EXPECT_NE(explain(validate(options)), "");
  EXPECT_THROW(make_otlp_log_sink(options)(), std::invalid_argument);
  EXPECT_THROW(make_otlp_metric_sink(options)(), std::invalid_argument);
}

} // namespace

} // namespace switchgear::telemetry
