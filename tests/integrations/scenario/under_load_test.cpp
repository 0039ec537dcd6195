/// Everything together: all policies around calls to a service over HTTP, under
/// a steady load, while faults are injected and the service is really broken,
/// time and again. What comes of it is read off the service's own counters.

#include <gtest/gtest.h>

#include <cmath>
#include <string>

#include "steady_load.hpp"
#include "support/breaker_printing.hpp"
#include "support/eventually.hpp"
#include "switchgear/chaos/report.hpp"
#include "switchgear/test_kit/event_recorder.hpp"

namespace switchgear::test {

namespace {

using namespace std::chrono_literals;
using chaos::fault;

constexpr std::size_t clients = 12;
constexpr std::uint32_t places = 8;
constexpr std::uint32_t permits_per_second = 400;
constexpr std::uint32_t burst = 20;
constexpr double budget_share = 0.2;
constexpr duration open_time = 600ms;

protection plan() {
  protection result;
  result.seed = 42;
  result.retry
    = {.max_attempts = 3,
       .base = 2ms,
       .maximum = 20ms,
       .seed = 42,
       .budget = {.share = budget_share, .per_second = 1, .burst = burst}};
  result.rate_limit
    = {.permits = permits_per_second, .burst = burst, .max_wait = 10s};
  // It has to trip over as many calls as have a place, all hanging; and not
  // over the few faults that are always there.
  result.breaker.failure_threshold = places - 2;
  result.breaker.window_size = 100;
  result.breaker.open_timeout = open_time;
  result.breaker.half_open_max_calls = 1;
  // A probe of a busy machine's is not one that hangs.
  result.breaker.probe_lease = 10s;
  // A machine that stands still for a while is no tool that hangs.
  result.timeout = {.limit = 2s};
  result.bulkhead = {.concurrency = places};
  return result;
}

/// What there was at one moment.
struct moment {
  std::uint64_t calls;
  std::uint64_t answered;
  std::uint64_t attempts; ///< Which the rate limit let through.
  std::uint64_t requests; ///< Which the service has seen.
  std::uint64_t trips;
  time_point at;
};

class everything_together : public testing::Test {
public:
  moment look() {
    // What follows from something is read after it: no share is too large.
    moment result{};
    result.requests = world.seen->requests;
    result.attempts = limit().stats().admitted;
    result.answered = load.so_far().answered;
    result.calls = load.so_far().calls;
    result.trips = world.tool.stats().value().trip_count;
    result.at = clock::now();
    return result;
  }

  const policy::rate_limit& limit() const {
    return world.through.get<policy::rate_limit>();
  }

  void calls_pass(std::uint64_t count) {
    const auto until = load.so_far().calls + count;
    ASSERT_TRUE(eventually([&] { return load.so_far().calls >= until; }))
      << count << " calls were not made in time";
  }

  void answers_pass(std::uint64_t count) {
    const auto until = load.so_far().answered + count;
    ASSERT_TRUE(eventually([&] { return load.so_far().answered >= until; }))
      << count << " calls were not answered in time";
  }

  /// Has something break, looks what the service gets of the load meanwhile,
  /// has it mended, and waits for the service to be used again.
  template <class Break, class Mend>
  void survives(const std::string& what, Break break_it, Mend mend_it) {
    SCOPED_TRACE(what);
    const auto before = look();
    break_it();
    ASSERT_TRUE(world.tool.await(state::open, patience));
    const auto down = look();
    calls_pass(500);
    const auto still_down = look();
    EXPECT_GT(still_down.trips, before.trips);
    const auto wanted = still_down.attempts - down.attempts;
    const auto seen = still_down.requests - down.requests;
    // What was on its way when it tripped, and probes.
    const auto probes
      = static_cast<std::uint64_t>((still_down.at - down.at) / open_time) + 1;
    EXPECT_LE(seen, places + probes) << "of " << wanted;
    EXPECT_LT(2 * seen, wanted);

    mend_it();
    const auto mended = look();
    ASSERT_TRUE(world.tool.await(state::closed, patience));
    const auto closed = look();
    // One probe may have been out, and one hit by chaos.
    EXPECT_LE(closed.trips - mended.trips, 2u);
    answers_pass(200);
    RecordProperty(what + " load while down",
                   std::to_string(seen) + " of " + std::to_string(wanted));
    RecordProperty(what + " recovery ms",
                   std::to_string((closed.at - mended.at) / 1ms));
  }

