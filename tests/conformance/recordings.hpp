#pragma once

#include <string>
#include <vector>

#include "conformance/scenario.hpp"

namespace switchgear::conformance {

/// A scenario with the trace that Erlang/OTP gave for it.
struct recording {
  std::string name;
  lines scenario;
  lines trace;
};

/// Reads `traces/<set>.jsonl`.
std::vector<recording> recordings(const std::string& set);

/// Shows how `actual` differs from `expected`: all lines, those missing marked
/// with `-`, those too many with `+`.
std::string difference(const lines& expected, const lines& actual);

} // namespace switchgear::conformance
