#pragma once

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdint>

#include "switchgear/time.hpp"

namespace switchgear {

/// When one thread's successes happened, in slices of a time-based window: for
/// each of the last slices, how many successes there had been when it began.
///
/// The thread writes a slice's beginning before the first success in it is
/// counted (which releases). The owner of the breaker, having read the count
/// (which acquires), can tell in which slice each success was. Should the
/// thread get so far ahead meanwhile that it writes over what is being read,
/// the owner reads again.
class success_times {
public:
  /// Notes that the success after the first `count` ones happens at `now`.
  /// For the thread that counts.
  void note(time_point now, duration slice_length,
            std::uint64_t count) noexcept {
    const auto at = now.time_since_epoch();
    const auto begin = at.count() - at.count() % slice_length.count();
    const auto newest = newest_.load(std::memory_order_relaxed);
    if (newest > 0
        && entries_[newest % size].begin.load(std::memory_order_relaxed)
             >= begin)
      return;
    auto& next = entries_[(newest + 1) % size];
    // Releasing, so that who reads these also sees how far the thread is.
    next.begin.store(begin, std::memory_order_release);
    next.first.store(count, std::memory_order_release);
    newest_.store(newest + 1, std::memory_order_release);
  }

  /// Calls `f(time_point, n)` for each slice that has some of the successes
  /// with the numbers `from` (inclusive) to `to` (exclusive), with a time in
  /// the slice. Those that are too old for every window are left out.
  /// For the owner.
  /// @pre the count has been read, and was `to` or more
  template <class F>
  void distribute(std::uint64_t from, std::uint64_t to, F f) const {
    for (;;) {
      std::array<span, kept> found;
      std::size_t n = 0;
      const auto newest = newest_.load(std::memory_order_acquire);
      auto end = to;
      for (auto i = newest; i > 0 && i + kept > newest && end > from; --i) {
        const auto& each = entries_[i % size];
        const auto first = each.first.load(std::memory_order_acquire);
        if (first >= end)
          continue;
        found[n++] = {each.begin.load(std::memory_order_acquire),
                      end - std::max(first, from)};
        end = std::max(first, from);
      }
      if (newest_.load(std::memory_order_relaxed) - newest >= size - kept)
        continue;
      for (std::size_t i = n; i-- > 0;)
        f(time_point{duration{found[i].begin}}, found[i].count);
      return;
    }
  }

private:
  static constexpr std::size_t size = 16; // of the ring
  static constexpr std::size_t kept = 11; // a window has ten slices

  struct entry {
    std::atomic<duration::rep> begin{0};
    std::atomic<std::uint64_t> first{0};
  };

  struct span {
    duration::rep begin = 0;
    std::uint64_t count = 0;
  };

  std::array<entry, size> entries_;
  std::atomic<std::uint64_t> newest_{0};
};

} // namespace switchgear
