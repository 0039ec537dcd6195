#include <algorithm>
#include <chrono>

#include "judging.hpp"

namespace switchgear {

using namespace judging;

// -- the states ---------------------------------------------------------------

auto breaker_machine::closed(const event& ev, breaker_data& d) -> transition {
  if (ev.is_enter()) {
    d.down_since.reset();
    d.open_until = time_point::max();
    d.trips_in_a_row = 0;
    d.period = {};
    d.recent.clear();
    entered(state::closed, ev, d);
    return keep_state(cancel_generic_timeout(lease_timer), next_interval(ev, d),
                      watch_stuck_calls(ev, d));
  }
  if (ev.type == event_type::state_timeout) {
    d.period = {};
    d.recent.clear();
    return keep_state(next_interval(ev, d));
  }
  if (std::holds_alternative<input::acquire>(ev.content))
    return keep_state(reply(ev.from, permit{d.epoch, 0}));
  if (auto* r = std::get_if<input::report>(&ev.content)) {
    if (r->of.epoch != d.epoch)
      return late(state::closed, ev, *r, d);
    if (!tally(state::closed, *r, std::min(r->at, ev.now), d))
      return done(ev); // a plain success never trips
    return judge_failure(ev, d);
  }
  if (ev.type == event_type::generic_timeout) {
    if (observer_)
      observer_->consult_stuck_calls(ev.now);
    return keep_state();
  }
  if (auto* x = std::get_if<input::stuck_calls>(&ev.content))
    return judge_stuck_calls(ev, *x, d);
  if (auto* v = std::get_if<input::trip_verdict>(&ev.content)) {
    if (v->epoch != d.epoch || d.mode == mode::forced_closed
        || d.mode == mode::disabled)
      return common(state::closed, ev, d);
    auto why = v->trip ? (*v->trip ? reason::ready_to_trip : reason::none)
                       : broken_rule(d, ev.now);
    return let_go(why == reason::none ? keep_state() : trip(why, ev, d), d);
  }
  return common(state::closed, ev, d);
}

auto breaker_machine::open(const event& ev, breaker_data& d) -> transition {
  if (ev.is_enter()) {
    d.period.consecutive_successes = 0;
    if (d.mode == mode::isolated) {
      d.open_until = time_point::max();
      entered(state::open, ev, d);
      return keep_state(cancel_generic_timeout(lease_timer),
                        cancel_generic_timeout(stuck_timer));
    }
    ++d.trips;
    ++d.trips_in_a_row;
    d.alerts.note_trip(ev.now, *d.cfg);
    auto& last = d.last_trip.edit();
    last.cause.trips_in_a_row = d.trips_in_a_row;
    if (!d.down_since)
      d.down_since = ev.now;
    const auto time = open_time(d);
    d.open_until = ev.now + time;
    last.text = last.cause.to_string(*d.cfg);
    entered(state::open, ev, d);
    if (asks_open_time_ && observer_)
      observer_->consult_open_time(last.cause, d.epoch);
    return keep_state(cancel_generic_timeout(lease_timer),
                      cancel_generic_timeout(stuck_timer), state_timeout(time));
  }
  if (ev.type == event_type::state_timeout)
    return go(state::half_open, reason::open_time_over, d, ev);
  if (std::holds_alternative<input::acquire>(ev.content)) {
    if (d.mode == mode::metrics_only)
      return keep_state(reply(ev.from, permit{d.epoch, 0}));
    turn_away(state::open, {1, errc::circuit_open}, ev, d);
    return keep_state(
      reply(ev.from, failure::rejected(errc::circuit_open,
                                       time_left(d.open_until, ev.now))));
  }
  if (auto* v = std::get_if<input::open_time_verdict>(&ev.content)) {
    // What makes no sense leaves the open time as it is.
    if (v->epoch != d.epoch || d.open_until == time_point::max()
        || v->open_time < shortest_open)
      return done(ev);
    d.open_until = d.entered + std::min(v->open_time, longest_open);
    return keep_state(state_timeout_at(d.open_until));
  }
  return common(state::open, ev, d);
}

auto breaker_machine::half_open(const event& ev, breaker_data& d)
  -> transition {
  if (ev.is_enter()) {
    d.period = {};
    d.open_until = time_point::max();
    entered(state::half_open, ev, d);
    return keep_state(watch_leases(d), cancel_generic_timeout(stuck_timer));
  }
  if (std::holds_alternative<input::acquire>(ev.content)) {
    if (d.probes.size() < d.cfg->half_open_max_calls) {
      const permit given{d.epoch, ++d.last_lease};
      lend(given.lease, ev.now, d);
      return keep_state(reply(ev.from, given), watch_leases(d));
    }
    if (d.mode == mode::metrics_only)
      return keep_state(reply(ev.from, permit{d.epoch, 0}));
    turn_away(state::half_open, {1, errc::too_many_probes}, ev, d);
    return keep_state(reply(
      ev.from, failure::rejected(errc::too_many_probes,
                                 time_left(d.probes.front().ends, ev.now))));
  }
  if (auto* taken = std::get_if<input::probe_taken>(&ev.content)) {
    if (taken->given.epoch != d.epoch)
      return common(state::half_open, ev, d);
    d.last_lease = std::max(d.last_lease, taken->given.lease);
    lend(taken->given.lease, ev.now, d);
    return keep_state(watch_leases(d));
  }
  if (auto* r = std::get_if<input::report>(&ev.content)) {
    if (r->of.epoch != d.epoch || !r->of.is_probe())
      return late(state::half_open, ev, *r, d);
    return probe_result(ev, *r, d);
  }
  if (ev.type == event_type::generic_timeout) {
    return lose_probes(ev, d);
  }
  return common(state::half_open, ev, d);
}

} // namespace switchgear
