/// The catalogue of metrics, and what a snapshot says in it.

#include "switchgear/telemetry/metrics.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <map>
#include <regex>
#include <set>
#include <string>
#include <vector>

using namespace std::chrono_literals;

namespace switchgear::telemetry {

namespace {

using values = std::map<std::vector<std::string>, double>;

/// What a snapshot says, by the metrics' Prometheus names. A histogram's value
/// is its count.
class reader : public metric_visitor {
public:
  explicit reader(const snapshot& all) {
    visit_metrics(all, *this);
  }

  void begin(const metric& family) override {
    current_ = &family;
    read[std::string{family.prometheus}];
  }

  void point(const metric_point& x) override {
    EXPECT_EQ(x.labels.size(), current_->labels.size());
    std::vector<std::string> where(x.labels.begin(), x.labels.end());
    if (const auto* whole = std::get_if<std::uint64_t>(&x.value))
      add(where, static_cast<double>(*whole));
    else if (const auto* real = std::get_if<double>(&x.value))
      add(where, *real);
    else
      add(where, static_cast<double>(
                   std::get<const call_durations*>(x.value)->count()));
    const bool histogram = current_->kind == metric_kind::histogram;
    EXPECT_EQ(std::holds_alternative<const call_durations*>(x.value),
              histogram);
    EXPECT_TRUE(current_->kind != metric_kind::counter
                || std::holds_alternative<std::uint64_t>(x.value));
    since.insert(x.since);
    // A label that has a list of values takes no others.
    for (std::size_t i = 0; i < x.labels.size(); ++i) {
      const std::string listed{current_->labels[i].values};
      EXPECT_TRUE(listed.empty()
                  || (", " + listed + ",").find(" " + where[i] + ",")
                       != std::string::npos)
        << where[i];
    }
  }

  std::map<std::string, values> read;
  std::set<wall_time> since;

private:
  void add(const std::vector<std::string>& where, double value) {
    EXPECT_TRUE(
      read[std::string{current_->prometheus}].emplace(where, value).second)
      << "twice";
  }

  const metric* current_ = nullptr;
};

snapshot example() {
  snapshot all;
  statistics db;
  db.name = "db";
  db.state = state::half_open;
  db.outcomes = {1, 2, 3, 4, 5, 6};
  db.total_successes = 7;
  db.total_failures = 8;
  db.total_rejected = 9;
  db.durations.buckets[0] = 10;
  db.durations.buckets[14] = 1;
  db.calls_under_way = 12;
  db.window_calls = 4;
  db.window_failures = 1;
  db.events_dropped = 13;
  db.transition_counts
    = {{state::closed, state::open, reason::failure_rate, 14},
       {state::closed, state::open, reason::forced_open, 15}};
  db.created = wall_time{1h};
  statistics idle;
  idle.name = "idle";
  idle.created = wall_time{2h};
  all.breakers = {db, idle};
  sink_health log;
  log.name = "log";
  log.delivered = 16;
  log.failed = 17;
  log.dropped = 18;
  log.queued = 19;
  all.sinks = {log};
  return all;
}

TEST(metrics, are_all_that_a_snapshot_says) {
  const reader got{example()};
  const std::map<std::string, values> expected{
    {"circuit_breaker_calls_total",
     {{{"db", "success"}, 1},
      {{"db", "failure"}, 2},
      {{"db", "timeout"}, 3},
      {{"db", "ignored"}, 4},
      {{"db", "cancelled"}, 5},
      {{"db", "late"}, 6},
      {{"db", "rejected"}, 9},
      {{"idle", "success"}, 0},
      {{"idle", "failure"}, 0},
      {{"idle", "timeout"}, 0},
      {{"idle", "ignored"}, 0},
      {{"idle", "cancelled"}, 0},
      {{"idle", "late"}, 0},
      {{"idle", "rejected"}, 0}}},
    {"circuit_breaker_call_duration_seconds", {{{"db"}, 11}, {{"idle"}, 0}}},
    {"circuit_breaker_calls_active", {{{"db"}, 12}, {{"idle"}, 0}}},
    {"circuit_breaker_state",
     {{{"db", "closed"}, 0},
      {{"db", "open"}, 0},
      {{"db", "half_open"}, 1},
      {{"idle", "closed"}, 1},
      {{"idle", "open"}, 0},
      {{"idle", "half_open"}, 0}}},
    {"circuit_breaker_state_transitions_total",
     {{{"db", "closed", "open", "failure_rate"}, 14},
      {{"db", "closed", "open", "forced_open"}, 15}}},
    {"circuit_breaker_failure_ratio", {{{"db"}, 0.25}, {{"idle"}, 0}}},
    {"circuit_breaker_events_dropped_total", {{{"db"}, 13}, {{"idle"}, 0}}},
    {"circuit_breaker_sink_events_total",
     {{{"log", "delivered"}, 16},
      {{"log", "failed"}, 17},
      {{"log", "dropped"}, 18}}},
    {"circuit_breaker_sink_queue", {{{"log"}, 19}}},
    {"circuit_breaker_successful_calls_total", {{{"db"}, 7}, {{"idle"}, 0}}},
    {"circuit_breaker_failed_calls_total", {{{"db"}, 8}, {{"idle"}, 0}}},
    {"circuit_breaker_rejected_calls_total", {{{"db"}, 9}, {{"idle"}, 0}}},
  };
  EXPECT_EQ(got.read, expected);
  // Of sinks it is not known.
  EXPECT_EQ(got.since, (std::set{wall_time{}, wall_time{1h}, wall_time{2h}}));
}

TEST(metrics, begin_although_there_are_no_points) {
  const reader got{snapshot{}};
  EXPECT_EQ(got.read.size(), metric_catalogue().size());
  for (const auto& [name, points] : got.read)
    EXPECT_TRUE(points.empty()) << name;
}

TEST(metrics, have_names_of_their_own_and_by_the_rules) {
  const std::regex otel{"circuit_breaker(\\.[a-z]+)+"};
  const std::regex prometheus{"circuit_breaker(_[a-z]+)+"};
  std::set<std::string> names;
  for (const auto& each : metric_catalogue()) {
    const std::string name{each.name};
    const std::string other{each.prometheus};
    EXPECT_TRUE(name.empty() || std::regex_match(name, otel)) << name;
    EXPECT_TRUE(name.empty() || names.insert(name).second) << name;
    EXPECT_TRUE(std::regex_match(other, prometheus)) << other;
    EXPECT_TRUE(names.insert(other).second) << other;
    EXPECT_EQ(other.ends_with("_total"), each.kind == metric_kind::counter);
    EXPECT_TRUE(each.help.ends_with('.')) << other;
    // Nothing that would have to be escaped.
    EXPECT_EQ(each.help.find_first_of("\\\"\n|"), std::string_view::npos);
    EXPECT_EQ(each.unit == "s", other.ends_with("_seconds"));
  }
}

} // namespace

} // namespace switchgear::telemetry
