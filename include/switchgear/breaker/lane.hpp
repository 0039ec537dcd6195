#pragma once

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <utility>

#include "switchgear/breaker/call_starts.hpp"
#include "switchgear/breaker/latency_histogram.hpp"
#include "switchgear/breaker/success_log.hpp"
#include "switchgear/breaker/success_times.hpp"
#include "switchgear/breaker/tally.hpp"
#include "switchgear/detail/thread_number.hpp"
#include "switchgear/time.hpp"

namespace switchgear {

/// What threads count by themselves while they make calls through one breaker:
/// successes, rejections, calls under way, how long calls took.
///
/// Each of the first threads has a slot of its own, which only it writes, with
/// plain stores: no two threads write to the same cache line. Further threads
/// share one slot and pay for atomic additions. Who owns the breaker reads all
/// slots when it wants to know.
///
/// Invariants, besides those of `basic_tally`:
///  1. A slot belongs to the thread that has its number (`thread_number`). When
///     that thread ends, the next one with the number goes on counting in it:
///     nothing is reset, so nothing is lost.
///  2. Slots live as long as the lane, and the lane as long as any handle. A
///     thread's end touches no lane, a lane's end no thread.
///  3. All numbers only grow, but for rejections that the owner takes from the
///     shared slot. A sum over the slots, read one after the other, is a value
///     that the sum had at some moment while it was read.
///  4. A call is counted as begun before, and as ended after, all that it does.
///     So calls under way are never too few if ends are read before beginnings.
///
/// @note What callers use is thread-safe and wait-free; in the shared slot it
/// is
///       lock-free, but for the beginning of a timed call. A thread's first
///       call, its first timed call, and its first success that is told of
///       allocate; without memory the thread uses the shared slot, the call is
///       not timed, or its end is told in another way.
class lane {
public:
  /// What only timed calls need.
  struct timing {
    latency_counters latencies;
    call_starts under_way;
    success_times successes;
    std::mutex shared; // guards `under_way.begin` where threads share a slot
  };

  /// Of one thread.
  struct alignas(64) slot {
    basic_tally<std::atomic> successes;
    std::atomic<std::uint64_t> begun{0};
    std::atomic<std::uint64_t> ended{0}; // other than as a silent success
    std::atomic<timing*> timed{nullptr};
    std::uint32_t until_sample = 0; // the thread's own
    // A cache line of its own: rejections come in storms of their own, too.
    alignas(64) std::atomic<std::uint64_t> rejected{0};
    std::atomic<std::uint64_t> without_probe{0}; // those in half-open
    std::atomic<success_log*> told{nullptr};
    std::uint32_t until_told = 0; // the thread's own
    // The owner's.
    std::uint64_t rejected_read = 0;
    std::uint64_t without_probe_read = 0;

    slot() = default;
    slot(const slot&) = delete;
    slot& operator=(const slot&) = delete;

    ~slot() {
      delete timed.load(std::memory_order_relaxed);
      delete told.load(std::memory_order_relaxed);
    }
  };

  lane();
  lane(const lane&) = delete;
  lane& operator=(const lane&) = delete;
  ~lane();

  // -- callers ----------------------------------------------------------------

  /// This thread's slot; null: it has to use the shared one.
  slot* mine() noexcept {
    const auto number = detail::this_thread_number();
    slot* known = nullptr;
    if (number < first_.size())
      known = first_[number].load(std::memory_order_acquire);
    else if (auto* more = further_.load(std::memory_order_acquire);
             more && number < detail::numbered_threads)
      known
        = more->slots[number - first_.size()].load(std::memory_order_acquire);
    return known ? known : find_slot(number);
  }

  /// A call begins. @param own `mine()`
  void begin(slot* own) noexcept {
    if (own)
      bump(own->begun);
    else
      shared_.begun.fetch_add(1, std::memory_order_release);
  }

  /// A call has ended, and that is not told by `succeed`.
  void end(slot* own) noexcept {
    if (own)
      bump(own->ended);
    else
      shared_.ended.fetch_add(1, std::memory_order_release);
  }

