#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "switchgear/breaker/config.hpp"

namespace switchgear {

/// Results of recent calls, from which failure and slow-call rates are taken.
/// Bounded by a number of calls or by a span of time, as configured. A span of
/// time takes results in any order.
/// @note Not thread-safe. Memory is taken as results come in, not before.
class window {
public:
  /// What is in the window.
  struct tally {
    std::uint64_t calls = 0;
    std::uint64_t failures = 0;
    std::uint64_t slow = 0;

    friend bool operator==(const tally&, const tally&) = default;
  };

  explicit window(const config& cfg);

  void add(bool failed, bool slow, time_point at);

  /// Adds that many plain successes, all at about the same time.
  void add_successes(std::uint64_t n, time_point at);

  /// Whether it spans time, not a number of calls.
  bool timed() const noexcept {
    return span_ != duration::zero();
  }

  /// How long its slices of time are; zero if it does not span time.
  duration slice_length() const noexcept {
    return span_ / static_cast<std::int64_t>(slice_count);
  }

  /// When results begin to leave it by themselves; if it spans no time, never.
  time_point unchanged_until(time_point now) const noexcept;

  void clear();

  tally count(time_point now) const;

  /// Takes over a new configuration; results that fit stay. Between the two
  /// kinds only the tally survives: as results of just now, failures last.
  void reconfigure(const config& cfg, time_point now);

  /// A count-based window's results, the oldest first: `S` and `F`. If there
  /// are more than `most`, only the last ones.
  std::string to_string(std::size_t most = std::string::npos) const;

private:
  static constexpr std::size_t slice_count = 10;

  struct slice {
    std::int64_t number = -1; // which slice of time, counted from the epoch
    tally sum;
  };

  struct mark {
    bool failed;
    bool slow;
  };

  /// @param age_index zero: the oldest
  mark at(std::size_t age_index) const;
  tally* slice_of(time_point at);
  std::int64_t slice_number(time_point now) const noexcept;

  // Count-based: a ring of two bits a result.
  std::uint32_t capacity_;
  std::uint32_t size_ = 0;
  std::uint32_t head_ = 0;  // the oldest
  std::vector<bool> marks_; // of each: whether it failed, whether it was slow
  tally sum_;
  // Time-based.
  duration span_;
  std::vector<slice> slices_;
};

} // namespace switchgear
