#pragma once

#include <atomic>
#include <cstdint>
#include <string>
#include <thread>
#include <vector>

#include "protected_tool.hpp"

namespace switchgear::test {

/// How calls ended, each in one way.
struct endings {
  std::atomic<std::uint64_t> calls{0};
  std::atomic<std::uint64_t> answered{0}; ///< By the service.
  std::atomic<std::uint64_t> instead{0};  ///< By the fallback.
  std::atomic<std::uint64_t> failed{0};
  std::atomic<std::uint64_t> mixed_up{0}; ///< Answers to another call.
};

/// Threads that call a tool without end: as fast as it lets them, so the rate
/// limit, which has them wait for their turn, makes a steady load of it.
class steady_load {
public:
  steady_load(const protected_tool& on, std::size_t clients) {
    for (std::size_t i = 0; i < clients; ++i)
      clients_.emplace_back([this, &on](const std::stop_token& stop) {
        while (!stop.stop_requested())
          call(on);
      });
  }

  /// Waits for the last calls.
  void end() {
    for (auto& each : clients_)
      each.request_stop();
    clients_.clear();
  }

  const endings& so_far() const noexcept {
    return ends_;
  }

private:
  void call(const protected_tool& on) {
    const auto path = '/' + std::to_string(++ends_.calls);
    const auto got = on.call(path);
    if (!got)
      ++ends_.failed;
    else if (*got == protected_tool::instead)
      ++ends_.instead;
    else if (*got == protected_tool::answer_to(path))
      ++ends_.answered;
    else
      ++ends_.mixed_up;
  }

  endings ends_;
  std::vector<std::jthread> clients_; // the last member: they use the others
};

} // namespace switchgear::test
