#include "switchgear/telemetry/event_log.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace switchgear::telemetry {

void event_log::add(std::span<const event> fresh) {
  std::lock_guard guard{mutex_};
  events_.insert(events_.end(), fresh.begin(), fresh.end());
  for (; events_.size() > capacity_; ++forgotten_)
    events_.pop_front();
}

std::vector<event> event_log::take() {
  std::lock_guard guard{mutex_};
  auto all = std::exchange(events_, {});
  return {std::make_move_iterator(all.begin()),
          std::make_move_iterator(all.end())};
}

std::vector<event> event_log::take(std::string_view breaker) {
  std::lock_guard guard{mutex_};
  const auto its = std::stable_partition(
    events_.begin(), events_.end(),
    [=](const event& x) { return x.breaker != breaker; });
  std::vector<event> result{std::make_move_iterator(its),
                            std::make_move_iterator(events_.end())};
  events_.erase(its, events_.end());
  return result;
}

std::vector<event> event_log::look() const {
  std::lock_guard guard{mutex_};
  return {events_.begin(), events_.end()};
}

std::uint64_t event_log::forgotten() const {
  std::lock_guard guard{mutex_};
  return forgotten_;
}

} // namespace switchgear::telemetry
