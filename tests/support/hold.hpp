#pragma once

#include <condition_variable>
#include <cstddef>
#include <memory>
#include <mutex>

#include "support/eventually.hpp"

namespace switchgear::test {

/// A tool that hangs: who calls it stays until it is let go, at the latest
/// when the test ends.
///
/// Callables take copies of `door()`, which may outlive the hold.
class hold {
public:
  class way {
  public:
    void operator()() {
      std::unique_lock guard{mutex_};
      ++arrived_;
      changed_.notify_all();
      changed_.wait(guard, [this] { return open_; });
      ++left_;
      changed_.notify_all();
    }

  private:
    friend class hold;

    std::mutex mutex_;
    std::condition_variable changed_;
    std::size_t arrived_ = 0;
    std::size_t left_ = 0;
    bool open_ = false;
  };

  hold() = default;
  hold(const hold&) = delete;
  hold& operator=(const hold&) = delete;

  ~hold() {
    release();
  }

  /// What callables call: hangs until the hold is released.
  std::shared_ptr<way> door() const {
    return way_;
  }

  void release() {
    std::lock_guard guard{way_->mutex_};
    way_->open_ = true;
    way_->changed_.notify_all();
  }

  /// Waits until so many have come to the door.
  bool await_arrivals(std::size_t count) {
    std::unique_lock guard{way_->mutex_};
    return way_->changed_.wait_for(
      guard, patience, [&] { return way_->arrived_ >= count; });
  }

  /// Waits until so many have been let go.
  bool await_departures(std::size_t count) {
    std::unique_lock guard{way_->mutex_};
    return way_->changed_.wait_for(guard, patience,
                                   [&] { return way_->left_ >= count; });
  }

  std::size_t arrived() const {
    std::lock_guard guard{way_->mutex_};
    return way_->arrived_;
  }

private:
  std::shared_ptr<way> way_ = std::make_shared<way>();
};

} // namespace switchgear::test
