#include "history.hpp"

#include <algorithm>
#include <chrono>
#include <iterator>
#include <limits>
#include <numeric>
#include <utility>

namespace switchgear::admin {

namespace {

constexpr std::size_t failures_kept = 20;

using milliseconds = std::chrono::duration<double, std::milli>;

std::uint32_t since(std::uint64_t before, std::uint64_t now) {
  const auto difference = now >= before ? now - before : 0;
  return static_cast<std::uint32_t>(std::min<std::uint64_t>(
    difference, std::numeric_limits<std::uint32_t>::max()));
}

} // namespace

std::optional<double> quantile_ms(
  const std::array<std::uint64_t, call_durations::bucket_count>& buckets,
  double share) {
  const auto count
    = std::accumulate(buckets.begin(), buckets.end(), std::uint64_t{0});
  if (count == 0)
    return std::nullopt;
  const auto wanted = share * static_cast<double>(count);
  double below = 0;
  double lower = 0;
  for (std::size_t i = 0; i < call_durations::bounds.size(); ++i) {
    const auto upper = milliseconds{call_durations::bounds[i]}.count();
    const auto here = static_cast<double>(buckets[i]);
    if (here > 0 && below + here >= wanted)
      return lower + (upper - lower) * (wanted - below) / here;
    below += here;
    lower = upper;
  }
  return lower; // longer than that; nobody knows how much
}

auto history::totals_of(const statistics& from) -> totals {
  return {from.created, from.total_successes, from.total_failures,
          from.total_rejected, from.durations};
}

sample history::difference(const totals& before, const totals& now) {
  sample result;
  result.successes = since(before.successes, now.successes);
  result.failures = since(before.failures, now.failures);
  result.rejections = since(before.rejections, now.rejections);
  auto timed = now.durations;
  for (std::size_t i = 0; i < timed.buckets.size(); ++i)
    timed.buckets[i] -= std::min(timed.buckets[i], before.durations.buckets[i]);
  timed.sum -= before.durations.sum;
  if (const auto p95 = quantile_ms(timed.buckets, 0.95)) {
    result.p95_ms = static_cast<float>(*p95);
    result.mean_ms = static_cast<float>(milliseconds{timed.sum}.count()
                                        / static_cast<double>(timed.count()));
  }
  return result;
}

void history::look(std::span<const statistics> all, time_point now,
                   wall_time at) {
  std::lock_guard guard{mutex_};
  for (const auto& each : all) {
    auto& known = breakers_[each.name];
    const auto fresh_totals = totals_of(each);
    // One that has been made since, or made anew, counts from zero.
    const bool fresh_breaker = known.before
                                 ? known.before->created != each.created
                                 : each.created >= last_look_at_;
    if (fresh_breaker) {
      known.before.emplace();
      known.seen_at = last_look_;
    }
    if (known.before) {
      auto fresh = difference(*known.before, fresh_totals);
      fresh.at = at;
      fresh.span_ms = static_cast<std::uint32_t>(
        std::chrono::round<std::chrono::milliseconds>(now - known.seen_at)
          .count());
      known.last = fresh;
      if (!fresh.empty())
        known.samples.push_back(fresh);
    }
    known.before = fresh_totals;
    known.seen_at = now;
    known.seen = true;
  }
  last_look_ = now;
  last_look_at_ = at;
  const auto oldest = at - std::chrono::seconds{length_};
  for (auto i = breakers_.begin(); i != breakers_.end();) {
    auto& known = i->second;
    while (
      !known.samples.empty()
      && (known.samples.size() > length_ || known.samples.front().at < oldest))
      known.samples.pop_front();
    // One that was not there this time may have been made meanwhile.
    i = std::exchange(known.seen, false) ? std::next(i) : breakers_.erase(i);
  }
}

void history::note(const telemetry::event& failed) {
  std::lock_guard guard{mutex_};
  auto& failures = breakers_[failed.breaker].failures;
  failures.push_front({failed.when, failed.sequence, failed.how,
                       failed.error_type, failed.text, failed.latency});
  if (failures.size() > failures_kept)
    failures.pop_back();
}

std::vector<std::optional<sample>>
history::latest(std::span<const statistics> of) const {
  std::vector<std::optional<sample>> result;
  result.reserve(of.size());
  std::lock_guard guard{mutex_};
  for (const auto& each : of) {
    const auto i = breakers_.find(each.name);
    result.push_back(i == breakers_.end() ? std::nullopt : i->second.last);
  }
  return result;
}

auto history::past_of(std::string_view name) const -> past {
  std::lock_guard guard{mutex_};
  const auto i = breakers_.find(name);
  if (i == breakers_.end())
    return {};
  return {{i->second.samples.begin(), i->second.samples.end()},
          {i->second.failures.begin(), i->second.failures.end()}};
}

} // namespace switchgear::admin
