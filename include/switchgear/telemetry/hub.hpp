#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "switchgear/breaker/config.hpp"
#include "switchgear/expected.hpp"
#include "switchgear/telemetry/sink.hpp"

namespace switchgear::telemetry {

/// Where a runtime's events and numbers go: `runtime::telemetry()`.
///
/// All functions are thread-safe. Those that wait do so at most as long as they
/// say; don't call them from inside an actor.
class hub {
public:
  virtual ~hub() = default;

  /// Adds a sink. All events from now on reach it.
  /// @returns `already_exists`, `invalid_config`, or `unavailable` after the
  ///          runtime's shutdown
  virtual expected<void, failure> add(std::string name, sink_factory make,
                                      sink_options options = {})
    = 0;

  /// Flushes a sink and ends it; waits for that five seconds at the most.
  /// @returns `not_found` if there is none of that name
  virtual expected<void, failure> remove(std::string_view name) = 0;

  /// The sinks, in the order in which they were added.
  virtual std::vector<sink_health> health() const = 0;

  /// All numbers of all breakers and sinks; asks actors.
  virtual snapshot collect() const = 0;

  /// Waits until all that happened before has been delivered, or given up on,
  /// and flushes all sinks.
  /// @returns whether that was done within `limit`.
  virtual bool flush(duration limit) = 0;

  /// Kills a sink's actor, without giving it a chance to say goodbye. Another
  /// one takes over. For tests and demonstrations.
  virtual expected<void, failure> kill(std::string_view name) = 0;
};

/// All that is wrong with `options`.
std::vector<config_error> validate(const sink_options& options);

} // namespace switchgear::telemetry
