#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "switchgear/breaker/config.hpp"
#include "switchgear/policy/context.hpp"
#include "switchgear/policy/timing.hpp"

namespace switchgear::policy {

/// So many calls in a period, and how many at once.
struct rate_limit_options {
  /// Calls in a `period`. 1 to 1,000,000.
  std::uint32_t permits = 100;

  /// 1 us to 24 h.
  duration period = std::chrono::seconds{1};

  /// Calls that a time without any can save up. 0 (the default) stands for
  /// `permits`; up to 1,000,000.
  std::uint32_t burst = 0;

  /// How long a call may wait for its turn. Zero (the default): not at all. Up
  /// to 24 h.
  duration max_wait = duration::zero();

  friend bool operator==(const rate_limit_options&, const rate_limit_options&)
    = default;
};

/// All that is wrong with `how`.
std::vector<config_error> validate(const rate_limit_options& how);

struct rate_limit_statistics {
  std::uint64_t admitted = 0;
  std::uint64_t rejected = 0;  ///< `rate_limited`
  std::uint64_t waited = 0;    ///< Of those admitted.
  std::uint64_t cancelled = 0; ///< Told to stop while they waited.
  std::uint64_t waiting = 0;   ///< At this moment.
};

/// A token bucket: `burst` calls at once, then `permits` in a `period`, evenly.
/// A call beyond that waits for its turn, first come, first served, or is
/// refused as `rate_limited` with the time to come back (`retry_after`).
///
/// It counts in whole numbers, in fractions of a nanosecond where a period is
/// not a multiple of its permits: however long it runs it lets neither one call
/// more nor one less through.
///
/// Copies share the bucket. Thread-safe.
class rate_limit {
public:
  static constexpr kind what = kind::rate_limit;
  static constexpr bool detaches = false;

  /// @throws setup_error if the options are not valid
  explicit rate_limit(const rate_limit_options& how = {},
                      timing_ptr time = real_time());

  template <class Next>
  auto run(const context& ctx, const Next& next) const
    -> detail::answer_of<Next> {
    if (auto refused = enter(ctx)) [[unlikely]]
      return make_unexpected(std::move(*refused));
    return next(ctx);
  }

  /// Takes a permit if there is one now.
  bool try_take() const;

  /// Takes a permit, and waits for it if it may.
  /// @returns why there is none
  std::optional<failure> enter(const context& ctx) const;

  const rate_limit_options& options() const noexcept;

  rate_limit_statistics stats() const;

private:
  struct bucket;
  std::shared_ptr<bucket> bucket_;
};

} // namespace switchgear::policy
