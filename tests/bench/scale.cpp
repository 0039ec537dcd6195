/// What a hundred thousand breakers take. Each figure is taken in a process of
/// its own, where nothing else has used memory before.

#include <algorithm>
#include <array>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <memory>
#include <thread>

#include <malloc.h>
#include <unistd.h>

#include "callables.hpp"
#include "crowd.hpp"
#include "figures.hpp"
#include "support/eventually.hpp"

using namespace std::chrono_literals;

namespace switchgear::bench {

namespace {

std::size_t resident_bytes() {
  malloc_trim(0);
  std::size_t all = 0;
  std::size_t resident = 0;
  std::ifstream{"/proc/self/statm"} >> all >> resident;
  return resident * static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
}

double milliseconds(duration t) {
  return std::chrono::duration<double, std::milli>(t).count();
}

/// How much later than due those that tripped went to half-open.
std::vector<duration> delays(const std::vector<statistics>& all,
                             duration open_timeout) {
  std::vector<duration> result;
  for (const auto& each : all) {
    wall_time opened{};
    for (const auto& step : each.transitions) {
      if (step.to == state::open)
        opened = step.at;
      else if (step.from == state::open && step.to == state::half_open)
        result.push_back(std::chrono::duration_cast<duration>(step.at - opened)
                         - open_timeout);
    }
  }
  std::sort(result.begin(), result.end());
  return result;
}

/// Runs this program with an argument and passes on what it prints.
void print_from_child(std::ostream& out, const std::string& argument) {
  std::array<char, 4096> path{};
  const auto length = readlink("/proc/self/exe", path.data(), path.size() - 1);
  if (length <= 0)
    return;
  const auto command = '\'' + std::string{path.data()} + "' " + argument;
  std::unique_ptr<FILE, int (*)(FILE*)> child{popen(command.c_str(), "r"),
                                              pclose};
  std::array<char, 512> line{};
  while (child && std::fgets(line.data(), line.size(), child.get()))
    out << line.data();
}

std::string row(const std::string& what, const std::string& value,
                const std::string& goal, bool met) {
  return "| " + what + " | " + value + " | " + goal + " | "
         + (met ? "met" : "**not met**") + " |\n";
}

std::string fixed(double value, int digits) {
  std::array<char, 64> text{};
  std::snprintf(text.data(), text.size(), "%.*f", digits, value);
  return text.data();
}

} // namespace

int measure_memory(std::size_t count) {
  runtime rt;
  // What is needed once is not counted.
  await_actors({rt.breaker("first")});
  std::size_t taken = 0;
  {
    const auto before = resident_bytes();
    // Handles are two words each, and gone when it is measured.
    if (!await_actors(spawn_many(rt, count)))
      return 1;
    taken = resident_bytes() - before;
  }
  const auto each = taken / count;
  std::cout << row("memory of an idle breaker", std::to_string(each) + " bytes",
                   "<= 2,048", each <= 2048);
  return 0;
}

int measure_timeouts(std::size_t count) {
  constexpr auto seconds_long = 4;
  config cfg;
  cfg.failure_threshold = 1;
  cfg.open_timeout = 1s;
  runtime rt;
  auto all = spawn_many(rt, count, cfg);
  if (!await_actors(all))
    return 1;
  // One in a hundred trips each second, at even intervals.
  const auto trips = std::max<std::size_t>(1, count / 100 * seconds_long);
  const auto interval = duration{seconds_long * 1s} / trips;
  const auto begin = clock::now();
  for (std::size_t i = 0; i < trips; ++i) {
    std::this_thread::sleep_until(begin + i * interval);
    static_cast<void>(all[i * (count / trips)].call(refused));
  }
  // All of them, however late.
  if (!test::eventually([&] { return rt.health().open == 0; }))
    return 1;
  std::vector<statistics> known;
  const auto asking = test::time_of([&] { known = rt.all_stats(); });
  const auto late = delays(known, cfg.open_timeout);
  if (late.size() < trips || known.size() != count)
    return 1;
  const auto at = [&](double share) {
    const auto last = static_cast<double>(late.size() - 1);
    return fixed(milliseconds(late[static_cast<std::size_t>(share * last)]), 2);
  };
  std::cout << row(
    "open timeouts, later than due (" + std::to_string(trips) + " trips)",
    "p50 " + at(0.5) + " ms, p99 " + at(0.99) + " ms, max " + at(1) + " ms",
    "all <= 50 ms", late.back() <= 50ms)
            << row("statistics of all", fixed(milliseconds(asking), 0) + " ms",
                   "< 1,000 ms", asking < 1s);
  return 0;
}

void print_scale(std::ostream& out, std::size_t count) {
  const auto number = std::to_string(count);
  out << "\n| " << number << " breakers | | goal | |\n|---|---|---|---|\n";
  print_from_child(out, "--memory=" + number);
  print_from_child(out, "--timeouts=" + number);
}

} // namespace switchgear::bench
