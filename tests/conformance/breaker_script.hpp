#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <vector>

#include "conformance/scenario.hpp"
#include "switchgear/breaker/config.hpp"

namespace switchgear::conformance {

struct breaker_step {
  enum class kind {
    call,  ///< Asks, runs, reports.
    begin, ///< Asks only.
    end,   ///< Reports what was begun.
    wait,  ///< Lets time pass.
    get_state,
    stats,
    reset,
    force_open,
  };

  kind what = kind::call;
  std::string text; ///< As the trace repeats it.
  std::size_t line = 0;
  std::string id; ///< Of `begin` and `end`.
  /// Of `call` and `end`: the error that the function ends with; empty if it
  /// succeeds.
  std::string error;
  std::chrono::milliseconds time{};
};

struct breaker_script {
  config cfg;
  std::vector<breaker_step> steps;
};

/// Reads a scenario of the kind breaker.
/// @throws bad_scenario
breaker_script parse_breaker(const lines& scenario);

} // namespace switchgear::conformance
