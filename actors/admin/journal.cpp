#include "journal.hpp"

#include <algorithm>
#include <utility>

namespace switchgear::admin {

void journal::add(kind what, std::string tool, std::string json) {
  std::lock_guard guard{mutex_};
  auto& where = what == kind::call ? calls_ : changes_;
  where.push_back({++last_, what, std::move(tool), std::move(json)});
  if (where.size() <= capacity_)
    return;
  if (what != kind::call)
    last_change_gone_ = where.front().number;
  where.pop_front();
}

auto journal::after(const ring& where, std::uint64_t number) -> place {
  const auto at = std::upper_bound(
    where.begin(), where.end(), number,
    [](std::uint64_t n, const entry& each) { return n < each.number; });
  return {at, where.end()};
}

auto journal::read(std::uint64_t number, const filter& wanted,
                   const std::function<bool(const entry&)>& visit) const
  -> reading {
  std::lock_guard guard{mutex_};
  reading result;
  result.next = std::min(number, last_);
  auto changes = after(changes_, number);
  auto calls = after(calls_, number);
  if (wanted.calls) {
    const auto there = (changes.end - changes.at) + (calls.end - calls.at);
    result.missed = last_ - result.next - static_cast<std::uint64_t>(there);
  } else {
    calls.at = calls.end;
    if (number < last_change_gone_)
      result.missed.reset();
  }
  while (changes.at != changes.end || calls.at != calls.end) {
    const bool change_is_next
      = calls.at == calls.end
        || (changes.at != changes.end && changes.at->number < calls.at->number);
    const auto& next = change_is_next ? *changes.at++ : *calls.at++;
    if ((!wanted.tool || next.tool == *wanted.tool) && !visit(next))
      return result;
    result.next = next.number;
  }
  result.next = last_;
  return result;
}

std::uint64_t journal::before_last(std::uint64_t count) const {
  std::lock_guard guard{mutex_};
  const auto first_gone = [](const ring& where) {
    return where.empty() ? 0 : where.front().number - 1;
  };
  // What is not there any more is not missed by somebody who has just come.
  const auto oldest = calls_.empty() ? first_gone(changes_)
                      : changes_.empty()
                        ? first_gone(calls_)
                        : std::max(first_gone(changes_), first_gone(calls_));
  return std::max(oldest, last_ - std::min(last_, count));
}

std::uint64_t journal::last() const {
  std::lock_guard guard{mutex_};
  return last_;
}

} // namespace switchgear::admin
