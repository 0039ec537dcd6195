#pragma once

#include <atomic>
#include <cstdint>

#include "switchgear/breaker/permit.hpp"
#include "switchgear/time.hpp"

namespace switchgear {

/// What the owner of a breaker last decided, published in one atomic word:
/// who calls reads it, and asks nobody.
///
/// Invariants:
///  1. Only the owner publishes. The word holds the epoch, what to do with a
///     call, and how many probes are out.
///  2. A permit carries the epoch of the very word that granted it: it is
///     granted by one atomic operation, or read from one word.
///  3. Callers only ever raise the number of probes out, by compare-and-swap,
///     and never above the limit. The owner lowers it when a probe has ended,
///     and sets it to zero with a new epoch.
///  4. A lease is never given twice.
///
/// Memory order: what belongs to a word (`allowed_`, `retry_at_`) is written
/// before it and read after it. The owner releases the word, callers acquire
/// it; a caller that takes a probe continues the owner's release sequence.
///
/// @tparam Atomic `std::atomic`, but for tests that try all interleavings
/// @note `admit` is thread-safe, lock-free and allocates nothing. The functions
///       below «owner» are for one thread at a time.
template <template <class> class Atomic>
class basic_gate {
public:
  enum class policy : std::uint8_t {
    pass,          ///< Closed: calls pass.
    reject,        ///< Open: calls are turned away.
    probe,         ///< Half-open: a call passes if a probe is left.
    probe_or_pass, ///< Half-open, metrics only: other calls pass, too.
    gone,          ///< The breaker has ended for good.
  };

  /// Outcome of `admit`.
  enum class answer : std::uint8_t { pass, probe, open, no_probe_left, gone };

  struct admission {
    answer what = answer::pass;
    permit given; // if the call may be made
  };

  /// The epoch if calls just pass now, else zero. This is all that a call
  /// through a closed breaker has to ask.
  std::uint64_t passes() const noexcept {
    const auto bits = word_.load(std::memory_order_acquire);
    return (bits & policy_mask) == static_cast<std::uint64_t>(policy::pass)
             ? bits >> epoch_shift
             : 0;
  }

  /// May a call be made now?
  admission admit() noexcept;

  /// The epoch that the breaker is in.
  std::uint64_t epoch() const noexcept {
    return word_.load(std::memory_order_acquire) >> epoch_shift;
  }

  /// When an open breaker will let a probe through; `time_point::max()` if that
  /// is not known.
  time_point retry_at() const noexcept {
    return time_point{duration{retry_at_.load(std::memory_order_relaxed)}};
  }

  // -- owner ------------------------------------------------------------------

  struct view {
    policy what = policy::pass;
    std::uint64_t epoch = 1;
    std::uint32_t probes_allowed = 0;
    std::uint64_t probes_ended = 0; // in this epoch
    time_point retry_at = time_point::max();
  };

  /// Makes `next` what callers see.
  void publish(const view& next) noexcept;

private:
  // 3 bits policy, 20 bits probes out, 41 bits epoch: at a thousand state
  // changes a second the epochs last for seventy years.
  struct word {
    policy what;
    std::uint32_t out;
    std::uint64_t epoch;
  };

  static constexpr std::uint64_t policy_mask = 7;
  static constexpr int epoch_shift = 23;
  static constexpr std::uint64_t one_probe = 1u << 3;

  static constexpr std::uint64_t pack(word w) noexcept {
    return static_cast<std::uint64_t>(w.what)
           | (static_cast<std::uint64_t>(w.out) << 3)
           | (w.epoch << epoch_shift);
  }

  static constexpr word unpack(std::uint64_t bits) noexcept {
    return {static_cast<policy>(bits & policy_mask),
            static_cast<std::uint32_t>((bits >> 3) & 0xfffff),
            bits >> epoch_shift};
  }

  Atomic<std::uint64_t> word_{pack({policy::pass, 0, 1})};
  Atomic<std::uint32_t> allowed_{0};
  Atomic<std::uint64_t> leases_{0};
  Atomic<duration::rep> retry_at_{time_point::max().time_since_epoch().count()};
  std::uint64_t probes_ended_ = 0; // as last published; owner only
};

using gate = basic_gate<std::atomic>;

// -- implementation -----------------------------------------------------------

template <template <class> class Atomic>
auto basic_gate<Atomic>::admit() noexcept -> admission {
  auto bits = word_.load(std::memory_order_acquire);
  for (;;) {
    const auto w = unpack(bits);
    switch (w.what) {
      case policy::pass:
        return {answer::pass, {w.epoch, 0}};
      case policy::reject:
        return {answer::open, {}};
      case policy::gone:
        return {answer::gone, {}};
      case policy::probe:
      case policy::probe_or_pass:
        break;
    }
    if (w.out >= allowed_.load(std::memory_order_relaxed)) {
      if (w.what == policy::probe_or_pass)
        return {answer::pass, {w.epoch, 0}};
      return {answer::no_probe_left, {}};
    }
    if (word_.compare_exchange_weak(bits, bits + one_probe,
                                    std::memory_order_acq_rel,
                                    std::memory_order_acquire)) {
      const auto lease = leases_.fetch_add(1, std::memory_order_relaxed) + 1;
      return {answer::probe, {w.epoch, lease}};
    }
  }
}

template <template <class> class Atomic>
void basic_gate<Atomic>::publish(const view& next) noexcept {
  retry_at_.store(next.retry_at.time_since_epoch().count(),
                  std::memory_order_relaxed);
  allowed_.store(next.probes_allowed, std::memory_order_relaxed);
  auto bits = word_.load(std::memory_order_relaxed);
  const auto now = unpack(bits);
  if (now.epoch != next.epoch) {
    // Nobody's probe of an earlier epoch counts in this one.
    probes_ended_ = next.probes_ended;
    word_.store(pack({next.what, 0, next.epoch}), std::memory_order_release);
    return;
  }
  const auto ended = next.probes_ended - probes_ended_;
  probes_ended_ = next.probes_ended;
  if (ended == 0 && now.what == next.what)
    return;
  // Callers may be taking probes meanwhile: only add to and subtract from what
  // they have written.
  for (;;) {
    const auto w = unpack(bits);
    const auto out = w.out - static_cast<std::uint32_t>(ended);
    if (word_.compare_exchange_weak(bits, pack({next.what, out, w.epoch}),
                                    std::memory_order_acq_rel,
                                    std::memory_order_relaxed))
      return;
  }
}

} // namespace switchgear
