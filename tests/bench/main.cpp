/// The benchmarks: all of Google Benchmark's options, and
///
///     --table         the figures that matter, with their baselines and goals
///     --growth        how costs grow with breakers, threads and windows
///     --quick         of these, a glance that proves that they work
///     --names         what there is to measure

#include <cstdio>
#include <iostream>
#include <memory>
#include <optional>
#include <regex>
#include <string>
#include <vector>

#include <benchmark/benchmark.h>
#include <spdlog/sinks/null_sink.h>
#include <spdlog/spdlog.h>

#include "figures.hpp"
#include "suite.hpp"

namespace switchgear::bench {

namespace {

struct options {
  bool table = false;
  bool growth = false;
  bool quick = false;
  bool names = false;
  std::string filter;
  std::size_t memory = 0;
  std::size_t timeouts = 0;
  std::vector<std::string> others; // Google Benchmark's
};

std::optional<std::string> value_of(const std::string& argument,
                                    std::string_view name) {
  if (argument.starts_with(name))
    return argument.substr(name.size());
  return std::nullopt;
}

options parse(int argc, char** argv) {
  options result;
  result.others.emplace_back(argv[0]);
  for (int i = 1; i < argc; ++i) {
    const std::string each{argv[i]};
    if (each == "--table")
      result.table = true;
    else if (each == "--growth")
      result.growth = true;
    else if (each == "--quick")
      result.quick = true;
    else if (each == "--names")
      result.names = true;
    else if (auto filter = value_of(each, "--benchmark_filter="))
      result.filter = *filter;
    else if (auto memory = value_of(each, "--memory="))
      result.memory = std::stoul(*memory);
    else if (auto timeouts = value_of(each, "--timeouts="))
      result.timeouts = std::stoul(*timeouts);
    else
      result.others.push_back(each);
  }
  if (result.table || result.growth)
    result.others.insert(
      result.others.end(),
      {"--benchmark_enable_random_interleaving=true",
       result.quick ? "--benchmark_repetitions=1" : "--benchmark_repetitions=9",
       result.quick ? "--benchmark_min_time=0.001"
                    : "--benchmark_min_time=0.1"});
  return result;
}

/// Whether to run it. Names are matched here: the library would add to them.
bool wanted(const options& how, const std::string& name) {
  const bool grows = name.starts_with("growth/");
  if (!how.filter.empty())
    return std::regex_search(name, std::regex{how.filter});
  if (how.table || how.growth)
    return grows ? how.growth : how.table;
  return !grows;
}

std::size_t enroll(const suite& all, const options& how) {
  std::size_t result = 0;
  for (const auto& each : all.entries()) {
    if (!wanted(how, each.name))
      continue;
    ++result;
    auto* added = benchmark::RegisterBenchmark(each.name.c_str(), each.run);
    if (each.threads > 1)
      added->Threads(each.threads);
    if (each.how == suite::timing::by_hand)
      added->UseManualTime();
    else
      added->UseRealTime();
  }
  return result;
}

bool initialize(std::vector<std::string> arguments) {
  std::vector<char*> pointers;
  for (auto& each : arguments)
    pointers.push_back(each.data());
  int count = static_cast<int>(pointers.size());
  benchmark::Initialize(&count, pointers.data());
  return !benchmark::ReportUnrecognizedArguments(count, pointers.data());
}

int run(const options& how) {
  const bool silent = how.table || how.growth;
  runtime_options setup;
  setup.restart_intensity = 1'000'000; // actors are killed all the time
  setup.restart_period = std::chrono::milliseconds{1};
  runtime rt{setup};
  suite all{rt};
  for (auto* add : {add_calls, add_messages, add_lifecycle, add_baselines,
                    add_growth, add_metrics, add_telemetry, add_policies})
    add(all);
  if (how.names) {
    for (const auto& each : all.entries())
      if (wanted(how, each.name))
        std::cout << each.name << '\n';
    return 0;
  }
  if (enroll(all, how) == 0) {
    std::cerr << "no benchmark matches " << how.filter << '\n';
    return 1;
  }
  std::unique_ptr<benchmark::BenchmarkReporter> display;
  if (!silent)
    display.reset(benchmark::CreateDefaultDisplayReporter());
  plain_reporter reporter{display.get()};
  benchmark::RunSpecifiedBenchmarks(&reporter);
  benchmark::ClearRegisteredBenchmarks(); // they hold breakers
  if (how.table)
    print_table(std::cout, reporter.results());
  if (how.growth)
    print_growth(std::cout, reporter.results());
  return reporter.failed() ? 1 : 0;
}

int main(int argc, char** argv) {
  // Nobody reads the breakers' log here.
  spdlog::null_logger_mt("switchgear")->set_level(spdlog::level::off);
  const auto how = parse(argc, argv);
  if (how.memory > 0)
    return measure_memory(how.memory);
  if (how.timeouts > 0)
    return measure_timeouts(how.timeouts);
  if (!initialize(how.others))
    return 2;
  const auto code = run(how);
  if (how.table && code == 0)
    print_scale(std::cout, how.quick ? 1000 : 100'000);
  return code;
}

} // namespace

} // namespace switchgear::bench

int main(int argc, char** argv) {
  return switchgear::bench::main(argc, argv);
}
