#pragma once

#include <array>
#include <atomic>
#include <cstdint>

#include "switchgear/time.hpp"

namespace switchgear {

/// One thread's last successes, one by one, for those who want to hear of each.
/// The thread writes without a lock, a locked instruction or a wait; if the
/// owner of the breaker does not keep up, the oldest are overwritten.
///
/// Invariants:
///  1. Only one thread writes. An entry is written before the success is
///     counted (see `basic_tally`), so who reads a count finds the entries of
///     all that it counts, or finds out that they are lost.
///  2. `written` is what the writer has finished. Before it writes entry `n` it
///     has published `written == n`, and each part of the entry releases: who
///     reads a part of a newer entry in the place of an older one then reads a
///     `written` that tells it so.
///  3. What the reader was given and what it was told is lost are all entries
///     below what it has read, each once.
class success_log {
public:
  /// How many are kept; the writer may be at work on one of them.
  static constexpr std::uint64_t capacity = 512;

  struct entry {
    /// The thread's successes before this one.
    std::uint64_t index = 0;
    time_point at{};
    /// Zero if it was not measured.
    duration latency{};
  };

  // -- the thread -------------------------------------------------------------

  void add(const entry& success) noexcept {
    const auto n = written_.load(std::memory_order_relaxed);
    auto& place = ring_[n % capacity];
    place.index.store(success.index, std::memory_order_release);
    place.at.store(success.at.time_since_epoch().count(),
                   std::memory_order_release);
    place.latency.store(success.latency.count(), std::memory_order_release);
    written_.store(n + 1, std::memory_order_release);
  }

  // -- the owner of the breaker -----------------------------------------------

  /// Calls `take(const entry&)` for the entries that have not been read, of
  /// successes before the `end`th, the oldest first.
  /// @returns how many were lost.
  template <class F>
  std::uint64_t read(std::uint64_t end, F take) {
    std::uint64_t lost = 0;
    const auto n = written_.load(std::memory_order_acquire);
    while (read_ < n) {
      const auto& place = ring_[read_ % capacity];
      const entry copy{
        place.index.load(std::memory_order_acquire),
        time_point{duration{place.at.load(std::memory_order_acquire)}},
        duration{place.latency.load(std::memory_order_acquire)}};
      const auto now = written_.load(std::memory_order_acquire);
      if (now >= read_ + capacity) { // perhaps being overwritten
        const auto next = now - capacity + 1;
        lost += next - read_;
        read_ = next;
        continue;
      }
      if (copy.index >= end)
        break; // not counted yet
      ++read_;
      take(copy);
    }
    return lost;
  }

private:
  struct record {
    std::atomic<std::uint64_t> index{0};
    std::atomic<duration::rep> at{0};
    std::atomic<duration::rep> latency{0};
  };

  std::atomic<std::uint64_t> written_{0};
  std::uint64_t read_ = 0; // the owner's
  std::array<record, capacity> ring_{};
};

} // namespace switchgear
