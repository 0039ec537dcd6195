// A breaker's life: it trips, rejects calls while it is open, lets a probe
// through, which fails, so that it stays open for twice as long; then the tool
// is back, two probes succeed, and it closes. At the end: how long that took.

#include "switchgear/switchgear.hpp"

#include <iostream>
#include <stdexcept>
#include <thread>

using namespace std::chrono_literals;

namespace {

bool tool_is_up = false;

std::string run_tool() {
  if (!tool_is_up)
    throw std::runtime_error{"no answer"};
  return "ok";
}

// A patient client: a rejection says when it makes sense to try again.
std::string call_patiently(switchgear::breaker& tool) {
  for (;;) {
    auto result = tool.call(run_tool);
    if (result)
      return *result;
    if (!result.error().is_rejection())
      return result.error().message();
    std::this_thread::sleep_for(result.error().retry_after() + 1ms);
  }
}

void call(switchgear::breaker& tool) {
  const auto result = call_patiently(tool);
  std::cout << result << " -> " << to_string(tool.state()) << '\n';
}

} // namespace

int main() {
  switchgear::runtime rt;
  // Where a factor is not enough, `hooks::open_time` computes the open time.
  auto tool = rt.breaker("tool", {.failure_threshold = 3,
                                  .open_timeout = 100ms,
                                  .open_timeout_multiplier = 2.0,
                                  .success_threshold = 2});
  std::cout << "-- calls\n";
  for (int i = 0; i < 3; ++i)
    call(tool);
  call(tool); // a probe
  tool_is_up = true;
  call(tool); // two more
  call(tool);

  std::cout << "-- changes of state\n";
  const auto stats = tool.stats().value();
  auto least = 100ms;
  for (std::size_t i = 0; i < stats.transitions.size(); ++i) {
    const auto& change = stats.transitions[i];
    std::cout << to_string(change.from) << " -> " << to_string(change.to)
              << " (" << to_string(change.why) << ")";
    if (change.from == switchgear::state::open) {
      const auto was_open = change.at - stats.transitions[i - 1].at;
      std::cout << (was_open >= least ? " after " : " before ") << least.count()
                << " ms or more";
      least *= 2;
    }
    std::cout << '\n';
  }
  std::cout << "-- statistics\n"
            << stats.trip_count << " trips, " << stats.recoveries
            << " recovery, which took "
            << (stats.avg_recovery_ms >= 300 ? "300 ms or more" : "too little")
            << '\n';
}
