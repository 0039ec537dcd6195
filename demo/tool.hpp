#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <deque>
#include <mutex>
#include <string>

#include "command.hpp"
#include "model.hpp"
#include "service_process.hpp"
#include "switchgear/chaos/monkey.hpp"
#include "switchgear/switchgear.hpp"
#include "traffic.hpp"

namespace demo {

/// What a tool is like.
struct tool_plan {
  std::string name;
  switchgear::config settings;
  /// Typical time that its service takes.
  std::chrono::milliseconds latency{5};
  /// Time after which a call is given up.
  std::chrono::milliseconds timeout{400};
  /// Between two calls of its steady traffic.
  std::chrono::milliseconds pace{120};
};

/// How a call ended, in words: `ok 420 (3.1 ms)`.
struct call_report {
  fate how = fate::success;
  std::string text;
};

/// A service, the breaker in front of it, and those who call.
/// @note `call` may be used by any thread, all else by one at a time. The
///       service lives no longer than the thread that started it last.
class tool {
public:
  tool(switchgear::runtime& system, tool_plan plan);

  ~tool();

  const std::string& name() const {
    return plan_.name;
  }

  /// Makes a call through the breaker, on this thread.
  call_report call();

  /// Carries out an action.
  /// @returns what was done, in words.
  std::string apply(action what);

  /// Has some of the calls go wrong before they reach the service, for a time;
  /// zero: no more of that.
  /// @returns what was done, in words.
  std::string inject(switchgear::chaos::fault what, std::chrono::seconds lasts);

  void set_steady_traffic(bool on) {
    traffic_.set_steady(on);
  }

  bool steady_traffic() const {
    return traffic_.steady();
  }

  tool_view view();

private:
  /// A fault that is injected.
  struct injected {
    std::uint64_t number = 0;
    switchgear::time_point until{};
  };

  std::string break_service(condition how);
  injected& last_of(switchgear::chaos::fault what);

  switchgear::runtime& system_;
  const tool_plan plan_;
  service_process service_;
  switchgear::breaker breaker_;
  // Always the same seed: what happens to the n-th call can be seen again.
  const switchgear::chaos::monkey monkey_{7};
  std::array<injected, 3> injected_{}; // as `chaos_bindings`
  switchgear::statistics last_;
  std::atomic<std::uint64_t> next_number_{1};
  std::mutex mutex_;
  std::deque<fate> recent_;
  // The last member: its threads use the others.
  traffic traffic_;
};

} // namespace demo
