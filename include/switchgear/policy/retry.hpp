#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "switchgear/policy/budget.hpp"
#include "switchgear/policy/context.hpp"
#include "switchgear/policy/timing.hpp"

namespace switchgear::policy {

/// When to try again, and how often.
struct retry_options {
  /// Attempts, the first one included. 1 to 1,000.
  std::uint32_t max_attempts = 3;

  /// Before the second attempt it waits up to so long. 0 to 24 h.
  duration base = std::chrono::milliseconds{100};

  /// Each further wait may be so many times as long. 1 to 100.
  double multiplier = 2.0;

  /// The most that it grows to. `base` to 24 h.
  duration maximum = std::chrono::seconds{10};

  /// Whether a wait is random, between zero and what it may be, so that many
  /// callers do not come back in step; it is added to what the tool asks for.
  /// If not it is always the longest, and the longer one of both counts.
  bool jitter = true;

  /// Of the random numbers; 0 (the default): another one each time.
  std::uint64_t seed = 0;

  /// How many retries calls may cause together.
  budget_options budget{};

  /// A tool that asks to be left alone for longer (`failure::retry_later`) is
  /// not tried again. 0 to 30 days.
  duration max_wait = std::chrono::seconds{60};

  /// No attempt begins later than this after the first one. Zero (the default):
  /// no limit. Up to 30 days.
  duration total = duration::zero();

  /// Which failures are worth another attempt; null: all. Asked on the caller's
  /// thread; one that throws means no. Refusals (`failure::is_refusal`) and
  /// `cancelled` never are, and it is not asked about these.
  std::function<bool(const failure&)> retry_if{};
};

/// All that is wrong with `how`.
std::vector<config_error> validate(const retry_options& how);

struct retry_statistics {
  std::uint64_t calls = 0;
  std::uint64_t retries = 0;         ///< Attempts beyond the first ones.
  std::uint64_t recovered = 0;       ///< Calls that a retry helped.
  std::uint64_t exhausted = 0;       ///< That failed in all their attempts.
  std::uint64_t not_retried = 0;     ///< Failures that are not worth it.
  std::uint64_t budget_refusals = 0; ///< For which there was no budget.
  std::uint64_t too_long = 0;        ///< For which the wait was too long.
  std::uint64_t cancelled = 0;       ///< Told to stop while they waited.
  std::uint64_t waiting = 0;         ///< At this moment.

  std::uint64_t attempts() const noexcept {
    return calls + retries;
  }
};

/// Tries again what failed, after a wait that grows.
///
/// It waits at least as long as the tool asked for, and does not wait for what
/// would come after the deadline, its own or that of a `timeout` around it:
/// then the failure is returned at once. While it waits it can be told to stop;
/// then the call is `cancelled`.
///
/// Copies share budget and statistics. Thread-safe.
class retry {
public:
  static constexpr kind what = kind::retry;
  static constexpr bool detaches = false;

  /// @throws setup_error if the options are not valid
  explicit retry(retry_options how = {}, timing_ptr time = real_time());

  template <class Next>
  auto run(const context& ctx, const Next& next) const
    -> detail::answer_of<Next> {
    const auto began = begin();
    auto result = next(ctx);
    if (result) [[likely]]
      return result;
    return again(ctx, next, began, std::move(result.error()));
  }

  const retry_options& options() const noexcept;

  retry_statistics stats() const noexcept;

private:
  struct shared;

  template <class Next>
  auto again(const context& ctx, const Next& next, time_point began,
             failure why) const -> detail::answer_of<Next> {
    for (std::uint32_t attempts = 1;; ++attempts) {
      if (auto last = wait_for_next(ctx, began, attempts, why))
        return make_unexpected(std::move(*last));
      auto result = next(ctx);
      if (result) {
        note_recovery();
        return result;
      }
      why = std::move(result.error());
    }
  }

  time_point begin() const;

  /// After so many attempts, of which the last one failed.
  /// @returns why there is no further one
  std::optional<failure> wait_for_next(const context& ctx, time_point began,
                                       std::uint32_t attempts,
                                       failure& why) const;
  void note_recovery() const noexcept;

  std::shared_ptr<shared> state_;
};

} // namespace switchgear::policy
