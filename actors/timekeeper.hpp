#pragma once

#include "switchgear/actor/caf.hpp"

#include <caf/actor_clock.hpp>

#if CAF_MAJOR_VERSION < 1

#  include <cstddef>
#  include <memory>
#  include <mutex>
#  include <vector>

#  include <caf/action.hpp>
#  include <caf/actor_control_block.hpp>

#  include "switchgear/time.hpp"

namespace switchgear::actor {

/// Timers for very many actors. CAF 0.18's clock sorts all its timers whenever
/// one is added: with 50,000 open breakers it can do nothing else any more.
/// This one keeps them in a heap, and has one of the clock's timers, mostly:
/// for the first that is due. So its time is the clock's, also where that is
/// virtual.
///
/// Invariants:
///  1. While there are entries, the clock has a timer for the first one's time
///     or an earlier one.
///  2. Nobody is called with the lock held: the clock may make its callers wait
///     for its thread, which may be waiting for the lock.
/// @note Thread-safe.
class timekeeper : public std::enable_shared_from_this<timekeeper> {
public:
  explicit timekeeper(caf::actor_clock& clock) : clock_(clock) {
    // nop
  }

  /// Sends `what`, which is in state `waiting`, to `who` at that time. Once it
  /// has been disposed of it is not sent any more.
  void schedule(time_point at, caf::action what, caf::strong_actor_ptr who);

  /// Lets go of all actors. From now on nothing is sent.
  void stop();

private:
  struct entry {
    time_point at;
    caf::action what;
    caf::strong_actor_ptr who;
  };

  static bool later(const entry& x, const entry& y) noexcept {
    return x.at > y.at;
  }

  /// Forgets what has been disposed of, if there may be much of it.
  std::vector<entry> sweep();

  /// The time for which the clock needs a timer now, or none: `max`.
  time_point claim();

  void arm(time_point at);
  void ring(time_point at);

  caf::actor_clock& clock_;
  std::mutex mutex_;
  std::vector<entry> heap_;
  time_point armed_ = time_point::max(); // the clock's first timer for us
  std::size_t sweep_at_ = 1024;
  bool stopped_ = false;
};

} // namespace switchgear::actor

#else // CAF 1.x

namespace switchgear::actor {

/// CAF 1.x keeps its timers in a heap itself.
class timekeeper {
public:
  explicit timekeeper(caf::actor_clock&) {
    // nop
  }

  void stop() {
    // nop
  }
};

} // namespace switchgear::actor

#endif
