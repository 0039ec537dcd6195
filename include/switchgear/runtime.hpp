#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "switchgear/admin.hpp"
#include "switchgear/breaker.hpp"
#include "switchgear/executor.hpp"
#include "switchgear/setup_error.hpp"
#include "switchgear/telemetry/hub.hpp"
#include "switchgear/telemetry/otlp.hpp"

namespace caf {

class actor_system;

} // namespace caf

namespace switchgear {

class runtime_config;

/// Where a runtime's events and numbers go without further ado; more sinks can
/// be added with `runtime::telemetry`.
struct telemetry_options {
  enum class log_use : std::uint8_t {
    automatic, ///< Unless log records are exported by OTLP.
    always,
    never,
  };

  /// Whether a sink `log` writes changes of state and settings, restarts and
  /// alerts to spdlog's logger `switchgear`.
  log_use log = log_use::automatic;

  /// Export by OTLP, as sinks `otlp.logs` and `otlp.metrics`, and traces by
  /// `telemetry::trace_calls`. Unset (the default): what the environment
  /// variables `OTEL_*` ask for; if set they are not looked at, so begin with
  /// `telemetry::otlp_options_from_environment()` to heed them. Where this
  /// library was built without OpenTelemetry, that is said in the log, which
  /// takes its place.
  std::optional<telemetry::otlp_options> otlp;
};

std::string_view to_string(telemetry_options::log_use value) noexcept;

/// How a runtime goes about its work.
struct runtime_options {
  /// Threads for the callables of call messages. 1 to 10,000.
  std::size_t workers = 16;

  /// Call messages that may wait for a thread; one more is answered with
  /// `bulkhead_full`. 0 to 1,000,000.
  std::size_t queue = 1024;

  /// Restarts of breaker actors within `restart_period` that are allowed.
  /// Beyond it the supervisor gives up, and is itself restarted. 0 to
  /// 1,000,000.
  int restart_intensity = 10;
  duration restart_period = std::chrono::seconds{10};

  /// How long shutting down waits for calls that run. 0 to 1 h.
  duration shutdown_grace = std::chrono::seconds{5};

  /// Settings of breakers that are made by name alone.
  config defaults{};

  /// Hooks of breakers that are made without hooks of their own: those in
  /// `breakers`, and those made by name with or without settings.
  switchgear::hooks hooks{};

  /// Breakers that exist from the start.
  std::map<std::string, config> breakers{};

  /// Where events and numbers go from the start.
  telemetry_options telemetry{};

  /// Where the runtime can be looked at and changed from outside. Unset (the
  /// default): nowhere.
  std::optional<admin_options> admin{};
};

/// All that is wrong with `options`, those of its breakers included.
std::vector<config_error> validate(const runtime_options& options);

/// How many breakers are in which state.
struct health {
  std::size_t total = 0;
  std::size_t closed = 0;
  std::size_t open = 0;
  std::size_t half_open = 0;

  /// Whether all are closed.
  bool healthy() const noexcept {
    return closed == total;
  }

  /// `healthy` or `degraded`.
  std::string_view status() const noexcept {
    return healthy() ? "healthy" : "degraded";
  }

  friend bool operator==(const health&, const health&) = default;
};

/// Where breakers live: one for each tool, each an actor, all under a
/// supervisor that restarts what dies.
///
/// It owns a CAF actor system, or stands on the user's. All functions are
/// thread-safe. Those that ask actors wait, at most five seconds for each
/// breaker: don't call them from inside an actor.
class runtime {
public:
  /// With an actor system of its own.
  /// @throws setup_error if the options are not valid
  explicit runtime(runtime_options options = {});

  /// With an actor system of its own that is set up by `cfg`: command line,
  /// configuration file.
  /// @throws setup_error if what `cfg` says is not valid
  explicit runtime(runtime_config& cfg);

  /// On an actor system that outlives it. Options come from the system's
  /// configuration, section `switchgear`. `actor::init_types()` must have been
  /// called before the system was made.
  explicit runtime(caf::actor_system& sys);

  runtime(caf::actor_system& sys, runtime_options options);

  /// Shuts down.
  ~runtime();

  runtime(const runtime&) = delete;
  runtime& operator=(const runtime&) = delete;

  // -- breakers by name -------------------------------------------------------

  /// The breaker of that name. If there is none it is made, once, however many
  /// ask at the same time, with `runtime_options::defaults`.
  /// @param name 1 to 255 bytes
  /// @throws setup_error if the name is not allowed, or after `shutdown`
  switchgear::breaker breaker(std::string_view name);

  /// The same with settings of its own. If the breaker exists they are not
  /// used; see `breaker::reconfigure`.
  /// @throws setup_error if name or settings are not allowed
  switchgear::breaker breaker(std::string_view name, const config& cfg);

  /// The same with hooks of its own.
  switchgear::breaker breaker(std::string_view name, const config& cfg,
                              hooks user);

  /// A new breaker, or `already_exists`, `invalid_config`, `unavailable`.
  expected<switchgear::breaker, failure> register_breaker(std::string_view name,
                                                          const config& cfg);

  expected<switchgear::breaker, failure>
  register_breaker(std::string_view name, const config& cfg, hooks user);

  /// Ends a breaker and forgets it. Its handles answer `unavailable`.
  expected<void, failure> unregister_breaker(std::string_view name);

  /// The breaker, or `not_found`.
  expected<switchgear::breaker, failure> find(std::string_view name) const;

  /// In alphabetical order.
  std::vector<std::string> names() const;

  // -- about all of them ------------------------------------------------------

  /// As last decided; asks nobody.
  std::map<std::string, state> all_states() const;
  bool has_open_circuits() const;
  switchgear::health health() const;

  /// Of one breaker.
  expected<statistics, failure> stats(std::string_view name) const;

  /// Of all that answer, in alphabetical order.
  std::vector<statistics> all_stats() const;

  /// Resets all.
  void reset_all() const;

  /// Where events and numbers go: its sinks.
  telemetry::hub& telemetry() const noexcept;

  /// Serves those who look from outside, if `runtime_options::admin` is set;
  /// else, and after `shutdown`, null.
  admin_server* admin() const noexcept;

  // -- the actors -------------------------------------------------------------

  /// Kills a breaker's actor, without giving it a chance to say goodbye. The
  /// supervisor starts another one. For tests and demonstrations.
  expected<void, failure> kill(std::string_view name) const;

  /// The actor that supervises all others; see `actor::spawn_supervisor`.
  caf::actor supervisor() const;

  caf::actor_system& system() const noexcept;

  /// The threads that run the callables of call messages.
  std::shared_ptr<executor> workers() const;

  /// Keeps `who` until it ends, and ends it when this is shut down, before the
  /// workers stop.
  void end_with(const caf::actor& who) const;

  /// Stops all breakers, the last one first, then waits for calls that run.
  /// Callers that still wait are answered `unavailable`. Once is enough.
  void shutdown();

private:
  class impl;
  std::unique_ptr<impl> impl_;
};

} // namespace switchgear
