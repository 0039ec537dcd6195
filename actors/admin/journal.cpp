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
  (what == kind::call ? last_call_gone_ : last_change_gone_)
    = where.front().number;
  where.pop_front();
}

bool journal::fits(const filter& wanted, const entry& each) {
  return !wanted.tool || each.tool == *wanted.tool;
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
  const auto begin = std::min(number, last_);
  reading result;
  result.next = begin;
  auto changes = after(changes_, number);
  auto calls = after(calls_, number);
  if (!wanted.calls)
    calls.at = calls.end;
  std::uint64_t passed = 0;
  bool more = true;
  while (more && (changes.at != changes.end || calls.at != calls.end)) {
    const bool change_is_next
      = calls.at == calls.end
        || (changes.at != changes.end && changes.at->number < calls.at->number);
    const auto& next = change_is_next ? *changes.at++ : *calls.at++;
    more = !fits(wanted, next) || visit(next);
    if (more) {
      result.next = next.number;
      ++passed;
    }
  }
  if (more)
    result.next = last_;
  // Only up to where it has come: what is gone beyond is for the next time.
  if (wanted.calls)
    result.missed = result.next - begin - passed;
  else if (begin < last_change_gone_)
    result.missed.reset();
  return result;
}

std::uint64_t journal::before_last(std::uint64_t count,
                                   const filter& wanted) const {
  std::lock_guard guard{mutex_};
  // What is not there any more is not missed by somebody who has just come.
  const auto oldest
    = std::max(last_change_gone_, wanted.calls ? last_call_gone_ : 0);
  auto change = changes_.rbegin();
  auto call = calls_.rbegin();
  auto result = last_;
  while (count > 0) {
    const bool changes_left
      = change != changes_.rend() && change->number > oldest;
    const bool calls_left
      = wanted.calls && call != calls_.rend() && call->number > oldest;
    if (!changes_left && !calls_left)
      return oldest;
    const bool call_is_next
      = calls_left && (!changes_left || call->number > change->number);
    const auto& next = call_is_next ? *call++ : *change++;
    if (fits(wanted, next)) {
      result = next.number - 1;
      --count;
    }
  }
  return result;
}

std::uint64_t journal::last() const {
  std::lock_guard guard{mutex_};
  return last_;
}

} // namespace switchgear::admin
