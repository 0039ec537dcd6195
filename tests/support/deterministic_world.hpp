#pragma once

#include <memory>

#include "switchgear/time.hpp"

namespace caf {
class actor_system;
} // namespace caf

namespace switchgear::test {

/// An actor system in which nothing happens by itself: one thread, the test's
/// own, runs all actors in a fixed order, and time passes only when told to. A
/// timeout of an hour takes no time.
///
/// A program's own message types must be registered before a world is made;
/// switchgear's are registered by it.
/// @note A blocking wait (`scoped_actor::receive`) for something that has not
///       happened yet waits for ever: `run` first, then receive.
class deterministic_world {
public:
  explicit deterministic_world();

  deterministic_world(const deterministic_world&) = delete;
  deterministic_world& operator=(const deterministic_world&) = delete;

  /// Drops all timers and messages. Actors that are still referenced are not
  /// waited for; give up handles to them first.
  ~deterministic_world();

  caf::actor_system& system() noexcept;

  /// Handles all messages, and timers that are due, until nothing is left to
  /// do now.
  void run();

  /// As `run`, then lets `by` pass. Stops at each instant at which a timer is
  /// due, so whoever it wakes sees the very time that it asked for.
  void advance(duration by);

  /// The time that the actors see.
  time_point now() const;

private:
  struct impl;
  std::unique_ptr<impl> impl_;
};

} // namespace switchgear::test
