#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "switchgear/breaker/statistics.hpp"
#include "switchgear/telemetry/event.hpp"
#include "switchgear/time.hpp"

namespace switchgear::admin {

/// What happened to a breaker's calls from one look to the next.
struct sample {
  wall_time at{}; ///< The later look.
  std::uint32_t span_ms = 0;
  std::uint32_t successes = 0;
  std::uint32_t failures = 0;
  std::uint32_t rejections = 0;
  /// Of the calls that were timed; negative if none was.
  float mean_ms = -1;
  float p95_ms = -1;

  bool empty() const noexcept {
    return successes == 0 && failures == 0 && rejections == 0;
  }
};

/// A failed call, as it was told of.
struct failed_call {
  wall_time at{};
  std::uint64_t sequence = 0;
  outcome how = outcome::failure;
  std::string type;
  std::string message;
  duration took{};
};

/// The recent past of all breakers.
/// @note Thread-safe.
class history {
public:
  /// @param length how many samples of each breaker are kept
  /// @param now when it begins: breakers that are made from then on have all
  ///        their calls in it
  history(std::size_t length, time_point now, wall_time at)
    : length_(length),
      last_look_(now),
      last_look_at_(at) {
    // nop
  }

  /// Looks at all breakers. What is not among them is forgotten, the next time.
  void look(std::span<const statistics> all, time_point now, wall_time at);

  void note(const telemetry::event& failed);

  /// Since the last look but one, of each breaker; in the order of `names`.
  std::vector<std::optional<sample>>
  latest(std::span<const statistics> of) const;

  struct past {
    std::vector<sample> samples;       ///< Those with calls, the oldest first.
    std::vector<failed_call> failures; ///< The newest first.
  };

  past past_of(std::string_view name) const;

private:
  /// What samples are differences of.
  struct totals {
    wall_time created{};
    std::uint64_t successes = 0;
    std::uint64_t failures = 0;
    std::uint64_t rejections = 0;
    call_durations durations;
  };

  struct record {
    std::optional<totals> before;
    time_point seen_at{};
    bool seen = true;
    std::optional<sample> last;
    std::deque<sample> samples;
    std::deque<failed_call> failures;
  };

  static totals totals_of(const statistics& from);
  static sample difference(const totals& before, const totals& now);

  const std::size_t length_;
  mutable std::mutex mutex_;
  time_point last_look_;
  wall_time last_look_at_;
  std::map<std::string, record, std::less<>> breakers_;
};

/// The duration that `share` of the calls did not exceed, as far as buckets
/// tell; nothing if there are no calls.
std::optional<double> quantile_ms(
  const std::array<std::uint64_t, call_durations::bucket_count>& buckets,
  double share);

} // namespace switchgear::admin
