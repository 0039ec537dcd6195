#pragma once

#include <cstdint>
#include <string>

#include "switchgear/breaker/config.hpp"
#include "switchgear/breaker/window.hpp"
#include "switchgear/detail/on_demand.hpp"
#include "switchgear/detail/ring_queue.hpp"
#include "switchgear/time.hpp"

namespace switchgear {

/// How serious a breaker's condition is, and why.
///
/// Open is critical, half-open a warning. Closed is healthy, unless too many
/// calls fail or it trips too often (`config::alert_failure_rate`,
/// `config::alert_trips`); that warning ends only well below what raised it, so
/// that a rate that moves about its threshold raises one alert, not a hundred.
/// @note Pure; the owner's of the breaker.
class alert_monitor {
public:
  /// The breaker trips.
  void note_trip(time_point now, const config& cfg);

  /// Looks again.
  /// @returns whether the level is another one than before
  bool update(state now_in, const window::tally& recent, time_point now,
              const config& cfg);

  alert_level level() const noexcept {
    return level_;
  }

  /// Why, in words: `2 of the last 10 calls failed (20.0%, threshold 10.0%)`.
  /// Empty if all is well, or the state says it all.
  const std::string& why() const noexcept {
    return past_->why;
  }

  /// Whether one of the rules says that something is wrong: then the level can
  /// change although nothing happens.
  bool raised() const noexcept {
    return rate_high_ || trips_high_;
  }

private:
  bool too_many_failures(const window::tally& recent, const config& cfg) const;
  bool too_many_trips(time_point now, const config& cfg) const;

  alert_level level_ = alert_level::healthy;
  bool rate_high_ = false;
  bool trips_high_ = false;
  struct past {
    // The last trips, one more than are allowed, the oldest first.
    detail::ring_queue<time_point> trips;
    std::string why;
  };
  detail::on_demand<past> past_;
};

} // namespace switchgear
