#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <utility>

#include "switchgear/breaker/judgement.hpp"
#include "switchgear/breaker/machine.hpp"

namespace switchgear {

/// What threads have to tell a breaker, in order. Outlives the breaker's actor,
/// so that a restart loses nothing.
///
/// Records come from a pool of its own that grows as needed and is not given
/// back, so that in the long run telling allocates nothing.
///
/// Invariants:
///  1. Telling is lock-free (but for the growth of the pool), and what one
///     thread tells is taken in its order.
///  2. Each record has a ticket, which counts up in the very order in which
///     records are taken.
///  3. Who tells something urgent wakes the owner unless another one has and
///     the owner has not looked since. A new owner looks before it waits.
class inbox {
public:
  inbox() = default;
  inbox(const inbox&) = delete;
  inbox& operator=(const inbox&) = delete;
  ~inbox();

  /// What became of something told.
  struct receipt {
    std::uint64_t ticket = 0;
    /// Reached when it has been judged; null if nobody waits for that.
    std::shared_ptr<judgement> awaited;
    /// Whether the owner must be woken.
    bool wake = false;
  };

  /// How soon the owner should look at something.
  enum class urgency { whenever, soon, awaited };

  /// Tells how a call ended. `rate(ticket)`, which may be asked more than once,
  /// says how urgent that is.
  template <class F>
  receipt push_result(const input::report& content, F rate);

  /// Tells something urgent.
  /// @returns whether the owner must be woken.
  bool push(breaker_types::message content,
            std::shared_ptr<judgement> awaited = nullptr);

  /// How many records wait, roughly.
  std::uint64_t size() const noexcept {
    return distance(taken_.load(std::memory_order_relaxed),
                    newest_.load(std::memory_order_relaxed) >> index_bits);
  }

  /// How far `to` is ahead of `from`, for tickets, which wrap.
  static std::uint64_t distance(std::uint64_t from, std::uint64_t to) noexcept {
    return (to - from) & ticket_mask;
  }

  // -- the owner --------------------------------------------------------------

  /// Begins to look: who tells something urgent from now on wakes the owner.
  /// All that was told before is there to be taken.
  void look() noexcept {
    woken_.exchange(false, std::memory_order_acq_rel);
  }

  /// Takes out all there is.
  void gather() noexcept {
    held_ = take_all();
  }

  /// Consumes what has been taken out, oldest first, or until `enough()`: calls
  /// `result(const input::report&, judgement)` or `other(message, judgement)`
  /// for each. What is not consumed, also because one of these throws, stays
  /// and comes first the next time.
  template <class Result, class Other, class Predicate>
  void consume(Result result, Other other, Predicate enough);

  /// The ticket of the record that comes next, if all has been taken.
  std::uint64_t next_ticket() const noexcept {
    return taken_.load(std::memory_order_relaxed);
  }

  /// Whether something has been taken out but not consumed.
  bool holds_back() const noexcept {
    return held_ != 0;
  }

private:
  // Records are known by number, 1 and up; 0 is none. A word holds the number
  // of the newest (or the first free) record and a count that makes it differ
  // from all words before: the ticket (or how often a record was taken).
  static constexpr int index_bits = 20;
  static constexpr std::uint64_t index_mask = (1u << index_bits) - 1;
  static constexpr std::uint64_t ticket_mask
    = (std::uint64_t{1} << (64 - index_bits)) - 1;
  static constexpr std::size_t first_block = 8;
  static constexpr std::size_t block_count = 17; // 8 + 16 + ... < 2^20

  using index = std::uint32_t;

  // In an order in which a short one needs two cache lines.
  struct alignas(64) record {
    std::atomic<index> next{0};
    std::shared_ptr<judgement> awaited;
    input::report result;
    std::unique_ptr<breaker_types::message> other; // if not a result
  };

  struct pool {
    std::array<std::atomic<record*>, block_count> blocks{};
    std::atomic<std::uint64_t> first_free{0};
    std::mutex growing;
    std::size_t used_blocks = 0;
  };

  record& at(index which) const noexcept;
  pool& records();
  index take_free();
  void grow(pool& where);
  void give_free(index first, index last) noexcept;
  bool wake() noexcept {
    return !woken_.exchange(true, std::memory_order_acq_rel);
  }
  index take_all() noexcept;

  std::atomic<std::uint64_t> newest_{0};
  std::atomic<bool> woken_{false};
  std::atomic<pool*> pool_{nullptr};
  std::atomic<std::uint64_t> taken_{0}; // written by the owner
  index held_ = 0; // taken but not consumed, oldest first; the owner's
};

// -- implementation -----------------------------------------------------------

template <class F>
auto inbox::push_result(const input::report& content, F rate) -> receipt {
  const auto which = take_free();
  auto& fresh = at(which);
  fresh.result = content;
  receipt result;
  auto before = newest_.load(std::memory_order_relaxed);
  for (;;) {
    result.ticket = before >> index_bits;
    const auto how = rate(result.ticket);
    const bool waits = how == urgency::awaited;
    result.wake = how != urgency::whenever;
    if (waits && !result.awaited) {
      try {
        result.awaited = std::make_shared<judgement>();
      } catch (...) {
        give_free(which, which);
        throw;
      }
      fresh.awaited = result.awaited;
    } else if (!waits && result.awaited) {
      result.awaited.reset();
      fresh.awaited.reset();
    }
    fresh.next.store(static_cast<index>(before & index_mask),
                     std::memory_order_relaxed);
    const auto after = ((result.ticket + 1) << index_bits) | which;
    if (newest_.compare_exchange_weak(before, after, std::memory_order_release,
                                      std::memory_order_relaxed))
      break;
  }
  result.wake = result.wake && wake();
  return result;
}

template <class Result, class Other, class Predicate>
void inbox::consume(Result result, Other other, Predicate enough) {
  // Goes back to the pool in one piece: those who tell take from there.
  struct spent {
    inbox& from;
    index first = 0;
    index last = 0;

    ~spent() {
      if (first != 0)
        from.give_free(first, last);
    }
  } done{*this};
  while (held_ != 0 && !enough()) {
    done.last = held_;
    if (done.first == 0)
      done.first = held_;
    auto& current = at(held_);
    held_ = current.next.load(std::memory_order_relaxed);
    auto awaited = std::move(current.awaited);
    if (const auto content = std::move(current.other))
      other(std::move(*content), std::move(awaited));
    else
      result(std::as_const(current.result), std::move(awaited));
  }
}

} // namespace switchgear
