#pragma once

#include <stdexcept>
#include <string>
#include <vector>

/// Scenarios with the traces that real Erlang/OTP gave for them: what each kind
/// of scenario is run on here, and nothing about how that is compared.
namespace switchgear::conformance {

/// Who gives a machine its time and callers.
enum class driver {
  virtual_time, ///< The machine alone.
  actor,        ///< A CAF actor around it, in a deterministic world.
  lane,         ///< For breakers: calls by threads, which count for themselves.
};

/// Records of a scenario or of a trace, one per line.
using lines = std::vector<std::string>;

/// A scenario is not well-formed. The text names the line and what is allowed.
struct bad_scenario : std::runtime_error {
  using runtime_error::runtime_error;
};

/// These run one scenario of their kind and return its trace.
/// @throws bad_scenario
/// @pre only a breaker has a lane
lines run_statem(const lines& scenario, driver how);
lines run_breaker(const lines& scenario, driver how);
lines run_sup(const lines& scenario, driver how);

} // namespace switchgear::conformance
