#include "switchgear/telemetry/event_queue.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace switchgear::telemetry {

bool interests::include(event_kind kind) const noexcept {
  switch (kind) {
    case event_kind::breaker_initialized:
    case event_kind::breaker_terminated:
      return lives;
    case event_kind::call_succeeded:
      return successes;
    case event_kind::call_failed:
    case event_kind::call_ignored:
    case event_kind::call_late:
      return failures;
    case event_kind::call_rejected:
      return rejections;
    default:
      return changes;
  }
}

bool event_queue::push(std::string_view breaker,
                       std::span<const breaker_event> events,
                       const interests& wants) {
  std::lock_guard guard{mutex_};
  const auto before = last_number_;
  for (const auto& each : events)
    if (wants.include(each.kind))
      add(breaker, each);
  if (last_number_ == before || awaited_ == 0 || waiting() < awaited_)
    return false;
  awaited_ = 0;
  return true;
}

void event_queue::add(std::string_view breaker, const breaker_event& what) {
  auto& to = what.kind == event_kind::call_succeeded ? successes_
             : is_call(what.kind)                    ? calls_
                                                     : changes_;
  to.push_back({++last_number_, {what, std::string{breaker}}});
  ++offered_;
  if (changes_.size() > room_for_changes)
    drop_oldest(changes_);
  if (successes_.size() + calls_.size() > room_)
    drop_oldest(successes_.empty() ? calls_ : successes_);
}

void event_queue::drop_oldest(line& from) {
  from.pop_front();
  ++dropped_;
}

auto event_queue::oldest() -> line* {
  line* result = nullptr;
  for (auto* each : {&successes_, &calls_, &changes_})
    if (!each->empty()
        && (!result || each->front().number < result->front().number))
      result = each;
  return result;
}

std::vector<event> event_queue::take(std::size_t most) {
  std::lock_guard guard{mutex_};
  std::vector<event> result;
  result.reserve(std::min(most, waiting()));
  while (result.size() < most) {
    auto* from = oldest();
    if (!from)
      break;
    result.push_back(std::move(from->front().what));
    from->pop_front();
  }
  return result;
}

bool event_queue::await(std::size_t n) {
  std::lock_guard guard{mutex_};
  const bool there = waiting() >= n;
  awaited_ = there ? 0 : n;
  return !there;
}

void event_queue::clear() {
  std::lock_guard guard{mutex_};
  for (auto* each : {&successes_, &calls_, &changes_}) {
    dropped_ += each->size();
    each->clear();
  }
}

std::size_t event_queue::waiting() const noexcept {
  return successes_.size() + calls_.size() + changes_.size();
}

auto event_queue::count() const -> totals {
  std::lock_guard guard{mutex_};
  return {offered_, dropped_, waiting()};
}

std::uint64_t event_queue::last_number() const {
  std::lock_guard guard{mutex_};
  return last_number_;
}

bool event_queue::taken_up_to(std::uint64_t number) const {
  std::lock_guard guard{mutex_};
  const auto all = {&successes_, &calls_, &changes_};
  return std::all_of(all.begin(), all.end(), [&](const line* each) {
    return each->empty() || each->front().number > number;
  });
}

} // namespace switchgear::telemetry
