#pragma once

#include <condition_variable>
#include <mutex>

#include "switchgear/time.hpp"

namespace switchgear {

/// Lets one thread wait until the breaker has judged what it reported.
class judgement {
public:
  void reached() {
    {
      std::lock_guard guard{mutex_};
      done_ = true;
    }
    done_changed_.notify_one();
  }

  /// @returns whether it was reached in time.
  bool wait_for(duration limit) {
    std::unique_lock guard{mutex_};
    return done_changed_.wait_for(guard, limit, [this] { return done_; });
  }

private:
  std::mutex mutex_;
  std::condition_variable done_changed_;
  bool done_ = false;
};

} // namespace switchgear
