/// What a scrape costs: asking all breakers, and writing their text.

#include <memory>
#include <string>

#include "callables.hpp"
#include "crowd.hpp"
#include "suite.hpp"
#include "switchgear/telemetry/prometheus.hpp"

namespace switchgear::bench {

namespace {

/// Breakers with a past, so that all kinds of series are there.
class busy_crowd {
public:
  const runtime& at_least(std::size_t count) {
    if (size_ < count) {
      rt_ = std::make_unique<runtime>();
      auto all = spawn_many(*rt_, count, timed_one_in(1));
      await_actors(all);
      for (auto& each : all) {
        static_cast<void>(each.call(fine));
        each.force_open();
        each.reset();
      }
      size_ = count;
    }
    return *rt_;
  }

private:
  std::unique_ptr<runtime> rt_;
  std::size_t size_ = 0;
};

void scrape(const runtime& rt, benchmark::State& s) {
  std::size_t bytes = 0;
  for (auto _ : s) {
    telemetry::snapshot all;
    all.breakers = rt.all_stats();
    bytes = telemetry::to_prometheus(all).size();
  }
  s.counters["bytes"] = static_cast<double>(bytes);
}

} // namespace

void add_metrics(suite& all) {
  for (std::size_t count : {1000, 10'000}) {
    auto who = std::make_shared<busy_crowd>();
    all.add(
      "metrics/prometheus/breakers:" + std::to_string(count),
      [who, count](benchmark::State& s) { scrape(who->at_least(count), s); });
  }
}

} // namespace switchgear::bench
