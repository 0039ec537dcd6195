#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <utility>

#include "switchgear/breaker/machine.hpp"

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

/// What threads have to tell a breaker. Outlives the breaker's actor, so that a
/// restart loses nothing.
///
/// Invariants:
///  1. `push` is lock-free, and what one thread pushes is taken in its order.
///  2. Whoever pushes into an empty inbox must wake the owner; nobody else
///     needs to. A new owner empties the inbox before it waits to be woken.
class inbox {
public:
  struct record {
    breaker_types::message content;
    std::shared_ptr<judgement> awaited; // null if nobody waits
    record* next = nullptr;
  };

  inbox() = default;
  inbox(const inbox&) = delete;
  inbox& operator=(const inbox&) = delete;
  ~inbox();

  /// @returns whether the inbox was empty: the owner must be woken.
  bool push(breaker_types::message content,
            std::shared_ptr<judgement> awaited = nullptr);

  /// How many records wait, roughly.
  std::size_t size() const noexcept {
    return size_.load(std::memory_order_relaxed);
  }

  /// Takes all there is, oldest first, or until @p enough is true. What is not
  /// taken, also because `take` throws, comes first the next time. For the
  /// owner.
  template <class F, class Predicate>
  void consume(F take, Predicate enough) {
    auto* oldest = take_all();
    while (oldest) {
      if (enough())
        return give_back(oldest);
      std::unique_ptr<record> current{oldest};
      oldest = current->next;
      try {
        take(std::move(current->content), std::move(current->awaited));
      } catch (...) {
        give_back(oldest);
        throw;
      }
    }
  }

private:
  record* take_all() noexcept;
  void give_back(record* oldest) noexcept;

  std::atomic<record*> newest_{nullptr};
  record* held_ = nullptr; // taken but not consumed, oldest first; owner only
  std::atomic<std::size_t> size_{0};
};

} // namespace switchgear
