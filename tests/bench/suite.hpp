#pragma once

#include <functional>
#include <string>
#include <vector>

#include <benchmark/benchmark.h>

#include "switchgear/runtime.hpp"

namespace switchgear::bench {

/// What is measured, under names that do not change, whatever the library's
/// version makes of them.
class suite {
public:
  using body = std::function<void(benchmark::State&)>;

  /// `clock`: all from the first to the last iteration. `by_hand`: what the
  /// body says with `SetIterationTime`.
  enum class timing { clock, by_hand };

  struct entry {
    std::string name;
    body run;
    int threads;
    timing how;
  };

  /// @param rt where benchmarks have their breakers
  explicit suite(runtime& rt) : rt_(rt) {
    // nop
  }

  runtime& rt() const noexcept {
    return rt_;
  }

  void add(std::string name, body run, timing how = timing::clock) {
    entries_.push_back({std::move(name), std::move(run), 1, how});
  }

  /// The same with so many threads at once, each a benchmark of its own, named
  /// `name/threads:N`.
  void add_threaded(const std::string& name, const body& run,
                    const std::vector<int>& threads = {1, 2}) {
    for (int n : threads)
      entries_.push_back(
        {name + "/threads:" + std::to_string(n), run, n, timing::clock});
  }

  const std::vector<entry>& entries() const noexcept {
    return entries_;
  }

private:
  runtime& rt_;
  std::vector<entry> entries_;
};

// One for each file.
void add_calls(suite& all);
void add_messages(suite& all);
void add_lifecycle(suite& all);
void add_baselines(suite& all);
void add_growth(suite& all);
void add_metrics(suite& all);
void add_telemetry(suite& all);
void add_policies(suite& all);

} // namespace switchgear::bench
