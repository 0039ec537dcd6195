#include "journal.hpp"

#include <algorithm>
#include <array>
#include <ctime>

namespace demo {

namespace {

constexpr std::size_t max_entries = 200;

std::string time_of_day(switchgear::wall_time at) {
  const auto seconds = std::chrono::system_clock::to_time_t(at);
  std::tm local{};
  localtime_r(&seconds, &local);
  std::array<char, 16> buffer;
  const auto size
    = std::strftime(buffer.data(), buffer.size(), "%H:%M:%S", &local);
  return {buffer.data(), size};
}

/// `open_time_over` as people write it.
std::string in_words(std::string_view name) {
  std::string result{name};
  std::ranges::replace(result, '_', ' ');
  return result;
}

std::string in_words(switchgear::state value) {
  return value == switchgear::state::half_open ? "half-open"
                                               : in_words(to_string(value));
}

/// Without the threshold, which in a list like this is only in the way.
std::string abridged(const std::string& cause) {
  const auto begin = cause.find(" (");
  const auto end = cause.find(')', begin);
  if (begin == cause.npos || end == cause.npos)
    return cause;
  return cause.substr(0, begin) + cause.substr(end + 1);
}

news kind_of(switchgear::state value) {
  switch (value) {
    case switchgear::state::closed:
      return news::good;
    case switchgear::state::open:
      return news::bad;
    case switchgear::state::half_open:
      return news::middling;
  }
  return news::neutral;
}

/// Whether both tell of the same change. The instants may differ by a little:
/// each time somebody asks they are made anew from the monotonic clock.
bool same(const switchgear::transition_record& x,
          const switchgear::transition_record& y) {
  constexpr auto tolerance = std::chrono::milliseconds{200};
  return x.from == y.from && x.to == y.to && x.why == y.why
         && std::chrono::abs(x.at - y.at) < tolerance;
}

/// The index of the first record after `last`, which may be gone already.
std::size_t first_new(const std::vector<switchgear::transition_record>& records,
                      const switchgear::transition_record& last) {
  for (auto i = records.size(); i > 0; --i)
    if (same(records[i - 1], last))
      return i;
  return 0;
}

} // namespace

void journal::note(switchgear::wall_time at, std::string_view tool,
                   std::string_view text, news kind) {
  if (entries_.size() == max_entries)
    entries_.erase(entries_.begin());
  entries_.push_back(
    {time_of_day(at), std::string{tool}, std::string{text}, kind});
}

void journal::observe(const switchgear::statistics& stats) {
  auto& known = seen_[stats.name];
  if (stats.restarts > known.restarts)
    note(std::chrono::system_clock::now(), stats.name,
         "the breaker's actor crashed and is back, " + in_words(stats.state)
           + " as before",
         news::middling);
  known.restarts = stats.restarts;
  for (auto i = first_new(stats.transitions, known.last);
       i < stats.transitions.size(); ++i) {
    const auto& change = stats.transitions[i];
    known.last = change;
    note(change.at, stats.name,
         in_words(change.to) + ": "
           + (change.text.empty() ? in_words(to_string(change.why))
                                  : abridged(change.text)),
         kind_of(change.to));
  }
}

} // namespace demo
