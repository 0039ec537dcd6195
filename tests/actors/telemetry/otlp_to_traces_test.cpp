/// What traces show of calls: events of spans, and spans of calls, at a real
/// collector.

#include <gmock/gmock.h>

#include <algorithm>

#include "support/breakers.hpp"
#include "support/otlp_collector.hpp"
#include "switchgear/switchgear.hpp"
#include "switchgear/telemetry/tracing.hpp"

using namespace std::chrono_literals;

namespace switchgear::test {

namespace {

using namespace telemetry;

class traces : public ::testing::TestWithParam<otlp_protocol> {
public:
  runtime_options exporting() const {
    otlp_options otlp;
    otlp.endpoint = collector->endpoint();
    otlp.protocol = GetParam();
    otlp.insecure = true;
    otlp.service_name = "shop";
    otlp.call_spans = true;
    runtime_options result;
    result.telemetry.otlp = otlp;
    return result;
  }

  std::unique_ptr<otlp_collector> collector = make_collector(GetParam());
};

std::string text(const otlp_attributes& from, const std::string& name) {
  const auto i = from.find(name);
  return i == from.end() ? "" : std::get<std::string>(i->second);
}

TEST_P(traces, show_calls_and_why_they_were_turned_away) {
  {
    runtime rt{exporting()};
    auto outer = rt.breaker("outer", trips_after(10));
    auto inner = rt.breaker("inner", trips_after(1));
    // Within the call that is the active span.
    EXPECT_TRUE(outer.call([&] {
      EXPECT_TRUE(inner.call(fine));
      EXPECT_FALSE(inner.call(broken));
      EXPECT_FALSE(inner.call(fine));
    }));
  } // flushes
  const auto all = collector->spans();
  ASSERT_EQ(all.size(), 3u);
  for (const auto& each : all) {
    EXPECT_EQ(each.name, "circuit_breaker.call");
    EXPECT_EQ(text(each.from.resource, "service.name"), "shop");
    EXPECT_EQ(each.from.scope, "switchgear");
  }
  EXPECT_EQ(text(all[0].attributes, "circuit_breaker.name"), "inner");
  EXPECT_EQ(all[0].parent, all[2].id);
  EXPECT_EQ(all[0].status, 0);
  EXPECT_EQ(all[1].status, 2);
  EXPECT_EQ(all[1].status_text, "std::runtime_error: broken");
  EXPECT_EQ(text(all[1].attributes, "error.type"), "std::runtime_error");
  EXPECT_EQ(text(all[2].attributes, "circuit_breaker.name"), "outer");
  ASSERT_EQ(all[2].events.size(), 2u);
  EXPECT_EQ(all[2].events[0].name, "circuit_breaker.call_failed");
  const auto& rejection = all[2].events[1];
  EXPECT_EQ(rejection.name, "circuit_breaker.call_rejected");
  EXPECT_EQ(text(rejection.attributes, "circuit_breaker.name"), "inner");
  EXPECT_EQ(text(rejection.attributes, "circuit_breaker.rejection.reason"),
            "circuit_open");
}

TEST_P(traces, show_nothing_when_told_not_to) {
  {
    runtime rt{exporting()};
    EXPECT_TRUE(trace_calls({.span_events = false, .call_spans = false}));
    auto db = rt.breaker("db", trips_after(1));
    EXPECT_FALSE(db.call(broken));
    EXPECT_FALSE(db.call(fine));
  }
  EXPECT_TRUE(collector->spans().empty());
}

INSTANTIATE_TEST_SUITE_P(by, traces,
                         ::testing::Values(otlp_protocol::http_json,
                                           otlp_protocol::http_protobuf,
                                           otlp_protocol::grpc),
                         [](const auto& chosen) {
                           std::string name{to_string(chosen.param)};
                           std::replace(name.begin(), name.end(), '/', '_');
                           return name;
                         });

} // namespace

} // namespace switchgear::test
