/// A collector that goes away in the midst of calls, and comes back.

#include <gmock/gmock.h>

#include <atomic>
#include <set>
#include <thread>
#include <vector>

#include "support/breakers.hpp"
#include "support/otlp_collector.hpp"
#include "switchgear/switchgear.hpp"

using namespace std::chrono_literals;

namespace switchgear::test {

namespace {

using namespace telemetry;

constexpr std::uint64_t calls = 200'000;

runtime_options exporting(const otlp_collector& to, otlp_protocol protocol) {
  otlp_options otlp;
  otlp.endpoint = to.endpoint();
  otlp.protocol = protocol;
  otlp.insecure = true;
  otlp.timeout = 5s;
  otlp.metric_interval = 50ms;
  otlp.success_events = true;
  otlp.log_batching.max_queue_size = 256;
  otlp.log_batching.max_export_batch_size = 64;
  otlp.log_batching.schedule_delay = 1ms;
  otlp.traces_exporter = otlp_exporter::none;
  runtime_options result;
  result.telemetry.otlp = otlp;
  return result;
}

sink_health of(const runtime& rt, const std::string& name) {
  for (auto& each : rt.telemetry().health())
    if (each.name == name)
      return each;
  ADD_FAILURE() << "no sink " << name;
  return {};
}

/// The last value of a counter's series.
double last(const std::vector<otlp_point>& points, const std::string& metric,
            const std::string& label, const std::string& value) {
  double result = -1;
  for (const auto& each : points)
    if (each.metric == metric && each.attributes.count(label)
        && std::get<std::string>(each.attributes.at(label)) == value)
      result = each.value;
  return result;
}

class otlp_to_outage : public ::testing::TestWithParam<otlp_protocol> {};

TEST_P(otlp_to_outage, loses_no_number_and_counts_what_it_drops) {
  const auto collector = make_collector(GetParam());
  runtime rt{exporting(*collector, GetParam())};
  auto db = rt.breaker("db", trips_after(1'000'000));
  std::atomic<std::uint64_t> made{0};
  const auto work = [&](std::uint64_t until) {
    while (made < until) {
      const auto n = made.fetch_add(1);
      if (n >= calls)
        break;
      if (n % 100 == 0)
        static_cast<void>(db.call(broken));
      else
        static_cast<void>(db.call(fine));
    }
  };
  std::vector<std::thread> threads;
  for (int t = 0; t < 2; ++t)
    threads.emplace_back([&] { work(calls); });
  ASSERT_TRUE(eventually([&] { return made > calls / 4; }));
  collector->stop();
  ASSERT_TRUE(eventually([&] {
    static_cast<void>(db.call(broken));
    return of(rt, "otlp.logs").failures_in_a_row > 0;
  }));
  collector->start();
  for (auto& each : threads)
    each.join();
  ASSERT_TRUE(rt.telemetry().flush(patience));

  const auto s = *db.stats();
  const auto logs = of(rt, "otlp.logs");
  EXPECT_GE(s.total_calls, calls);
  EXPECT_EQ(logs.queued, 0u);
  EXPECT_EQ(logs.failed, 0u);
  EXPECT_EQ(logs.offered, logs.delivered + logs.dropped);
  // A record whose receipt got lost comes twice.
  std::set<otlp_value> received;
  for (const auto& each : collector->logs())
    received.insert(each.attributes.at("circuit_breaker.sequence"));
  EXPECT_EQ(received.size(), logs.delivered);
  EXPECT_GT(logs.dropped, 0u);
  EXPECT_NE(logs.last_error, "");
  // Whatever was lost on the way: the numbers are right again, and they say how
  // many records are missing.
  ASSERT_TRUE(rt.telemetry().flush(patience));
  const auto points = collector->points();
  EXPECT_EQ(last(points, "circuit_breaker.calls", "outcome", "success"),
            static_cast<double>(s.total_successes));
  EXPECT_EQ(last(points, "circuit_breaker.calls", "outcome", "failure"),
            static_cast<double>(s.total_failures));
  double dropped = -1;
  for (const auto& each : points)
    if (each.metric == "circuit_breaker.sink.events"
        && std::get<std::string>(each.attributes.at("sink")) == "otlp.logs"
        && std::get<std::string>(each.attributes.at("result")) == "dropped")
      dropped = each.value;
  EXPECT_EQ(dropped, static_cast<double>(logs.dropped));
}

INSTANTIATE_TEST_SUITE_P(by, otlp_to_outage,
                         ::testing::Values(otlp_protocol::http_json,
                                           otlp_protocol::grpc),
                         [](const auto& chosen) {
                           return chosen.param == otlp_protocol::grpc
                                    ? "grpc"
                                    : "http_json";
                         });

} // namespace

} // namespace switchgear::test