  /// The load that retries make while nothing keeps them from it.
  void retries_stay_within_their_budget() {
    ASSERT_TRUE(world.tool.force_closed());
    world.server.behave("status 500");
    const auto begin = look();
    calls_pass(400);
    const auto end = look();
    world.server.behave("healthy");
    answers_pass(200);
    ASSERT_TRUE(world.tool.automatic());
    const auto requests = static_cast<double>(end.requests - begin.requests);
    const auto calls = static_cast<double>(end.calls - begin.calls);
    // Not each attempt finds a place in the bulkhead.
    const auto attempts = static_cast<double>(end.attempts - begin.attempts);
    EXPECT_GT(attempts / calls, 1.0 + budget_share / 2) << "there were retries";
    // Those on their way at both ends, and what had been saved up.
    EXPECT_LT(requests, calls * (1.0 + budget_share) + burst + clients
                          + seconds(end.at - begin.at) + 1.0);
    EXPECT_GT(world.through.get<policy::retry>().stats().budget_refusals, 0u);
    RecordProperty("amplification", std::to_string(requests / calls));
  }

  /// When nothing is on its way any more.
  void nothing_is_lost();
  void load_was_limited();
  void reports_agree();

  static double seconds(duration time) {
    return std::chrono::duration<double>(time).count();
  }

