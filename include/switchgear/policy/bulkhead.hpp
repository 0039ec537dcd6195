#pragma once

#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "switchgear/breaker/config.hpp"
#include "switchgear/policy/context.hpp"
#include "switchgear/policy/timing.hpp"

namespace switchgear::policy {

/// How many calls at a time.
struct bulkhead_options {
  /// Calls that may be under way at the same time. 1 to 1,000,000.
  std::uint32_t concurrency = 16;

  /// Calls that may wait for a place. 0 (the default: none) to 1,000,000.
  std::uint32_t queue = 0;

  /// How long one waits at the most. Above 0, to 24 h, where `queue` is set,
  /// else zero (the default).
  duration max_wait = duration::zero();

  friend bool operator==(const bulkhead_options&, const bulkhead_options&)
    = default;
};

/// All that is wrong with `how`.
std::vector<config_error> validate(const bulkhead_options& how);

struct bulkhead_statistics {
  std::uint64_t admitted = 0;
  std::uint64_t rejected = 0;  ///< The queue was full.
  std::uint64_t timed_out = 0; ///< Waited in vain.
  std::uint64_t cancelled = 0; ///< Told to stop while they waited.
  std::uint64_t waiting = 0;   ///< At this moment.
  std::uint64_t running = 0;   ///< At this moment.
};

/// Lets only so many calls through at a time, so that a slow tool does not take
/// all threads. Others wait in a queue, first come, first served: a place that
/// gets free is handed to the one that has waited longest, nobody can snatch
/// it. What does not fit is refused as `bulkhead_full`.
///
/// Copies share the places. Thread-safe.
class bulkhead {
public:
  static constexpr kind what = kind::bulkhead;
  static constexpr bool detaches = false;

  /// @throws setup_error if the options are not valid
  explicit bulkhead(const bulkhead_options& how = {},
                    timing_ptr time = real_time());

  template <class Next>
  auto run(const context& ctx, const Next& next) const
    -> detail::answer_of<Next> {
    auto taken = enter(ctx);
    if (!taken) [[unlikely]]
      return make_unexpected(std::move(taken.error()));
    return next(ctx);
  }

  const bulkhead_options& options() const noexcept;

  bulkhead_statistics stats() const;

private:
  struct room;

  struct leave {
    void operator()(room* where) const noexcept;
  };

  /// Given back when it goes away.
  using place = std::unique_ptr<room, leave>;

  expected<place, failure> enter(const context& ctx) const;

  std::shared_ptr<room> room_;
};

} // namespace switchgear::policy
