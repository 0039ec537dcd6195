#pragma once

#include <map>
#include <ostream>
#include <string>
#include <vector>

#include <benchmark/benchmark.h>

#include "suite.hpp"

namespace switchgear::bench {

/// Results under their plain names: nanoseconds of wall time per operation,
/// and counters.
class figures {
public:
  void add(const benchmark::BenchmarkReporter::Run& run);

  /// The median of all repetitions. Not a number if there is none.
  double median(const std::string& name) const;

  double counter(const std::string& name, const std::string& which) const;

  std::vector<std::string> names() const;

private:
  struct series {
    std::vector<double> times;
    std::map<std::string, double> counters;
  };

  std::map<std::string, series> all_;
};

/// Hands a report on with plain names, and keeps the figures.
class plain_reporter final : public benchmark::BenchmarkReporter {
public:
  /// @param to may be null
  explicit plain_reporter(benchmark::BenchmarkReporter* to) : to_(to) {
    // nop
  }

  bool ReportContext(const Context& context) override;
  void ReportRuns(const std::vector<Run>& report) override;
  void Finalize() override;

  const figures& results() const noexcept {
    return results_;
  }

  /// Whether a benchmark has said that it could not be run.
  bool failed() const noexcept {
    return failed_;
  }

private:
  benchmark::BenchmarkReporter* to_;
  figures results_;
  bool failed_ = false;
};

/// Prints what has been measured, beside its baseline and what it is to be.
void print_table(std::ostream& out, const figures& measured);

/// Prints how costs grow.
void print_growth(std::ostream& out, const figures& measured);

/// Prints what many breakers take: memory, and time.
/// @param count how many
void print_scale(std::ostream& out, std::size_t count);

/// The parts of `print_scale`, each in a process of its own.
int measure_memory(std::size_t count);
int measure_timeouts(std::size_t count);

} // namespace switchgear::bench
