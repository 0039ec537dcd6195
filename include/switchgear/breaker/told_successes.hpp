#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "switchgear/breaker/success_log.hpp"
#include "switchgear/time.hpp"

namespace switchgear {

/// Successes that are to be told of one by one, as the owner of a breaker reads
/// them from its threads' logs and then credits them to the machine.
///
/// Those of one thread keep their order; those of several are ordered by when
/// they happened. Between two of them there may be others that are not told of.
/// @note Not thread-safe; the owner's.
class told_successes {
public:
  struct entry {
    time_point at{};
    duration latency{};
    /// Successes before it, of its thread, that are not told of.
    std::uint64_t skipped = 0;
  };

  bool empty() const noexcept {
    return next_ == entries_.size();
  }

  /// What is added from now on is of another thread.
  void begin_thread() noexcept {
    expected_ = 0;
    latest_ = time_point::min();
  }

  /// @param begin how many successes the thread had when it was last read, or
  ///        before the epoch that is being credited
  void add(const success_log::entry& success, std::uint64_t begin) {
    const auto after = std::max(expected_, begin);
    expected_ = success.index + 1;
    // Clocks of different fineness must not turn a thread's order around.
    latest_ = std::max(latest_, success.at);
    entries_.push_back({latest_, success.latency, success.index - after});
  }

  /// All that was added since the last time is there.
  void merge() {
    const auto fresh = entries_.begin() + static_cast<std::ptrdiff_t>(merged_);
    std::stable_sort(fresh, entries_.end(),
                     [](const auto& x, const auto& y) { return x.at < y.at; });
    merged_ = entries_.size();
  }

  /// Credits `n` successes, the oldest ones: calls `tell(const entry&)` for
  /// those that are told of, and `skip(k)` for `k` others.
  /// @param all whether there are no others
  template <class Tell, class Skip>
  void credit(std::uint64_t n, bool all, Tell tell, Skip skip) {
    while (!empty() && n > 0) {
      auto& first = entries_[next_];
      if (all) { // gaps are of threads, and so only about right
        const auto others = static_cast<std::uint64_t>(entries_.size() - next_);
        first.skipped = std::min(first.skipped, n - std::min(n, others));
      } else if (first.skipped >= n) {
        first.skipped -= n;
        break;
      }
      if (first.skipped > 0)
        skip(first.skipped);
      n -= first.skipped + 1;
      tell(first);
      ++next_;
    }
    if (n > 0)
      skip(n);
    if (empty())
      clear();
  }

private:
  void clear() noexcept {
    entries_.clear();
    next_ = 0;
    merged_ = 0;
  }

  std::vector<entry> entries_;
  std::size_t next_ = 0;   // the first that has not been credited
  std::size_t merged_ = 0; // from here on they are in the order of threads
  std::uint64_t expected_ = 0;
  time_point latest_{};
};

} // namespace switchgear
