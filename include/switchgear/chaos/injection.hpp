#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "switchgear/breaker/config.hpp"
#include "switchgear/time.hpp"

/// Faults on purpose, to see what breakers and policies make of them.
namespace switchgear::chaos {

/// What goes wrong.
enum class fault : std::uint8_t {
  latency, ///< Calls take longer.
  error,   ///< Calls fail at once.
  hang,    ///< Calls do not come back, until they are told to.
  crash,   ///< Calls throw, and something is killed if one wants.
};

std::string_view to_string(fault value) noexcept;

/// How often, for how long, and to whom.
struct injection {
  /// From now on. Zero (the default): until it is ended. Up to 30 days.
  duration lasts = duration::zero();

  /// Of `latency`: how much longer. 0 to 1 h.
  duration latency = std::chrono::milliseconds{500};

  /// Of `hang`: the longest that a call is held. 1 ms to 1 h.
  duration hang_limit = std::chrono::seconds{30};

  /// Share of calls that it happens to. Above 0, to 1.
  double rate = 1.0;

  /// Tools whose calls are affected; empty: all.
  std::vector<std::string> tools{};

  /// Of `crash`: called with the tool's name, on the caller's thread, before
  /// the call throws; kill an actor here. What it throws is dropped.
  std::function<void(const std::string& tool)> kill{};
};

/// All that is wrong with `how`.
std::vector<config_error> validate(const injection& how);

} // namespace switchgear::chaos
