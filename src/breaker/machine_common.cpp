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
  : cfg(std::move(settings)), recent(*cfg), random(seed) {
  // nop
}

std::uint64_t breaker_data::total_calls() const noexcept {
  return successes + failures + (cfg->rejected_in_total ? rejected : 0);
}

// -- what is the same in every state ------------------------------------------

auto breaker_machine::common(state now_in, const event& ev, breaker_data& d)
  -> transition {
  if (auto* r = std::get_if<input::report>(&ev.content))
    return late(now_in, ev, *r, d);
  if (auto* taken = std::get_if<input::probe_taken>(&ev.content)) {
    abandon(taken->given.lease, d); // its epoch ended before we heard of it
    return done(ev);
  }
  if (auto* n = std::get_if<input::turned_away>(&ev.content)) {
    turn_away(now_in, n->count, ev, d);
    return done(ev);
  }
  if (std::holds_alternative<input::reset>(ev.content)) {
    switch_mode(mode::automatic, now_in, ev, d);
    if (now_in == state::closed)
      return ev.from ? repeat_state(reply(ev.from, {})) : repeat_state();
    return go(state::closed, reason::reset, d, ev);
  }
  if (std::holds_alternative<input::force_open>(ev.content)) {
    if (now_in == state::open)
      return done(ev); // the running open time goes on
    if (d.mode != mode::metrics_only)
      switch_mode(mode::automatic, now_in, ev, d);
    return trip(reason::forced_open, ev, d);
  }
  if (std::holds_alternative<input::set_mode>(ev.content))
    return change_mode(now_in, ev, d);
  if (auto* c = std::get_if<input::reconfigure>(&ev.content)) {
    const bool rearm = now_in == state::closed
                       && c->to->closed_interval != d.cfg->closed_interval;
    d.cfg = c->to;
    d.recent.reconfigure(*d.cfg, ev.now);
    emit(make_event(event_kind::config_changed, now_in, ev, d));
    auto next = done(ev);
    if (rearm)
      next << next_interval(ev, d);
    return next;
  }
  if (std::holds_alternative<input::restarted>(ev.content)) {
    ++d.restarts;
    d.undecided.clear(); // callers of the actor that is gone
    emit(make_event(event_kind::breaker_restarted, now_in, ev, d));
    return resume(now_in, ev, d);
  }
  if (auto* r = std::get_if<input::late_result>(&ev.content)) {
    ++d.late;
    auto told = make_event(event_kind::call_late, now_in, ev, d);
    told.how = r->how;
    told.latency = r->latency;
    emit(told);
    return done(ev);
  }
  if (std::holds_alternative<input::trip_verdict>(ev.content)) {
    // Asked in an earlier state; those who wait for it need wait no more.
    auto next = keep_state();
    for (auto& who : d.undecided)
      next << reply(who, {});
    d.undecided.clear();
    return next;
  }
  return done(ev);
}

auto breaker_machine::change_mode(state now_in, const event& ev,
                                  breaker_data& d) -> transition {
  const auto to = std::get<input::set_mode>(ev.content).to;
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
      if (from == mode::isolated && now_in == state::open)
        return go(state::half_open, reason::released, d, ev);
      break;
  }
  return done(ev);
}

void breaker_machine::switch_mode(mode to, state now_in, const event& ev,
                                  breaker_data& d) {
  if (std::exchange(d.mode, to) != to)
    emit(make_event(event_kind::mode_changed, now_in, ev, d));
}

auto breaker_machine::go(state to, reason why, breaker_data& d,
                         const event& ev) -> transition {
  d.why = why;
  return ev.from ? next_state(to, reply(ev.from, {})) : next_state(to);
}

auto breaker_machine::done(const event& ev) -> transition {
  return ev.from ? keep_state(reply(ev.from, {})) : keep_state();
}

// Times are absolute, so a breaker that was down for a moment loses nothing of
// them and gets nothing on top.
auto breaker_machine::resume(state now_in, const event& ev, breaker_data& d)
  -> transition {
  auto next = done(ev);
  switch (now_in) {
    case state::closed:
      next << state_timeout_at(d.counts_until);
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

auto breaker_machine::next_interval(const event& ev, breaker_data& d)
  -> action {
  const auto interval = d.cfg->closed_interval;
  d.counts_until = interval > duration::zero() ? ev.now + interval
                                               : time_point::max();
  return state_timeout_at(d.counts_until);
}

void breaker_machine::entered(state now_in, const event& ev, breaker_data& d) {
  ++d.epoch;
  for (const auto& probe : d.probes)
    abandon(probe.id, d);
  d.probes.clear();
  d.probes_ended = 0;
  const auto from = *ev.old_state;
  if (d.epoch == 1) {
    d.entered = ev.now;
    emit(make_event(event_kind::breaker_initialized, now_in, ev, d));
    return;
  }
  if (from == now_in) // a reset in closed
    return;
  auto told = make_event(event_kind::state_transition, now_in, ev, d);
  told.from = from;
  told.why = d.why;
  told.time_in_state = ev.now - d.entered;
  if (now_in == state::open && d.mode != mode::isolated)
    told.text = d.cause_text;
  if (d.history.size() == history_size)
    static_cast<void>(d.history.pop_front());
  d.history.push_back({from, now_in, d.why, ev.now, told.text});
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

breaker_event breaker_machine::make_event(event_kind kind, state now_in,
                                          const event& ev,
                                          breaker_data& d) const {
  breaker_event result;
  result.kind = kind;
  result.sequence = ++d.sequence;
  result.epoch = d.epoch;
  result.at = ev.now;
  result.from = now_in;
  result.to = now_in;
  result.mode = d.mode;
  return result;
}

void breaker_machine::emit(const breaker_event& told) const {
  if (observer_)
    observer_->emit(told);
}

} // namespace switchgear
