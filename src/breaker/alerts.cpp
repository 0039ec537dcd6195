#include "switchgear/breaker/alerts.hpp"

#include <algorithm>
#include <chrono>

#include "show.hpp"

namespace switchgear {

namespace {

// What has been raised ends at this share of what raises it.
constexpr double falls_at = 0.8;

double share(const window::tally& recent) {
  return static_cast<double>(recent.failures)
         / static_cast<double>(recent.calls);
}

std::string in_words(const window::tally& recent, const config& cfg) {
  return std::to_string(recent.failures) + " of the last "
         + std::to_string(recent.calls) + " calls failed ("
         + percent(share(recent)) + ", threshold "
         + percent(cfg.alert_failure_rate) + ")";
}

// In hours or minutes if that gives a whole number.
std::string in_words(duration period) {
  using namespace std::chrono_literals;
  if (period % 1h == duration::zero())
    return std::to_string(period / 1h) + " h";
  if (period % 1min == duration::zero())
    return std::to_string(period / 1min) + " min";
  return show(std::chrono::duration<double>{period}.count()) + " s";
}

std::string in_words(std::size_t trips, const config& cfg) {
  return std::to_string(trips) + " or more trips within "
         + in_words(cfg.alert_period) + " (threshold "
         + std::to_string(cfg.alert_trips) + ")";
}

} // namespace

void alert_monitor::note_trip(time_point now, const config& cfg) {
  if (cfg.alert_trips == 0)
    return;
  auto& trips = past_.edit().trips;
  trips.push_back(now);
  while (trips.size() > cfg.alert_trips + 1u)
    static_cast<void>(trips.pop_front());
}

bool alert_monitor::too_many_failures(const window::tally& recent,
                                      const config& cfg) const {
  if (cfg.alert_failure_rate == 0.0
      || recent.calls < cfg.effective_minimum_calls())
    return false;
  const auto limit
    = rate_high_ ? cfg.alert_failure_rate * falls_at : cfg.alert_failure_rate;
  return share(recent) > limit;
}

bool alert_monitor::too_many_trips(time_point now, const config& cfg) const {
  if (cfg.alert_trips == 0 || !past_)
    return false;
  const auto& trips = past_->trips;
  std::size_t recent = 0;
  while (recent < trips.size()
         && now - trips[trips.size() - 1 - recent] < cfg.alert_period)
    ++recent;
  const auto limit = trips_high_ ? static_cast<std::size_t>(
                       falls_at * static_cast<double>(cfg.alert_trips))
                                 : cfg.alert_trips;
  return recent > limit;
}

bool alert_monitor::update(state now_in, const window::tally& recent,
                           time_point now, const config& cfg) {
  const auto before = level_;
  const bool was_raised = raised();
  rate_high_ = now_in == state::closed && too_many_failures(recent, cfg);
  trips_high_ = too_many_trips(now, cfg);
  level_ = std::max(level_of(now_in),
                    raised() ? alert_level::warning : alert_level::healthy);
  if (level_ == before)
    return false;
  if (!raised() && !was_raised)
    return true;
  past_.edit().why = rate_high_    ? in_words(recent, cfg)
                     : trips_high_ ? in_words(past_->trips.size(), cfg)
                                   : std::string{};
  return true;
}

} // namespace switchgear
