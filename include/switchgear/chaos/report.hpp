#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "switchgear/breaker/statistics.hpp"
#include "switchgear/telemetry/event.hpp"

namespace switchgear::chaos {

/// How a tool's breaker came through a time of faults.
struct tool_report {
  std::string tool;
  std::uint64_t calls = 0;    ///< That were made.
  std::uint64_t failures = 0; ///< Of these.
  std::uint64_t rejected = 0; ///< Calls that were not made.
  std::uint64_t trips = 0;
  /// Times it closed by itself again, and how long that took from the first
  /// trip on, all together.
  std::uint64_t recoveries = 0;
  duration recovery_time{};

  /// Share of the calls that were wanted and not made, 0 to 1.
  double rejection_rate() const noexcept;

  /// Of one recovery; zero without any.
  duration mean_recovery() const noexcept;

  friend bool operator==(const tool_report&, const tool_report&) = default;
};

/// How all of them did.
struct report {
  /// In alphabetical order.
  std::vector<tool_report> tools;
  tool_report total; ///< Named `all`.

  /// A line for each, and one for all.
  std::string to_string() const;
};

/// What happened between two times: by the difference of statistics, as
/// `runtime::all_stats` gives them. A breaker that was not there before counts
/// from zero.
report report_of(std::span<const statistics> before,
                 std::span<const statistics> after);

/// What happened, by events as sinks get them. Successes are counted if they
/// are among them.
report report_of(std::span<const telemetry::event> events);

} // namespace switchgear::chaos
