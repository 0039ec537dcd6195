#pragma once

#include <atomic>
#include <cstdint>
#include <utility>

namespace switchgear {

/// What the owner of a breaker reads from a counter of successes.
struct tally_reading {
  /// Since the last reading, of calls that began in the current epoch.
  std::uint64_t fresh = 0;
  /// Since the last reading, of calls that began in an earlier one.
  std::uint64_t late = 0;

  friend bool operator==(const tally_reading&, const tally_reading&) = default;
};

/// Counts one thread's successes without a lock, a locked instruction or a
/// message, and yet tells to which epoch each belongs.
///
/// Invariants:
///  1. Only one thread writes. `count` never shrinks.
///  2. `tag` never shrinks. It is an epoch that was current when the thread
///     looked, so it is never above the one that the owner reads with.
///  3. The first `base` successes belong to epochs before `tag`: `base` and
///     then `tag` are written before a success of that epoch is counted.
///  4. So who reads `count`, then `tag`, then `base` knows: if `tag` is the
///     current epoch, what is above `base` belongs to it; else nothing does.
///  5. A success is counted in an epoch if and only if the owner reads it
///     before it ends that epoch. What it reads later, late successes are.
///
/// Memory order: each counted success releases, readers acquire.
///
/// @tparam Atomic `std::atomic`, but for tests that try all interleavings
template <template <class> class Atomic>
class basic_tally {
public:
  // -- the thread that counts
  // ---------------------------------------------------

  /// Counts a success of a call that began in `epoch`.
  /// @returns false, with nothing counted, if the thread's last success was of
  ///          another epoch; see `begin_epoch`.
  bool add(std::uint64_t epoch) noexcept {
    if (!takes(epoch))
      return false;
    count_.store(count_.load(std::memory_order_relaxed) + 1,
                 std::memory_order_release);
    return true;
  }

  bool takes(std::uint64_t epoch) const noexcept {
    return tag_.load(std::memory_order_relaxed) == epoch;
  }

  /// From now on `add` takes successes of `epoch`.
  /// @pre `epoch` has been seen to be the current one just now
  void begin_epoch(std::uint64_t epoch) noexcept {
    base_.store(count_.load(std::memory_order_relaxed),
                std::memory_order_relaxed);
    tag_.store(epoch, std::memory_order_release);
  }

  /// All successes ever.
  std::uint64_t count() const noexcept {
    return count_.load(std::memory_order_acquire);
  }

  // -- everybody
  // ----------------------------------------------------------------

  /// The successes of `epoch` so far; if that has ended, perhaps fewer.
  std::uint64_t of_epoch(std::uint64_t epoch) const noexcept {
    const auto n = count_.load(std::memory_order_acquire);
    if (tag_.load(std::memory_order_acquire) != epoch)
      return 0;
    const auto before = base_.load(std::memory_order_relaxed);
    return n > before ? n - before : 0;
  }

  // -- the owner of the breaker
  // -------------------------------------------------

  /// What has been counted since the last time.
  tally_reading read(std::uint64_t current) noexcept {
    const auto n = count_.load(std::memory_order_acquire);
    auto older = n;
    if (tag_.load(std::memory_order_acquire) == current) {
      const auto before = base_.load(std::memory_order_relaxed);
      older = before < n ? before : n;
    }
    // What was read before is neither.
    const auto seen = read_;
    read_ = n;
    older = older < seen ? seen : older;
    return {n - older, older - seen};
  }

  /// How many have been read.
  std::uint64_t last_read() const noexcept {
    return read_;
  }

private:
  Atomic<std::uint64_t> tag_{std::uint64_t{0}};
  Atomic<std::uint64_t> base_{std::uint64_t{0}};
  Atomic<std::uint64_t> count_{std::uint64_t{0}};
  std::uint64_t read_ = 0; // owner only
};

/// The same for any number of threads, at the price of a compare-and-swap.
///
/// One word holds the epoch's last 16 bits and its successes so far. Here the
/// owner writes the epoch: successes of another one are refused, and have to be
/// reported in another way.
template <template <class> class Atomic>
class basic_shared_tally {
public:
  /// @returns false, with nothing counted, if `epoch` is not the current one.
  bool add(std::uint64_t epoch) noexcept {
    auto word = word_.load(std::memory_order_relaxed);
    while (word >> count_bits == tag_of(epoch))
      if (word_.compare_exchange_weak(word, word + 1, std::memory_order_release,
                                      std::memory_order_relaxed))
        return true;
    return false;
  }

  std::uint64_t of_epoch(std::uint64_t epoch) const noexcept {
    const auto word = word_.load(std::memory_order_acquire);
    return word >> count_bits == tag_of(epoch) ? word & count_mask : 0;
  }

  // -- the owner of the breaker
  // -------------------------------------------------

  tally_reading read(std::uint64_t) noexcept {
    const auto n = word_.load(std::memory_order_acquire) & count_mask;
    return {n - std::exchange(read_, n), 0};
  }

  /// From now on `add` takes successes of `epoch` only.
  /// @returns those of the last epoch that have not been read yet
  std::uint64_t begin_epoch(std::uint64_t epoch) noexcept {
    const auto last
      = word_.exchange(tag_of(epoch) << count_bits, std::memory_order_acq_rel);
    return (last & count_mask) - std::exchange(read_, 0);
  }

private:
  static constexpr int count_bits = 48;
  static constexpr std::uint64_t count_mask
    = (std::uint64_t{1} << count_bits) - 1;

  static constexpr std::uint64_t tag_of(std::uint64_t epoch) noexcept {
    return epoch & 0xffff;
  }

  Atomic<std::uint64_t> word_{std::uint64_t{0}};
  std::uint64_t read_ = 0; // owner only
};

} // namespace switchgear
