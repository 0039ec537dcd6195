#pragma once

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <stop_token>

#include "switchgear/time.hpp"

namespace switchgear::policy {

/// What policies know of time: they read it here, and wait here. Tests put a
/// virtual one in its place (`test_kit::virtual_time`), where an hour takes no
/// time. All functions are thread-safe.
class timing {
public:
  virtual ~timing() = default;

  virtual time_point now() const noexcept = 0;

  /// Waits until `done()`, or until `until`; `time_point::max()`: without end.
  /// As with a condition variable `guard` is let go meanwhile; whoever makes
  /// `done()` true holds its mutex, and notifies `changed`.
  /// @returns `done()`
  virtual bool wait(std::unique_lock<std::mutex>& guard,
                    std::condition_variable& changed, time_point until,
                    const std::function<bool()>& done)
    = 0;
};

using timing_ptr = std::shared_ptr<timing>;

/// The monotonic clock; the default of all policies.
const timing_ptr& real_time();

/// Waits until `until`, or until somebody asks to stop.
/// @returns whether the time is over: false if it was stopped.
bool sleep_until(timing& time, time_point until, const std::stop_token& stop);

/// In `wait` from `now` on, where that may be further than time goes.
constexpr time_point after(time_point now, duration wait) noexcept {
  return wait > time_point::max() - now ? time_point::max() : now + wait;
}

} // namespace switchgear::policy
