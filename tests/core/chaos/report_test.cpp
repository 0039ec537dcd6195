#include "switchgear/chaos/report.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "support/breaker_rig.hpp"

using namespace std::chrono_literals;

namespace switchgear::chaos {

namespace {

using telemetry::event;
using test::breaker_rig;

statistics named(std::string name, statistics stats) {
  stats.name = std::move(name);
  return stats;
}

std::vector<event> events_of(const std::string& name, const breaker_rig& rig) {
  std::vector<event> result;
  for (const auto& each : rig.events()) {
    event next;
    static_cast<breaker_event&>(next) = each;
    next.breaker = name;
    result.push_back(std::move(next));
  }
  return result;
}

// Trips, turns three calls away, and recovers by way of another trip: 3 s.
void hard_times(breaker_rig& rig) {
  rig.ok();
  rig.fail();
  rig.fail();
  for (int i = 0; i < 3; ++i)
    rig.ok();
  rig.advance(1s);
  rig.fail();
  rig.advance(2s);
  rig.ok();
}

config hard_settings() {
  return {.failure_threshold = 2,
          .open_timeout = 1s,
          .open_timeout_multiplier = 2.0,
          .success_threshold = 1};
}

const tool_report expected_of_hard_times{.tool = "db",
                                         .calls = 5,
                                         .failures = 3,
                                         .rejected = 3,
                                         .trips = 2,
                                         .recoveries = 1,
                                         .recovery_time = 3s};

TEST(chaos_report, by_events) {
  breaker_rig rig{hard_settings()};
  hard_times(rig);
  ASSERT_EQ(rig.now_in(), state::closed);
  const auto got = report_of(events_of("db", rig));
  ASSERT_EQ(got.tools.size(), 1u);
  EXPECT_EQ(got.tools[0], expected_of_hard_times);
  EXPECT_EQ(got.total.tool, "all");
  EXPECT_EQ(got.total.trips, 2u);
}

TEST(chaos_report, by_statistics_is_the_same) {
  breaker_rig rig{hard_settings()};
  hard_times(rig);
  const std::vector after{named("db", rig.stats())};
  EXPECT_EQ(report_of({}, after).tools.at(0), expected_of_hard_times);
}

TEST(chaos_report, leaves_out_what_was_before) {
  breaker_rig rig{hard_settings()};
  rig.ok();
  hard_times(rig);
  const std::vector before{named("db", rig.stats())};
  hard_times(rig);
  const std::vector after{named("db", rig.stats())};
  EXPECT_EQ(report_of(before, after).tools.at(0), expected_of_hard_times);
}

TEST(chaos_report, a_breaker_that_was_made_anew_counts_from_zero) {
  breaker_rig rig{hard_settings()};
  hard_times(rig);
  auto old = named("db", rig.stats());
  auto fresh = old;
  fresh.created = old.created + std::chrono::hours{1};
  const std::vector before{old};
  const std::vector after{fresh};
  EXPECT_EQ(report_of(before, after).tools.at(0), expected_of_hard_times);
}

TEST(chaos_report, one_that_was_closed_by_hand_has_not_recovered) {
  breaker_rig rig{hard_settings()};
  rig.trip();
  rig.reset();
  const auto got = report_of(events_of("db", rig)).total;
  EXPECT_EQ(got.trips, 1u);
  EXPECT_EQ(got.recoveries, 0u);
}

TEST(chaos_report, sums_up_and_says_it_in_words) {
  breaker_rig db{hard_settings()};
  hard_times(db);
  breaker_rig mail;
  mail.ok();
  auto events = events_of("mail", mail);
  for (auto& each : events_of("db", db))
    events.push_back(std::move(each));
  EXPECT_EQ(
    report_of(events).to_string(),
    "db: 5 calls, 3 failed, 3 rejected (37.5%), 2 trips, 1 recovery after "
    "3000 ms\n"
    "mail: 1 calls, 0 failed, 0 rejected (0.0%), 0 trips, 0 recoveries\n"
    "all: 6 calls, 3 failed, 3 rejected (33.3%), 2 trips, 1 recovery after "
    "3000 ms\n");
}

TEST(chaos_report, of_nothing) {
  const auto got = report_of(std::vector<event>{});
  EXPECT_TRUE(got.tools.empty());
  EXPECT_EQ(got.total.rejection_rate(), 0.0);
  EXPECT_EQ(got.total.mean_recovery(), 0s);
}

} // namespace

} // namespace switchgear::chaos
