#pragma once

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <mutex>

#include "switchgear/policy/timing.hpp"

namespace switchgear::test_kit {

/// Time that passes when a test says so, for policies: an hour takes none.
///
/// Thread-safe.
class virtual_time : public policy::timing {
public:
  enum class pass : unsigned char {
    /// Time passes with `advance` only. For several threads.
    by_hand,
    /// Who waits makes time jump to the end of the wait. For one thread.
    by_waiting,
  };

  explicit virtual_time(pass how = pass::by_waiting) : how_(how) {
    // nop
  }

  time_point now() const noexcept override {
    std::lock_guard guard{mutex_};
    return now_;
  }

  void advance(duration by) {
    std::lock_guard guard{mutex_};
    now_ += by;
  }

  /// How much has passed since it was made.
  duration passed() const {
    return now() - begin();
  }

  /// Waits until so many are waiting for something, at most for `limit` of real
  /// time.
  /// @returns whether there are
  bool await_waiting(std::size_t count,
                     duration limit = std::chrono::seconds{20}) {
    std::unique_lock guard{mutex_};
    return changed_.wait_for(guard, limit, [&] { return waiting_ >= count; });
  }

  bool wait(std::unique_lock<std::mutex>& guard,
            std::condition_variable& changed, time_point until,
            const std::function<bool()>& done) override {
    if (done())
      return true;
    if (how_ == pass::by_waiting) {
      if (until == time_point::max()) { // nothing to jump to
        changed.wait(guard, done);
        return true;
      }
      std::lock_guard own{mutex_};
      now_ = std::max(now_, until);
      return done();
    }
    count_waiting(true);
    // Who advances knows no condition variable: look now and then.
    while (!done() && now() < until)
      changed.wait_for(guard, std::chrono::microseconds{200});
    count_waiting(false);
    return done();
  }

private:
  // Not the clock's own: arithmetic around zero would look for trouble.
  static time_point begin() {
    return time_point{std::chrono::hours{1000}};
  }

  void count_waiting(bool more) {
    {
      std::lock_guard guard{mutex_};
      waiting_ += more ? std::size_t{1} : std::size_t(-1);
    }
    changed_.notify_all();
  }

  const pass how_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  time_point now_ = begin();
  std::size_t waiting_ = 0;
};

} // namespace switchgear::test_kit