  /// A call is turned away because the breaker is open.
  void reject(slot* own) noexcept {
    if (own)
      bump(own->rejected);
    else
      shared_.rejected.fetch_add(1, std::memory_order_relaxed);
  }

  /// A call is turned away because no probe is left.
  void reject_probe(slot* own) noexcept {
    if (own)
      bump(own->without_probe);
    else
      shared_.without_probe.fetch_add(1, std::memory_order_relaxed);
  }

  /// What timed calls need; null if there is no memory for it.
  timing* timing_of(slot* own) noexcept {
    auto* known
      = (own ? own->timed : shared_.timed).load(std::memory_order_acquire);
    return known ? known : make_timing(own);
  }

  /// Whether this call, one of `interval`, is to be timed.
  bool sample(slot* own, std::uint32_t interval) noexcept {
    return own ? is_nth(own->until_sample, interval)
               : is_nth(shared_.samples, interval);
  }

  /// Whether the success of this call, one of `interval`, is to be told of.
  bool tells(slot* own, std::uint32_t interval) noexcept {
    return own ? is_nth(own->until_told, interval)
               : is_nth(shared_.told, interval);
  }

  /// Where the thread writes the successes that are told of; null if there is
  /// no memory for it.
  success_log* log_of(slot& own) noexcept {
    auto* known = own.told.load(std::memory_order_acquire);
    return known ? known : make_log(own);
  }

  call_starts::entry* start(slot* own, time_point now) noexcept;

  /// The call of `start` is over, and it was this thread that began it.
  void stop_here(slot* own, call_starts::entry* which) noexcept;

  /// Makes the thread's slot take successes of `epoch`.
  /// @param current the epoch that the breaker is in
  /// @returns whether it does: not if `epoch` is over.
  static bool enter_epoch(slot& own, std::uint64_t epoch,
                          std::uint64_t current) noexcept {
    if (own.successes.takes(epoch))
      return true;
    if (epoch != current)
      return false;
    own.successes.begin_epoch(epoch);
    return true;
  }

  /// Counts a success of a call that began in `epoch`.
  /// @param current the epoch that the breaker is in
  /// @returns false, with nothing counted, if `epoch` is over.
  bool succeed(slot* own, std::uint64_t epoch, std::uint64_t current) noexcept {
    if (own)
      return enter_epoch(*own, epoch, current) && own->successes.add(epoch);
    if (!shared_.successes.add(epoch))
      return false;
    shared_.ended.fetch_add(1, std::memory_order_release);
    return true;
  }

  /// The successes of `epoch` that have been counted so far.
  std::uint64_t successes(std::uint64_t epoch) const noexcept;

  // -- the owner of the breaker -----------------------------------------------

  /// What has been counted since the last time.
  struct reading {
    tally_reading successes;
    std::uint64_t rejected = 0;
    std::uint64_t without_probe = 0;
    /// Successes that were to be told of one by one and have been overwritten.
    std::uint64_t untold = 0;
    /// Of one thread, the most that have been logged since the last reading.
    std::uint64_t busiest = 0;
  };

  /// Calls `when(time_point, n)` for fresh successes, as far as their slices of
  /// time have been noted, and `told` for what has been logged of successes:
  /// `told(success_log::entry, begin)`, where the thread's successes from the
  /// `begin`th on are fresh; `next_slot()` before those of another thread.
  template <class When, class Told, class NextSlot>
  reading read(std::uint64_t current, When when, Told told, NextSlot next_slot);

  /// A new epoch begins.
  /// @returns successes of the last one that have not been read, of threads
  ///          that share a slot
  std::uint64_t begin_epoch(std::uint64_t epoch) noexcept {
    return shared_.successes.begin_epoch(epoch);
  }

  // -- everybody --------------------------------------------------------------

  /// Calls under way.
  std::uint64_t under_way() const noexcept;

