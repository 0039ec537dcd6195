#pragma once

#include <chrono>
#include <cstddef>
#include <set>
#include <string>
#include <vector>

#include "conformance/scenario.hpp"
#include "switchgear/supervision/options.hpp"

namespace switchgear::conformance {

/// A child as a scenario describes it.
struct sup_child {
  std::string id;
  supervision::restart_type restart = supervision::restart_type::permanent;
  supervision::shutdown_time shutdown;
  /// Whether it cleans up when it is told to end.
  bool traps_exits = true;
  /// How long cleaning up takes.
  std::chrono::milliseconds slow{0};
  /// Its start function says `ignore`.
  bool ignores = false;
  /// Which of its starts fail, counted from 1.
  std::set<int> fail_starts;
};

/// A step after `run`.
struct sup_step {
  enum class kind {
    exit,
    crash,
    kill,
    wait,
    which,
    count,
    terminate,
    restart,
    delete_child,
    start,
  };

  kind what = kind::wait;
  std::size_t line = 0;
  std::string word; ///< The step's own name.
  std::string id;   ///< The child, if it is about one.
  std::string reason;
  std::chrono::milliseconds time{0};
  sup_child child; ///< The child to start.
};

struct sup_script {
  supervision::supervisor_options options;
  std::vector<sup_child> children;
  std::vector<sup_step> steps;
};

/// @throws bad_scenario
sup_script parse_sup(const lines& scenario);

} // namespace switchgear::conformance
