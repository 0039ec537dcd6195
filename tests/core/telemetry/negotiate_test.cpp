#include <gtest/gtest.h>

#include "switchgear/telemetry/prometheus.hpp"

namespace switchgear::telemetry {

namespace {

constexpr auto plain = text_format::plain;
constexpr auto openmetrics = text_format::openmetrics;

TEST(negotiate, without_a_preference_is_plain) {
  for (auto accept :
       {"", "*/*", "text/plain", "text/*", "text/html",
        "image/*;q=0.5, text/html", ",", ";", "/", "q=1", "application/json"})
    EXPECT_EQ(negotiate(accept), plain) << accept;
}

TEST(negotiate, gives_openmetrics_to_who_wants_it) {
  for (auto accept :
       {"application/openmetrics-text",
        "application/openmetrics-text;version=1.0.0",
        "application/openmetrics-text; version=1.0.0; charset=utf-8",
        "Application/OpenMetrics-Text ; Version=\"1.0.0\"", "application/*",
        "application/*, text/*;q=0.9"})
    EXPECT_EQ(negotiate(accept), openmetrics) << accept;
}

TEST(negotiate, of_prometheus_servers) {
  EXPECT_EQ(negotiate("application/openmetrics-text;version=1.0.0,"
                      "application/openmetrics-text;version=0.0.1;q=0.75,"
                      "text/plain;version=0.0.4;q=0.5,*/*;q=0.1"),
            openmetrics);
  EXPECT_EQ(negotiate("text/plain;version=0.0.4;q=1,*/*;q=0.1"), plain);
  // One that knows drafts of it only.
  EXPECT_EQ(negotiate("application/openmetrics-text; version=0.0.1,"
                      "text/plain;version=0.0.4;q=0.5,*/*;q=0.1"),
            plain);
}

TEST(negotiate, heeds_weights) {
  EXPECT_EQ(negotiate("text/plain;q=0.5,application/openmetrics-text;q=0.4"),
            plain);
  EXPECT_EQ(negotiate("text/plain;q=0.4,application/openmetrics-text;q=0.5"),
            openmetrics);
  EXPECT_EQ(negotiate("text/plain, application/openmetrics-text"), plain);
  EXPECT_EQ(negotiate("text/plain;q=0, application/openmetrics-text;q=0.001"),
            openmetrics);
  EXPECT_EQ(negotiate("*/*, application/openmetrics-text;q=0"), plain);
}

TEST(negotiate, the_most_exact_range_decides) {
  EXPECT_EQ(negotiate("text/plain;q=0.1, */*;q=0.9"), openmetrics);
  EXPECT_EQ(negotiate("*/*;q=0.9, text/plain;q=0.1"), openmetrics);
  EXPECT_EQ(negotiate("text/*;q=0.1, text/plain, application/*;q=0.5"), plain);
}

TEST(negotiate, does_not_see_ranges_with_senseless_weights) {
  for (auto weight : {"q=2", "q=-1", "q=x", "q=", "q=nan", "q=1e0", "q=0.5x"})
    EXPECT_EQ(negotiate(std::string{"application/openmetrics-text;"} + weight),
              plain)
      << weight;
}

TEST(negotiate, has_a_content_type_for_each) {
  EXPECT_EQ(content_type(plain), "text/plain; version=0.0.4; charset=utf-8");
  EXPECT_EQ(content_type(openmetrics),
            "application/openmetrics-text; version=1.0.0; charset=utf-8");
}

} // namespace

} // namespace switchgear::telemetry
