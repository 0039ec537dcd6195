#pragma once

#include <algorithm>
#include <cstdint>
#include <deque>
#include <functional>
#include <set>
#include <string>
#include <unordered_set>
#include <utility>
#include <vector>

#include "support/breaker_rig.hpp"

/// Explores a breaker machine: every order of events, until there is no
/// situation left that has not been seen. Needs gtest only for what its user
/// checks.
namespace switchgear::test {

/// A breaker and a caller that keeps books of its own.
class breaker_world {
public:
  /// A permit that the caller has not yet reported on.
  struct held {
    permit of;
    time_point lease_ends;
    bool lost = false; // its lease was over while its epoch lasted
  };

  /// @param settings to change between; outlive the world
  breaker_world(const std::vector<config>& settings, breaker_rig::hooked by)
    : rig(settings.front(), by),
      cfgs(&settings) {
    // nop
  }

  breaker_rig rig;
  const std::vector<config>* cfgs;
  std::size_t cfg_in_use = 0;

  std::vector<held> out;
  std::size_t verdicts = 0; // given
  std::vector<statem::caller> reporters;
  std::uint64_t asked = 0;
  std::uint64_t admitted = 0;
  std::uint64_t ended = 0; // reported on, or lost
  std::uint64_t leases_at_gate = 1'000'000;

  const config& cfg() const {
    return (*cfgs)[cfg_in_use];
  }

  void acquire() {
    ++asked;
    if (auto given = rig.acquire())
      keep(*given);
  }

  /// A gate that still shows half-open lets a call through.
  void take_at_gate(std::uint64_t epoch) {
    ++asked;
    const permit given{epoch, ++leases_at_gate};
    rig.tell(input::probe_taken{given});
    keep(given);
  }

  void report(std::size_t which, outcome how) {
    const auto done = out[which];
    out.erase(out.begin() + static_cast<std::ptrdiff_t>(which));
    if (!done.lost)
      ++ended;
    reporters.push_back(rig.ask(input::report{.of = done.of, .how = how}));
  }

  void pass(duration time) {
    const auto epoch = rig.data().epoch;
    rig.advance(time);
    for (auto& each : out) {
      if (each.of.is_probe() && !each.lost && each.of.epoch == epoch
          && each.lease_ends <= rig.now()) {
        each.lost = true;
        ++ended;
      }
    }
  }

  std::size_t open_questions() const {
    return rig.asked_to_trip.size() - verdicts;
  }

  void answer(std::optional<bool> trip) {
    const auto epoch = rig.asked_to_trip[verdicts++].epoch;
    rig.tell(input::trip_verdict{epoch, trip});
  }

  void reconfigure(std::size_t to) {
    cfg_in_use = to;
    rig.reconfigure(cfg());
  }

  /// All that can make a difference to what happens next.
  std::string situation() {
    const auto& d = rig.data();
    std::string s;
    const auto add = [&](auto value) { s += std::to_string(value) + ' '; };
    const auto left = [&](time_point t) {
      add(t == time_point::max() ? -1 : (t - rig.now()).count());
    };
    add(static_cast<int>(rig.now_in()));
    add(static_cast<int>(d.mode));
    add(cfg_in_use);
    // Beyond the threshold more makes no difference.
    add(std::min<std::uint64_t>(d.period.consecutive_failures,
                                cfg().failure_threshold));
    if (rig.now_in() == state::half_open)
      add(d.period.consecutive_successes);
    left(d.open_until);
    s += rig.now_in() == state::closed ? d.recent.to_string() + ' ' : "";
    std::vector<std::string> permits;
    for (const auto& each : out) {
      std::string p;
      if (each.of.epoch != d.epoch)
        p = each.of.is_probe() ? (each.lost ? "lost" : "late probe") : "late";
      else
        p = each.of.is_probe()
              ? "probe " + std::to_string((each.lease_ends - rig.now()).count())
              : "call";
      permits.push_back(std::move(p));
    }
    std::ranges::sort(permits);
    for (const auto& each : permits)
      s += each + ' ';
    for (auto i = verdicts; i < rig.asked_to_trip.size(); ++i)
      s += rig.asked_to_trip[i].epoch == d.epoch ? "? " : "old? ";
    return s;
  }

private:
  void keep(const permit& given) {
    ++admitted;
    out.push_back({given, rig.now() + cfg().effective_probe_lease()});
  }
};

/// Something that can happen.
struct move {
  std::string name;
  std::function<bool(breaker_world&)> possible;
  std::function<void(breaker_world&)> make;
};

/// What an exploration has seen.
struct exploration {
  std::size_t situations = 0;
  std::size_t steps = 0;
  std::size_t depth = 0;
  std::set<std::pair<state, state>> edges;
};

/// Explores breadth first, with a shortest way to every situation.
/// @param unfold_to if not 0, every way of up to that many moves is taken, even
///                  to a situation that has been seen
/// @param check called as `check(world, way)` after the last move of a way;
///              returns false to end the exploration
/// @param visit called as `visit(world, way)` for each new situation; may spoil
///              the world
template <class Make, class Check, class Visit>
exploration explore(Make make_world, const std::vector<move>& moves,
                    std::size_t unfold_to, Check check, Visit visit) {
  using path = std::vector<std::uint8_t>;
  exploration seen;
  std::unordered_set<std::string> situations{make_world().situation()};
  std::deque<path> frontier{path{}};
  while (!frontier.empty()) {
    const auto way = std::move(frontier.front());
    frontier.pop_front();
    seen.depth = way.size() + 1;
    for (std::uint8_t next = 0; next < moves.size(); ++next) {
      auto w = make_world();
      for (auto each : way)
        moves[each].make(w);
      if (!moves[next].possible(w))
        continue;
      const auto told = w.rig.events().size();
      moves[next].make(w);
      ++seen.steps;
      for (auto i = told; i < w.rig.events().size(); ++i)
        if (const auto& e = w.rig.events()[i];
            e.kind == event_kind::state_transition)
          seen.edges.emplace(e.from, e.to);
      auto longer = way;
      longer.push_back(next);
      if (!check(w, longer))
        return seen;
      const bool fresh = situations.insert(w.situation()).second;
      seen.situations = situations.size();
      if (fresh)
        visit(w, longer);
      if (unfold_to > 0 ? longer.size() < unfold_to : fresh)
        frontier.push_back(std::move(longer));
    }
  }
  return seen;
}

} // namespace switchgear::test
