#include <utility>

#include "judging.hpp"

namespace switchgear {

using namespace judging;

namespace {

// Old changes of state are remembered up to here.
constexpr std::size_t history_size = 16;

} // namespace

breaker_data::breaker_data(std::shared_ptr<const config> settings,
                           std::uint64_t seed)
  : cfg(std::move(settings)),
    recent(*cfg),
    random(seed) {
  // nop
}

std::uint64_t breaker_data::total_calls() const noexcept {
  return successes + failures + (cfg->rejected_in_total ? rejected : 0);
}

// -- what is the same in every state ------------------------------------------

auto breaker_machine::common(state now_in, const event& ev, breaker_data& d)
  -> transition {
  return std::visit(
    overloaded{
      [&](const input::report& r) { return late(now_in, ev, r, d); },
      [&](const input::late_result& r) {
        tell_late(now_in, ev.now, r.how, r.latency, 1, d);
        return done(ev);
      },
      [&](const input::probe_taken& taken) {
        abandon(taken.given.lease, d); // its epoch ended before we heard of it
        return done(ev);
      },
      [&](const input::turned_away& calls) {
        turn_away(now_in, calls, ev, d);
        return done(ev);
      },
      [&](const input::reset&) { return reset(now_in, ev, d); },
      [&](const input::force_open&) { return force_open(now_in, ev, d); },
      [&](const input::set_mode& x) { return set_mode(x.to, now_in, ev, d); },
      [&](const input::reconfigure& x) {
        return reconfigure(x.to, now_in, ev, d);
      },
      [&](const input::stuck_calls&) { return done(ev); }, // no longer closed
      [&](const input::restarted& how) {
        return restarted(how.after_fault, now_in, ev, d);
      },
      // Asked in an earlier state; who waits for it needs wait no more.
      [&](const input::trip_verdict&) { return let_go(keep_state(), d); },
      [&](const auto&) { return done(ev); },
    },
    ev.content);
}

auto breaker_machine::reset(state now_in, const event& ev, breaker_data& d)
  -> transition {
  switch_mode(mode::automatic, now_in, ev, d);
  if (now_in == state::closed)
    return ev.from ? repeat_state(reply(ev.from, {})) : repeat_state();
  return go(state::closed, reason::reset, d, ev);
}

auto breaker_machine::force_open(state now_in, const event& ev, breaker_data& d)
  -> transition {
  if (now_in == state::open)
    return done(ev); // the running open time goes on
  if (d.mode != mode::metrics_only)
    switch_mode(mode::automatic, now_in, ev, d);
  return trip(reason::forced_open, ev, d);
}

auto breaker_machine::reconfigure(std::shared_ptr<const config> to,
                                  state now_in, const event& ev,
                                  breaker_data& d) -> transition {
  const bool rearm
    = now_in == state::closed && to->closed_interval != d.cfg->closed_interval;
  auto told = make_event(event_kind::config_changed, now_in, ev.now, d);
  told.text = describe_changes(*d.cfg, *to);
  d.cfg = std::move(to);
  d.recent.reconfigure(*d.cfg, ev.now);
  emit(told);
  auto next = done(ev);
  if (rearm)
    next << next_interval(ev, d);
  if (now_in == state::closed)
    next << watch_stuck_calls(ev, d);
  return next;
}

auto breaker_machine::set_mode(mode to, state now_in, const event& ev,
                               breaker_data& d) -> transition {
  const auto from = d.mode;
  if (from == to)
    return done(ev);
  switch_mode(to, now_in, ev, d);
  switch (to) {
    case mode::isolated:
      if (now_in != state::open)
        return go(state::open, reason::isolated, d, ev);
      d.open_until = time_point::max();
      return done(ev) << cancel_state_timeout();
    case mode::forced_closed:
      return now_in == state::closed
               ? done(ev)
               : go(state::closed, reason::forced_closed, d, ev);
    case mode::disabled:
      return now_in == state::closed
               ? done(ev)
               : go(state::closed, reason::disabled, d, ev);
    case mode::automatic:
    case mode::metrics_only:
      // Isolation had no end of its own; now probes shall find out.
      if (from == mode::isolated)
        return go(state::half_open, reason::released, d, ev);
      break;
  }
  return done(ev);
}

void breaker_machine::switch_mode(mode to, state now_in, const event& ev,
                                  breaker_data& d) {
  if (std::exchange(d.mode, to) != to)
    emit(make_event(event_kind::mode_changed, now_in, ev.now, d));
}

auto breaker_machine::go(state to, reason why, breaker_data& d, const event& ev)
  -> transition {
  d.why = why;
  return ev.from ? next_state(to, reply(ev.from, {})) : next_state(to);
}

auto breaker_machine::done(const event& ev) -> transition {
  return ev.from ? keep_state(reply(ev.from, {})) : keep_state();
}

auto breaker_machine::restarted(bool after_fault, state now_in, const event& ev,
                                breaker_data& d) -> transition {
  ++d.restarts;
  d.undecided.clear(); // callers of the actor that is gone
  emit(make_event(event_kind::breaker_restarted, now_in, ev.now, d));
  if (after_fault && now_in == state::half_open)
    return repeat_state();
  // Times are absolute, so a breaker that was down for a moment loses nothing
  // of them and gets nothing on top.
  auto next = done(ev);
  switch (now_in) {
    case state::closed:
      next << state_timeout_at(d.counts_until) << watch_stuck_calls(ev, d);
      break;
    case state::open:
      next << state_timeout_at(d.open_until);
      break;
    case state::half_open:
      next << watch_leases(d);
      break;
  }
  return next;
}

auto breaker_machine::let_go(transition next, breaker_data& d) -> transition {
  static const reply_type nothing;
  for (auto who : d.undecided)
    next << reply(who, nothing);
  d.undecided.clear();
  return next;
}

auto breaker_machine::next_interval(const event& ev, breaker_data& d)
  -> action {
  const auto interval = d.cfg->closed_interval;
  d.counts_until
    = interval > duration::zero() ? ev.now + interval : time_point::max();
  return state_timeout_at(d.counts_until);
}

void breaker_machine::entered(state now_in, const event& ev, breaker_data& d) {
  ++d.epoch;
  // Callers may have begun before there was an owner to begin the first one.
  d.epoch_began = d.epoch == 1 ? time_point::min() : ev.now;
  for (const auto& probe : d.probes)
    abandon(probe.id, d);
  d.probes.clear();
  d.probes_ended = 0;
  const auto from = *ev.old_state;
  if (d.epoch == 1) {
    d.entered = ev.now;
    emit(make_event(event_kind::breaker_initialized, now_in, ev.now, d));
    return;
  }
  if (from == now_in) // again, but no change of state
    return;
  auto told = make_event(event_kind::state_transition, now_in, ev.now, d);
  told.from = from;
  told.why = d.why;
  told.time_in_state = ev.now - d.entered;
  told.level_before = d.alerts.level();
  d.alerts.update(now_in, d.recent.count(ev.now), ev.now, *d.cfg);
  told.level = d.alerts.level();
  if (now_in == state::open && d.mode != mode::isolated) {
    told.text = d.last_trip->text;
    told.cause = std::make_shared<const trip_cause>(d.last_trip->cause);
  }
  auto& history = d.history.edit();
  if (history.size() == history_size)
    static_cast<void>(history.pop_front());
  history.push_back({from, now_in, d.why, ev.now, told.text, d.epoch});
  note_transition(from, now_in, d.why, d);
  d.entered = ev.now;
  emit(told);
}

// -- the rest -----------------------------------------------------------------

void breaker_machine::terminate(const statem::exit_reason& why,
                                const state& last, breaker_data& d) {
  auto told = make_event(event_kind::breaker_terminated, last, {}, d);
  told.text = why.to_string();
  emit(told);
}

void breaker_machine::watch_alerts(state now_in, time_point now,
                                   breaker_data& d) {
  const auto before = d.alerts.level();
  if (!d.alerts.update(now_in, d.recent.count(now), now, *d.cfg))
    return;
  auto told = make_event(event_kind::alert_changed, now_in, now, d);
  told.level_before = before;
  told.level = d.alerts.level();
  told.text = d.alerts.raised()
                ? d.alerts.why()
                : "failures and trips are well below their limits again";
  emit(told);
}

breaker_event breaker_machine::make_event(event_kind kind, state now_in,
                                          time_point at,
                                          breaker_data& d) const {
  breaker_event result;
  result.kind = kind;
  result.sequence = ++d.sequence;
  result.epoch = d.epoch;
  result.at = at;
  result.from = now_in;
  result.to = now_in;
  result.mode = d.mode;
  return result;
}

// An event that nobody wants only gets its number.
bool breaker_machine::wanted(event_kind kind, breaker_data& d) const {
  const bool muted
    = kind == event_kind::call_succeeded && d.cfg->success_events == 0;
  if (observer_ && !muted && observer_->wants(kind))
    return true;
  ++d.sequence;
  return false;
}

void breaker_machine::emit(const breaker_event& told) const {
  if (observer_)
    observer_->emit(told);
}

} // namespace switchgear
