/// Log records and metrics at a real collector, by each protocol.

#include <gmock/gmock.h>

#include <algorithm>
#include <set>

#include "support/eventually.hpp"
#include "support/otlp_collector.hpp"
#include "support/otlp_events.hpp"
#include "switchgear/telemetry/attributes.hpp"
#include "switchgear/telemetry/otlp.hpp"

using namespace std::chrono_literals;

namespace switchgear::telemetry {

namespace {

using test::mood;
using test::otlp_attributes;
using ::testing::HasSubstr;
using verdict = delivery::verdict;

class otlp_to_collector : public ::testing::TestWithParam<otlp_protocol> {
public:
  otlp_to_collector() : collector(test::make_collector(GetParam())) {
    options.endpoint = collector->endpoint();
    options.protocol = GetParam();
    options.timeout = test::patience;
  }

  std::unique_ptr<sink> log_sink() {
    return make_otlp_log_sink(options)();
  }

  std::unique_ptr<test::otlp_collector> collector;
  otlp_options options;
};

INSTANTIATE_TEST_SUITE_P(, otlp_to_collector,
                         ::testing::Values(otlp_protocol::http_protobuf,
                                           otlp_protocol::http_json,
                                           otlp_protocol::grpc),
                         [](const auto& tested) {
                           std::string name{to_string(tested.param)};
                           std::ranges::replace(name, '/', '_');
                           return name;
                         });

/// What the record of an event has to say.
otlp_attributes attributes_of(const event& what) {
  otlp_attributes result{{"event.name", std::string{to_string(what.kind)}}};
  for_each_attribute(what, [&](std::string_view name, attribute_value value) {
    std::visit(
      [&]<class T>(T x) {
        if constexpr (std::is_same_v<T, std::string_view>)
          result[std::string{name}] = std::string{x};
        else
          result[std::string{name}] = x;
      },
      value);
  });
  return result;
}

TEST_P(otlp_to_collector, arrives_each_kind_of_event) {
  const auto events = test::one_of_each();
  const auto result = log_sink()->deliver(events);
  EXPECT_EQ(result.what, verdict::delivered) << result.error;
  const auto logs = collector->logs();
  ASSERT_EQ(logs.size(), events.size());
  for (std::size_t i = 0; i < events.size(); ++i) {
    const auto& sent = events[i];
    const auto& got = logs[i];
    const auto name = std::string{to_string(sent.kind)};
    EXPECT_EQ(got.event_name, name);
    EXPECT_EQ(got.body, describe(sent));
    EXPECT_EQ(got.time, 1'700'000'000'123'456'789u);
    EXPECT_EQ(got.attributes, attributes_of(sent)) << name;
    const auto level = severity_of(sent);
    EXPECT_EQ(got.severity, level == severity::debug  ? 5
                            : level == severity::info ? 9
                                                      : 13);
    EXPECT_EQ(got.severity_text, level == severity::debug  ? "DEBUG"
                                 : level == severity::info ? "INFO"
                                                           : "WARN");
    EXPECT_EQ(got.from.scope, "switchgear");
    EXPECT_FALSE(got.from.scope_version.empty());
  }
  // One of them in full, not by way of what is tested.
  const otlp_attributes trip{
    {"event.name", "circuit_breaker.state_transition"},
    {"circuit_breaker.name", "database"},
    {"circuit_breaker.sequence", std::int64_t{5}},
    {"circuit_breaker.epoch", std::int64_t{3}},
    {"circuit_breaker.transition.from", "closed"},
    {"circuit_breaker.transition.to", "open"},
    {"circuit_breaker.transition.reason", "failure_rate"},
    {"circuit_breaker.transition.time_in_state", 90.0},
    {"circuit_breaker.mode", "automatic"},
    {"circuit_breaker.alert.level", "critical"},
    {"circuit_breaker.alert.level_before", "healthy"},
    {"circuit_breaker.cause", "3 of the last 4 calls failed"},
    {"circuit_breaker.cause.rule", "failure_rate"},
    {"circuit_breaker.cause.consecutive_failures", std::int64_t{2}},
    {"circuit_breaker.cause.window_calls", std::int64_t{4}},
    {"circuit_breaker.cause.window_failures", std::int64_t{3}},
    {"circuit_breaker.cause.window_slow", std::int64_t{1}},
    {"circuit_breaker.cause.stuck_calls", std::int64_t{5}},
    {"circuit_breaker.cause.trips_in_a_row", std::int64_t{6}},
    {"circuit_breaker.cause.last_failure", "connection refused"}};
  EXPECT_EQ(logs[4].attributes, trip);
}

TEST_P(otlp_to_collector, says_what_the_telemetry_is_of) {
  options.service_name = "shop";
  options.resource_attributes = {{"deployment.environment", "test"}};
  log_sink()->deliver(test::one_of_each());
  const auto resource = collector->logs().at(0).from.resource;
  EXPECT_EQ(resource.at("service.name"), test::otlp_value{"shop"});
  EXPECT_EQ(resource.at("deployment.environment"), test::otlp_value{"test"});
  EXPECT_EQ(resource.at("telemetry.sdk.language"), test::otlp_value{"cpp"});
  EXPECT_TRUE(resource.contains("switchgear.version"));
}

TEST_P(otlp_to_collector, sends_headers_and_compresses) {
  options.headers.emplace()["api-key"] = "a=b";
  options.compression = otlp_compression::gzip;
  auto sink = log_sink();
  EXPECT_EQ(sink->deliver(test::one_of_each()).what, verdict::delivered);
  EXPECT_EQ(collector->headers().at("api-key"), "a=b");
  if (GetParam() != otlp_protocol::grpc) { // whose server hides it
    EXPECT_EQ(collector->headers().at("content-encoding"), "gzip");
    EXPECT_EQ(collector->headers().at(":path"), "/v1/logs");
  }
  EXPECT_EQ(collector->logs().size(), test::one_of_each().size());
}

TEST_P(otlp_to_collector, is_tried_again_when_it_is_back) {
  auto sink = log_sink();
  const auto events = test::one_of_each();
  collector->stop();
  for (int i = 0; i < 3; ++i) {
    const auto result = sink->deliver(events);
    EXPECT_EQ(result.what, verdict::retry);
    EXPECT_NE(result.error, "");
  }
  collector->start();
  EXPECT_TRUE(test::eventually(
    [&] { return sink->deliver(events).what == verdict::delivered; }));
  EXPECT_EQ(collector->logs().size(), events.size());
}

TEST_P(otlp_to_collector, tells_what_passes_from_what_does_not) {
  auto sink = log_sink();
  const auto events = test::one_of_each();
  collector->become(mood::unavailable);
  EXPECT_EQ(sink->deliver(events).what, verdict::retry);
  collector->become(mood::busy);
  const auto busy = sink->deliver(events);
  EXPECT_EQ(busy.what, verdict::retry);
  if (GetParam() != otlp_protocol::grpc) {
    EXPECT_THAT(busy.error, HasSubstr("429, retry after 7"));
  }
  collector->become(mood::bad);
  const auto bad = sink->deliver(events);
  EXPECT_EQ(bad.what, verdict::failed);
  EXPECT_THAT(bad.error, HasSubstr("what is this?"));
  collector->become(mood::fine);
  EXPECT_EQ(sink->deliver(events).what, verdict::delivered);
  EXPECT_EQ(collector->logs().size(), events.size());
  EXPECT_EQ(collector->requests(), 4u); // nobody else tried again
}

TEST_P(otlp_to_collector, fails_what_is_taken_and_refused) {
  auto sink = log_sink();
  const auto events = test::one_of_each();
  collector->become(mood::picky); // refuses one
  const auto all = sink->deliver(std::span{events}.first(1));
  EXPECT_EQ(all.what, verdict::failed);
  EXPECT_THAT(all.error, HasSubstr("1 of 1 log records: not liked"));
  EXPECT_EQ(sink->deliver(events).what, verdict::delivered);
}

TEST_P(otlp_to_collector, that_does_not_answer_holds_nobody_up) {
  options.timeout = 200ms;
  auto sink = log_sink();
  const auto events = test::one_of_each();
  collector->become(mood::slow);
  const auto took = test::time_of([&] {
    const auto result = sink->deliver(events);
    EXPECT_EQ(result.what, verdict::retry);
    EXPECT_NE(result.error, "");
  });
  EXPECT_GE(took, 150ms);
  EXPECT_LT(took, 10s);
  collector->become(mood::fine);
  // On a loaded machine so short a timeout may be over before the answer comes.
  EXPECT_TRUE(test::eventually(
    [&] { return sink->deliver(events).what == verdict::delivered; }));
}

TEST_P(otlp_to_collector, can_be_left_while_it_does_not_answer) {
  options.timeout = 100ms;
  collector->become(mood::slow);
  auto sink = log_sink();
  sink->deliver(test::one_of_each());
  EXPECT_LT(test::time_of([&] { sink.reset(); }), 10s);
}

// -- metrics ------------------------------------------------------------------

statistics some_breaker(std::string name) {
  statistics result;
  result.name = std::move(name);
  result.state = state::open;
  result.outcomes = {.success = 1, .failure = 2, .timeout = 3, .late = 4};
  result.total_rejected = 5;
  result.durations.buckets[0] = 7;
  result.durations.buckets[14] = 1;
  result.durations.sum = 90s;
  result.transition_counts
    = {{state::closed, state::open, reason::failure_rate, 6}};
  result.calls_under_way = 8;
  result.window_calls = 4;
  result.window_failures = 3;
  result.created = test::some_time() - 1h;
  return result;
}

std::vector<test::otlp_point> pick(const test::otlp_collector& from,
                                   const std::string& metric,
                                   const std::string& label,
                                   const std::string& value) {
  std::vector<test::otlp_point> result;
  for (auto& each : from.points())
    if (const auto found = each.attributes.find(label);
        each.metric == metric && found != each.attributes.end()
        && found->second == test::otlp_value{value})
      result.push_back(each);
  return result;
}

constexpr std::uint64_t now_ns = 1'700'000'000'123'456'789;
constexpr std::uint64_t hour_ns = 3'600'000'000'000;

TEST_P(otlp_to_collector, arrive_metrics) {
  auto older = some_breaker("cache");
  older.created -= 1h;
  const snapshot all{test::some_time(), {older, some_breaker("database")}, {}};
  const auto result = make_otlp_metric_sink(options)()->report(all);
  ASSERT_EQ(result.what, verdict::delivered) << result.error;

  auto calls = pick(*collector, "circuit_breaker.calls", "outcome", "timeout");
  ASSERT_EQ(calls.size(), 2u);
  EXPECT_EQ(calls[1].attributes,
            (otlp_attributes{{"name", "database"}, {"outcome", "timeout"}}));
  EXPECT_EQ(calls[1].kind, "sum");
  EXPECT_EQ(calls[1].unit, "{call}");
  EXPECT_TRUE(calls[1].monotonic);
  EXPECT_EQ(calls[1].temporality, 2);
  EXPECT_EQ(calls[1].value, 3);
  EXPECT_EQ(calls[1].time, now_ns);
  EXPECT_EQ(calls[1].start, now_ns - hour_ns);
  EXPECT_EQ(calls[0].start, now_ns - 2 * hour_ns); // each has its own
  EXPECT_EQ(calls[0].from.scope, "switchgear");
  EXPECT_TRUE(calls[0].from.resource.contains("switchgear.version"));

  const auto durations
    = pick(*collector, "circuit_breaker.call.duration", "name", "database");
  ASSERT_EQ(durations.size(), 1u);
  EXPECT_EQ(durations[0].kind, "histogram");
  EXPECT_EQ(durations[0].unit, "s");
  EXPECT_EQ(durations[0].bounds,
            (std::vector<double>{0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25,
                                 0.5, 1, 2.5, 5, 10, 30, 60}));
  EXPECT_EQ(
    durations[0].buckets,
    (std::vector<std::uint64_t>{7, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1}));
  EXPECT_EQ(durations[0].count, 8u);
  EXPECT_EQ(durations[0].value, 90);
  EXPECT_EQ(durations[0].start, now_ns - hour_ns);

  const auto open = pick(*collector, "circuit_breaker.state", "state", "open");
  ASSERT_EQ(open.size(), 2u);
  EXPECT_EQ(open[0].kind, "gauge");
  EXPECT_EQ(open[0].value, 1);
  EXPECT_EQ(
    pick(*collector, "circuit_breaker.state", "state", "closed")[0].value, 0);
  const auto trips
    = pick(*collector, "circuit_breaker.transitions", "reason", "failure_rate");
  ASSERT_EQ(trips.size(), 2u);
  EXPECT_EQ(trips[1].value, 6);
  EXPECT_EQ(trips[1].attributes, (otlp_attributes{{"name", "database"},
                                                  {"from", "closed"},
                                                  {"to", "open"},
                                                  {"reason", "failure_rate"}}));
  EXPECT_EQ(
    pick(*collector, "circuit_breaker.failure.ratio", "name", "database")[0]
      .value,
    0.75);
}

TEST_P(otlp_to_collector, gets_differences_to_what_it_has) {
  options.temporality = otlp_temporality::delta;
  auto sink = make_otlp_metric_sink(options)();
  snapshot all{test::some_time(), {some_breaker("database")}, {}};
  auto& breaker = all.breakers[0];
  const auto last = [&](const char* metric) {
    return pick(*collector, metric, "name", "database").back();
  };
  const auto successes = [&] {
    return pick(*collector, "circuit_breaker.calls", "outcome", "success")
      .back();
  };
  ASSERT_EQ(sink->report(all).what, verdict::delivered);
  EXPECT_EQ(successes().value, 1);
  EXPECT_EQ(successes().temporality, 1);
  EXPECT_EQ(successes().start, now_ns - hour_ns);

  // What did not arrive is in the next one.
  breaker.outcomes.success = 10;
  breaker.durations.buckets[0] = 9;
  breaker.durations.sum = 91s;
  all.taken += 1h;
  collector->become(mood::unavailable);
  EXPECT_EQ(sink->report(all).what, verdict::retry);
  collector->become(mood::fine);
  breaker.outcomes.success = 15;
  all.taken += 1h;
  ASSERT_EQ(sink->report(all).what, verdict::delivered);
  EXPECT_EQ(successes().value, 14);
  EXPECT_EQ(successes().start, now_ns);
  EXPECT_EQ(successes().time, now_ns + 2 * hour_ns);
  const auto durations = last("circuit_breaker.call.duration");
  EXPECT_EQ(durations.buckets[0], 2u);
  EXPECT_EQ(durations.buckets[14], 0u);
  EXPECT_EQ(durations.value, 1);
  EXPECT_EQ(last("circuit_breaker.calls.active").value, 8); // a gauge

  // Another breaker of the same name counts anew.
  breaker.created = all.taken;
  breaker.outcomes.success = 16;
  all.taken += 1h;
  ASSERT_EQ(sink->report(all).what, verdict::delivered);
  EXPECT_EQ(successes().value, 16);
  EXPECT_EQ(successes().start, now_ns + 2 * hour_ns);
}

TEST_P(otlp_to_collector, gets_many_metrics_in_parts) {
  snapshot all{test::some_time(), {}, {}};
  for (int i = 0; i < 3000; ++i)
    all.breakers.push_back(some_breaker("breaker " + std::to_string(i)));
  const auto result = make_otlp_metric_sink(options)()->report(all);
  ASSERT_EQ(result.what, verdict::delivered) << result.error;
  EXPECT_GT(collector->requests(), 1u);
  std::set<std::string> names;
  std::size_t calls = 0;
  for (const auto& each : collector->points())
    if (each.metric == "circuit_breaker.calls") {
      ++calls;
      names.insert(std::get<std::string>(each.attributes.at("name")));
    }
  EXPECT_EQ(names.size(), 3000u);
  EXPECT_EQ(calls, 7u * 3000u);
}

} // namespace

} // namespace switchgear::telemetry
