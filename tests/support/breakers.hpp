#pragma once

#include <stdexcept>
#include <string>

#include "support/eventually.hpp"
#include "switchgear/runtime.hpp"

/// What tests of breakers at work have in common.
namespace switchgear::test {

/// Trips after so many failures in a row, and on nothing else.
inline config trips_after(std::uint32_t failures) {
  config cfg;
  cfg.failure_threshold = failures;
  cfg.window_size = 1'000'000;
  return cfg;
}

/// A callable that fails, and one that does not.
inline void broken() {
  throw std::runtime_error{"broken"};
}

inline int fine() {
  return 7;
}

/// Trips a breaker that trips after one failure, with as short an open time,
/// and lets it go to half-open.
inline config probes_at_once(std::uint32_t probes = 1) {
  auto cfg = trips_after(1);
  cfg.open_timeout = std::chrono::milliseconds{1};
  cfg.half_open_max_calls = probes;
  cfg.probe_lease = std::chrono::hours{1};
  return cfg;
}

} // namespace switchgear::test
