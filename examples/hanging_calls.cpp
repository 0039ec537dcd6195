// A tool that neither answers nor fails. No call has ended, so there is no
// failure to count; what gives it away are the calls that do not come back.

#include "switchgear/switchgear.hpp"

#include <chrono>
#include <future>
#include <iostream>
#include <thread>
#include <vector>

int main() {
  using namespace std::chrono_literals;
  switchgear::runtime rt;
  switchgear::config cfg;
  cfg.max_stuck_calls = 3;
  cfg.stuck_after = 50ms;
  auto search = rt.breaker("search", cfg);

  std::promise<void> recovered;
  auto answer = recovered.get_future().share();
  std::vector<std::thread> clients;
  for (int i = 0; i < 3; ++i)
    clients.emplace_back(
      [=]() mutable { search.call([&] { answer.wait(); }); });

  if (!search.await(switchgear::state::open, 20s))
    return 1;
  const auto stats = search.stats().value();
  std::cout << "why: " << stats.why << '\n'
            << "under way: " << stats.calls_under_way << '\n'
            << "failures: " << stats.total_failures << '\n';
  const auto next = search.call([] { return 42; });
  std::cout << "the next call: " << next.error().to_string() << '\n';

  recovered.set_value();
  for (auto& each : clients)
    each.join();
  std::cout << "under way: " << search.stats()->calls_under_way << '\n';
}
