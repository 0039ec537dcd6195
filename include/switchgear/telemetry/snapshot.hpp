#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "switchgear/breaker/statistics.hpp"
#include "switchgear/time.hpp"

namespace switchgear::telemetry {

/// How a sink fares. `offered` is the sum of `delivered`, `failed`, `dropped`
/// and `queued`: no event is lost without being counted.
struct sink_health {
  std::string name;
  /// Events that the sink was to get.
  std::uint64_t offered = 0;
  /// Events that it took.
  std::uint64_t delivered = 0;
  /// Events that it got and could not deliver, and gave up on.
  std::uint64_t failed = 0;
  /// Events that had to make room for others while it was too slow.
  std::uint64_t dropped = 0;
  /// Events that wait for it, or that it is at work on.
  std::uint64_t queued = 0;
  /// Snapshots that it delivered, and those that it could not deliver.
  std::uint64_t reports_delivered = 0;
  std::uint64_t reports_failed = 0;
  /// How often it was made anew, because it threw or its actor died.
  std::uint64_t restarts = 0;
  /// Deliveries in a row that have not succeeded.
  std::uint64_t failures_in_a_row = 0;
  /// Why the last one did not succeed; empty if all did.
  std::string last_error;

  friend bool operator==(const sink_health&, const sink_health&) = default;
};

/// All numbers of a runtime at one moment: what metrics are made of.
struct snapshot {
  wall_time taken{};
  /// In alphabetical order.
  std::vector<statistics> breakers;
  std::vector<sink_health> sinks;
};

} // namespace switchgear::telemetry