  const time_point began = clock::now();
  protected_tool world{plan()};
  test_kit::event_recorder told{world.rt};
  steady_load load{world, clients};
};

void everything_together::nothing_is_lost() {
  const auto& ends = load.so_far();
  EXPECT_EQ(ends.calls, ends.answered + ends.instead + ends.failed);
  EXPECT_EQ(ends.mixed_up, 0u);

  const auto fallback
    = world.through.get<policy::fallback<std::string>>().stats();
  EXPECT_EQ(fallback.answered, ends.instead);
  EXPECT_EQ(fallback.passed, ends.failed);
  EXPECT_EQ(fallback.failed, 0u);

  const auto retry = world.through.get<policy::retry>().stats();
  EXPECT_EQ(retry.calls, ends.calls);
  EXPECT_EQ(retry.calls, ends.answered + retry.exhausted + retry.not_retried
                           + retry.budget_refusals + retry.too_long
                           + retry.cancelled);
  EXPECT_GT(retry.recovered, 0u);

  const auto rate = limit().stats();
  EXPECT_EQ(retry.attempts(), rate.admitted + rate.rejected + rate.cancelled);

  const auto tool = world.tool.stats().value();
  EXPECT_EQ(tool.calls_under_way, 0u);
  EXPECT_EQ(rate.admitted, tool.outcomes.total() + tool.total_rejected);
  EXPECT_EQ(tool.outcomes.total(), tool.total_successes + tool.total_failures
                                     + tool.total_ignored
                                     + tool.total_cancelled);
  EXPECT_EQ(tool.total_successes, ends.answered);

  const auto timeout = world.through.get<policy::timeout>().stats();
  EXPECT_EQ(timeout.calls, tool.outcomes.total());
  EXPECT_GT(timeout.timeouts, 0u);

  const auto bulkhead = world.through.get<policy::bulkhead>().stats();
  EXPECT_EQ(timeout.calls - timeout.rejected,
            bulkhead.admitted + bulkhead.rejected);
  EXPECT_GT(bulkhead.rejected, 0u);

  const auto chaos = world.monkey.stats().at("tool");
  EXPECT_EQ(chaos.calls, bulkhead.admitted);
  EXPECT_GT(chaos.delayed, 0u);
  EXPECT_GT(chaos.failed, 0u);
  EXPECT_GT(chaos.hung, 0u);
  const auto stopped = chaos.calls - chaos.failed - chaos.hung - world.made();
  EXPECT_LE(stopped, chaos.delayed) << "given up while they were delayed";

  const auto transport = world.transport.stats().value();
  EXPECT_EQ(transport.outcomes.total(), world.made());
  EXPECT_EQ(transport.total_rejected, 0u);
  // It was killed once. What was on its way then is an answer or a request more
  // for the service than for its clients.
  EXPECT_GE(world.seen->answers, transport.outcomes.success);
  EXPECT_LE(world.seen->answers, transport.outcomes.success + places);
  EXPECT_LE(world.seen->requests, world.made() + places);
  EXPECT_EQ(world.seen->under_way, 0u);
}

void everything_together::load_was_limited() {
  const auto requests = world.seen->requests.load();
  const auto calls = load.so_far().calls.load();
  const auto lasted = seconds(clock::now() - began);
  EXPECT_LE(static_cast<double>(requests),
            static_cast<double>(calls) * (1.0 + budget_share) + lasted + 1.0);
  EXPECT_LE(static_cast<double>(limit().stats().admitted),
            burst + permits_per_second * lasted);
  EXPECT_LE(static_cast<double>(requests), burst + permits_per_second * lasted);
  EXPECT_GT(limit().stats().waited, 0u);
  // All places were taken while it hung, and never more.
  EXPECT_EQ(world.seen->most_under_way, places);
}

void everything_together::reports_agree() {
  const auto stats = world.tool.stats().value();
  const auto by_stats = chaos::report_of({}, std::vector{stats}).tools.at(0);
  EXPECT_EQ(by_stats.calls, stats.outcomes.total());
  EXPECT_EQ(by_stats.failures, stats.total_failures);
  EXPECT_EQ(by_stats.trips, stats.trip_count);
  EXPECT_EQ(by_stats.rejected, stats.total_rejected);
  EXPECT_DOUBLE_EQ(by_stats.rejection_rate(),
                   static_cast<double>(stats.total_rejected)
                     / static_cast<double>(limit().stats().admitted));
  // Four times the service was broken, once there was nothing but chaos.
  EXPECT_GE(by_stats.trips, 5u);
  EXPECT_GE(by_stats.recoveries, 5u);
  EXPECT_EQ(by_stats.recoveries, stats.recoveries);
  EXPECT_GE(by_stats.mean_recovery(), open_time);

  const auto events = told.take("tool");
  auto by_events = chaos::report_of(events).tools.at(0);
  for (const auto& sink : world.rt.telemetry().health())
    EXPECT_EQ(sink.dropped, 0u) << sink.name;
  const auto apart
    = std::chrono::abs(by_events.recovery_time - by_stats.recovery_time);
  EXPECT_LT(apart, 1ms);
  by_events.recovery_time = by_stats.recovery_time;
  by_events.calls += stats.events_dropped;
  EXPECT_EQ(by_events, by_stats);
  RecordProperty("report", chaos::report_of(events).to_string());
}

TEST_F(everything_together, through_all_that_can_happen) {
  EXPECT_TRUE(world.through.warnings().empty());
  answers_pass(200);
  EXPECT_EQ(look().trips, 0u);

  // From here on some calls are slow, fail or hang, whatever else happens.
  world.monkey.inject(fault::latency, {.latency = 10ms, .rate = 0.05});
  world.monkey.inject(fault::error, {.rate = 0.02});
  world.monkey.inject(fault::hang, {.rate = 0.005});
  answers_pass(400);
  EXPECT_EQ(look().trips, 0u);

  const auto healthy = [&] { world.server.behave("healthy"); };
  survives(
    "errors", [&] { world.server.behave("status 500"); }, healthy);
  survives(
    "hanging", [&] { world.server.behave("hang"); }, healthy);
  survives(
    "stopped", [&] { world.server.pause(); }, [&] { world.server.resume(); });
  survives(
    "killed", [&] { world.server.kill(); }, [&] { world.server.start(); });
  std::uint64_t storm = 0;
  survives(
    "chaos", [&] { storm = world.monkey.inject(fault::error, {.rate = 0.95}); },
    [&] { world.monkey.end(storm); });
  retries_stay_within_their_budget();

  load.end();
  world.monkey.calm();
  ASSERT_TRUE(eventually([&] {
    return world.through.get<policy::timeout>().stats().running == 0
           && world.seen->under_way == 0;
  }));
  nothing_is_lost();
  load_was_limited();
  reports_agree();
}

} // namespace

} // namespace switchgear::test