  /// Calls `f(time_point)` with the beginning of each timed call under way.
  template <class F>
  void each_start(F f) const {
    each_slot([&](const slot& each) {
      if (auto* t = each.timed.load(std::memory_order_acquire))
        t->under_way.each(f);
    });
    if (auto* t = shared_.timed.load(std::memory_order_acquire))
      t->under_way.each(f);
  }

  /// How long successful calls took that were counted here.
  void add_latencies(latency_histogram& to) const;

private:
  static constexpr std::size_t first_slots = 4;

  struct further {
    std::array<std::atomic<slot*>, detail::numbered_threads - first_slots>
      slots{};
  };

  // What threads without a slot use.
  struct shared_slot {
    basic_shared_tally<std::atomic> successes;
    std::atomic<std::uint64_t> begun{0};
    std::atomic<std::uint64_t> ended{0};
    std::atomic<std::uint64_t> rejected{0};
    std::atomic<std::uint64_t> without_probe{0};
    std::atomic<timing*> timed{nullptr};
    std::atomic<std::uint32_t> samples{0};
    std::atomic<std::uint32_t> told{0};
  };

  static bool is_nth(std::uint32_t& left, std::uint32_t interval) noexcept {
    if (left-- > 0 && left < interval)
      return false;
    left = interval - 1;
    return true;
  }

  static bool is_nth(std::atomic<std::uint32_t>& calls,
                     std::uint32_t interval) noexcept {
    return calls.fetch_add(1, std::memory_order_relaxed) % interval == 0;
  }

  static void bump(std::atomic<std::uint64_t>& own) noexcept {
    own.store(own.load(std::memory_order_relaxed) + 1,
              std::memory_order_release);
  }

  template <class F>
  void each_slot(F f) const {
    for (const auto& each : first_)
      if (auto* known = each.load(std::memory_order_acquire))
        f(*known);
    if (const auto* more = further_.load(std::memory_order_acquire))
      for (const auto& each : more->slots)
        if (auto* known = each.load(std::memory_order_acquire))
          f(*known);
  }

  std::atomic<slot*>* place_of(std::uint32_t number) noexcept;
  slot* find_slot(std::uint32_t number) noexcept;
  timing* make_timing(slot* own) noexcept;
  static success_log* make_log(slot& own) noexcept;

  std::array<std::atomic<slot*>, first_slots> first_{};
  std::atomic<further*> further_{nullptr};
  shared_slot shared_;
};

// -- implementation -----------------------------------------------------------

template <class When, class Told, class NextSlot>
lane::reading lane::read(std::uint64_t current, When when, Told told,
                         NextSlot next_slot) {
  reading result;
  result.successes = shared_.successes.read(current);
  result.rejected = shared_.rejected.exchange(0, std::memory_order_relaxed);
  result.without_probe
    = shared_.without_probe.exchange(0, std::memory_order_relaxed);
  const auto rest
    = [](const std::atomic<std::uint64_t>& now, std::uint64_t& last) {
        const auto n = now.load(std::memory_order_acquire);
        return n - std::exchange(last, n);
      };
  each_slot([&](slot& each) {
    const auto got = each.successes.read(current);
    result.successes.fresh += got.fresh;
    result.successes.late += got.late;
    result.rejected += rest(each.rejected, each.rejected_read);
    result.without_probe += rest(each.without_probe, each.without_probe_read);
    if (got.fresh + got.late == 0)
      return;
    const auto end = each.successes.last_read();
    const auto begin = end - got.fresh;
    if (auto* log = each.told.load(std::memory_order_acquire)) {
      next_slot();
      std::uint64_t n = 0;
      const auto lost = log->read(end, [&](const success_log::entry& entry) {
        ++n;
        told(entry, begin);
      });
      result.untold += lost;
      result.busiest = std::max(result.busiest, n + lost);
    }
    if (got.fresh == 0)
      return;
    if (auto* timed = each.timed.load(std::memory_order_acquire))
      timed->successes.distribute(begin, end, when);
  });
  return result;
}

} // namespace switchgear
