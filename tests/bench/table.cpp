/// The figures that matter, beside what they are to be.

#include <array>
#include <cmath>
#include <cstdio>

#include "figures.hpp"

namespace switchgear::bench {

namespace {

/// What a figure is compared with, and how far it may go.
struct goal {
  std::string name;
  std::string baseline; // empty: none, `limit` is in nanoseconds
  double limit;
  enum { ratio, difference, absolute, none } kind;
  std::string text;
};

const std::vector<goal>& goals() {
  static const std::vector<goal> all{
    {"call/success/untimed/threads:1", "baseline/mutex_breaker/threads:1",
     1.0 / 6, goal::ratio, "<= 1/6"},
    {"call/success/untimed/threads:1", "baseline/bare_call", 5,
     goal::difference, "<= 5 ns more"},
    {"call/success/untimed/threads:2", "call/success/untimed/threads:1", 0.6,
     goal::ratio, "<= 0.6"},
    {"call/success/untimed/threads:2", "baseline/mutex_breaker/threads:2", 0,
     goal::none, ""},
    {"call/success/untimed/threads:1", "baseline/load_and_add", 0, goal::none,
     ""},
    {"call/success/timed/threads:1", "baseline/clock_pair", 1.25, goal::ratio,
     "<= 1.25"},
    {"call/success/timed/threads:2", "call/success/timed/threads:1", 0,
     goal::none, ""},
    {"call/success/sampled/threads:1", "baseline/bare_call", 0, goal::none, ""},
    {"call/rejected/threads:1", "", 10, goal::absolute, "<= 10 ns"},
    {"acquire/rejected/threads:1", "", 0, goal::none, ""},
    {"call/failure/cannot_trip/threads:1",
     "baseline/mutex_breaker_failure/threads:1", 1, goal::ratio, "<= 1"},
    {"call/failure/cannot_trip/threads:2",
     "baseline/mutex_breaker_failure/threads:2", 0, goal::none, ""},
    {"trip", "baseline/caf_request", 2, goal::ratio, "<= 2"},
    {"restart", "baseline/caf_request", 0, goal::none, ""},
    {"message/call/threads:1", "baseline/caf_request_in_scheduler/threads:1",
     1.6, goal::ratio, "<= 1.6"},
    {"message/call/threads:2", "baseline/caf_request_in_scheduler/threads:2", 0,
     goal::none, ""},
    {"message/query/threads:1", "baseline/caf_request_in_scheduler/threads:1",
     0, goal::none, ""},
    {"spawn", "baseline/caf_spawn", 4, goal::ratio, "<= 4"},
    {"call/success/untimed/events:all/threads:1",
     "call/success/untimed/threads:1", 40, goal::difference, "<= 40 ns more"},
    {"call/success/untimed/events:all/threads:2",
     "call/success/untimed/threads:2", 40, goal::difference, "<= 40 ns more"},
    {"call/success/timed/events:all/threads:1", "call/success/timed/threads:1",
     40, goal::difference, "<= 40 ns more"},
    {"call/success/timed/collector:down", "call/success/timed/collector:up",
     1.1, goal::ratio, "<= 1.1"},
    {"pipeline/empty/threads:1", "baseline/bare_call", 5, goal::difference,
     "<= 5 ns more"},
    {"pipeline/breaker/threads:1", "call/success/untimed/threads:1", 5,
     goal::difference, "<= 5 ns more"},
    {"pipeline/fallback,retry,breaker,bulkhead/threads:1",
     "call/success/untimed/threads:1", 0, goal::none, ""},
    {"metrics/prometheus/breakers:1000", "", 20e6, goal::absolute, "<= 20 ms"},
    {"metrics/prometheus/breakers:10000", "", 200e6, goal::absolute,
     "<= 200 ms"},
  };
  return all;
}

std::string number(double value) {
  std::array<char, 64> text{};
  std::snprintf(text.data(), text.size(), value < 100 ? "%.2f" : "%.0f", value);
  return text.data();
}

std::string verdict(bool met) {
  return met ? "met" : "**not met**";
}

std::string row(const goal& g, const figures& measured) {
  const auto value = measured.median(g.name);
  const auto other = measured.median(g.baseline);
  auto result = "| `" + g.name + "` | " + number(value) + " ns | ";
  result += g.baseline.empty() ? " | | "
                               : '`' + g.baseline + "` | " + number(other)
                                   + " ns | " + number(value / other);
  result += " | " + g.text + " | ";
  switch (g.kind) {
    case goal::ratio:
      return result + verdict(value / other <= g.limit) + " |\n";
    case goal::difference:
      return result + verdict(value - other <= g.limit) + " |\n";
    case goal::absolute:
      return result + verdict(value <= g.limit) + " |\n";
    case goal::none:
      break;
  }
  return result + "|\n";
}

} // namespace

void print_table(std::ostream& out, const figures& measured) {
  out << "| what | per operation | compared with | per operation | ratio | "
         "goal | |\n|---|---|---|---|---|---|---|\n";
  for (const auto& each : goals())
    out << row(each, measured);
  const auto allocations
    = measured.counter("call/rejected/threads:1", "allocations");
  out << "| allocations of `call/rejected` | " << number(allocations)
      << " | | | | none | " << verdict(allocations < 1e-3) << " |\n";
}

void print_growth(std::ostream& out, const figures& measured) {
  out << "\n| how it grows | per operation |\n|---|---|\n";
  for (const auto& name : measured.names())
    if (name.starts_with("growth/"))
      out << "| `" << name << "` | " << number(measured.median(name))
          << " ns |\n";
}

} // namespace switchgear::bench
