#pragma once

#include <atomic>
#include <cstddef>
#include <memory>

#include "switchgear/time.hpp"

namespace switchgear {

/// When the calls that are under way began: those that one thread has begun, or
/// all threads that have no lane of their own.
///
/// @note `begin` is for one thread at a time. Everything else is thread-safe.
///       Only `begin` allocates, and only if more calls are under way than
///       ever before.
class call_starts {
public:
  /// One call under way.
  class entry {
    friend class call_starts;
    std::atomic<duration::rep> began_{0}; // zero: free
    entry* next_ = nullptr;               // in a list of free ones
    call_starts* home_ = nullptr;
  };

  call_starts() = default;
  call_starts(const call_starts&) = delete;
  call_starts& operator=(const call_starts&) = delete;
  ~call_starts();

  /// @returns null if there is no memory: then the call is not known of.
  entry* begin(time_point now) noexcept {
    if (!free_ && !find_free())
      return nullptr;
    auto* taken = free_;
    free_ = taken->next_;
    taken->began_.store(now.time_since_epoch().count(),
                        std::memory_order_release);
    return taken;
  }

  /// The call is over; on the thread that began it.
  void end_here(entry* which) noexcept {
    which->began_.store(0, std::memory_order_release);
    which->next_ = free_;
    free_ = which;
  }

  /// The call is over; on whatever thread.
  static void end(entry* which) noexcept;

  /// Calls `f(time_point)` for each call under way.
  template <class F>
  void each(F f) const {
    for (auto* b = newest_.load(std::memory_order_acquire); b; b = b->older)
      for (std::size_t i = 0; i < b->size; ++i)
        if (const auto at
            = b->entries[i].began_.load(std::memory_order_acquire))
          f(time_point{duration{at}});
  }

private:
  struct block {
    std::size_t size;
    block* older;
    std::unique_ptr<entry[]> entries;
  };

  bool find_free() noexcept;

  entry* free_ = nullptr; // of the thread that begins calls
  std::atomic<entry*> returned_{nullptr};
  std::atomic<block*> newest_{nullptr};
};

} // namespace switchgear
