#include <algorithm>

#include "judging.hpp"

namespace switchgear {

using namespace judging;

namespace {

// The type of an error of which only this is known.
std::string_view type_of(outcome how) {
  return to_string(how == outcome::timeout ? errc::timeout
                                           : errc::operation_failed);
}

} // namespace

// -- results ------------------------------------------------------------------

auto breaker_machine::late(state now_in, const event& ev,
                           const input::report& r, breaker_data& d)
  -> transition {
  const bool current = r.of.epoch == d.epoch;
  // A probe that is not out any more has been counted before.
  if (!r.of.is_probe() || (!current && std::erase(d.abandoned, r.of.lease))) {
    if (current) // passed only because of `metrics_only`
      ++d.would_reject;
    count(now_in, std::min(r.at, ev.now), r, d);
  }
  if (!current)
    tell_late(now_in, ev.now, r.how, r.latency, 1, d);
  return done(ev);
}

void breaker_machine::tell_late(state now_in, time_point now, outcome how,
                                duration latency, std::uint64_t n,
                                breaker_data& d) {
  d.late += n;
  if (!wanted(event_kind::call_late, d))
    return;
  auto told = make_event(event_kind::call_late, now_in, now, d);
  told.how = how;
  told.latency = latency;
  told.count = n;
  emit(told);
}

// In closed, of the current epoch.
// @returns whether it must be judged
bool breaker_machine::tally(state now_in, const input::report& r,
                            time_point now, breaker_data& d) {
  count(now_in, now, r, d);
  if (d.mode == mode::disabled)
    return false;
  const auto how = weigh(r, *d.cfg);
  if (how != outcome::success && how != outcome::failure)
    return false;
  const bool failed = how == outcome::failure;
  const bool slow = is_slow(r, *d.cfg);
  auto& p = d.period;
  ++p.requests;
  ++(failed ? p.total_failures : p.total_successes);
  p.consecutive_failures = failed ? p.consecutive_failures + 1 : 0;
  p.consecutive_successes = failed ? 0 : p.consecutive_successes + 1;
  if (failed)
    note_pause(r, now, d);
  d.recent.add(failed, slow, now);
  return failed || slow;
}

auto breaker_machine::judge_failure(const event& ev, breaker_data& d)
  -> transition {
  if (d.mode == mode::forced_closed)
    return done(ev);
  if (asks_ready_to_trip_ && observer_) {
    if (ev.from)
      d.undecided.push_back(ev.from);
    observer_->consult_ready_to_trip(d.period, d.epoch);
    return keep_state();
  }
  const auto why = broken_rule(d, ev.now);
  return why == reason::none ? done(ev) : trip(why, ev, d);
}

auto breaker_machine::trip(reason why, const event& ev, breaker_data& d)
  -> transition {
  const auto in_window = d.recent.count(ev.now);
  d.last_trip.edit().cause = {why,
                              d.last_failure->text,
                              d.period.consecutive_failures,
                              in_window.calls,
                              in_window.failures,
                              in_window.slow,
                              0};
  d.last_trip.edit().cause.retry_after = asked_for(d, ev.now);
  return go(state::open, why, d, ev);
}

reason breaker_machine::broken_rule(const breaker_data& d,
                                    time_point now) const {
  const auto& cfg = *d.cfg;
  if (d.period.consecutive_failures >= cfg.failure_threshold)
    return reason::consecutive_failures;
  const auto in_window = d.recent.count(now);
  if (in_window.calls < cfg.effective_minimum_calls())
    return reason::none;
  const auto reaches = [&](std::uint64_t part, double threshold) {
    // Divided, not multiplied: 55 of 100 are 0.55, but 0.55 * 100 is above 55.
    return part > 0
           && static_cast<double>(part) / static_cast<double>(in_window.calls)
                >= threshold;
  };
  if (reaches(in_window.failures, cfg.failure_rate_threshold))
    return reason::failure_rate;
  if (reaches(in_window.slow, cfg.slow_call_rate_threshold))
    return reason::slow_call_rate;
  return reason::none;
}

void breaker_machine::count(state now_in, time_point at, const input::report& r,
                            breaker_data& d) {
  note_outcome(r.how, r.of.epoch != d.epoch, 1, d);
  auto kind = event_kind::call_ignored;
  switch (weigh(r, *d.cfg)) {
    case outcome::success:
      ++d.successes;
      kind = event_kind::call_succeeded;
      break;
    case outcome::failure:
      ++d.failures;
      d.last_failure.edit().at = at;
      d.last_failure.edit().text = r.error.view();
      kind = event_kind::call_failed;
      break;
    case outcome::ignored:
      ++d.ignored;
      break;
    default:
      ++d.cancelled;
      break;
  }
  if (r.how == outcome::timeout)
    ++d.timeouts;
  if (r.how != outcome::cancelled && r.latency > duration::zero())
    d.latencies.edit().add(r.latency);
  if (!wanted(kind, d))
    return;
  auto told = make_event(kind, now_in, at, d);
  told.how = r.how;
  told.latency = r.latency;
  if (kind == event_kind::call_failed) {
    told.text = r.error.view();
    told.error_type = r.error_type.empty() ? type_of(r.how) : r.error_type;
  }
  emit(told);
}

// A success, and half-open, begin a new run of failures: what was asked before
// does not matter any more.
void breaker_machine::note_pause(const input::report& r, time_point at,
                                 breaker_data& d) {
  auto& until = d.last_failure.edit().away_until;
  if (d.period.consecutive_failures == 1)
    until = time_point::min();
  if (r.retry_after > r.retry_after.zero())
    until = std::max(until, at + r.retry_after);
}

void breaker_machine::turn_away(state now_in, const input::turned_away& calls,
                                const event& ev, breaker_data& d) {
  d.rejected += calls.count;
  if (!wanted(event_kind::call_rejected, d))
    return;
  auto told = make_event(event_kind::call_rejected, now_in, ev.now, d);
  told.count = calls.count;
  told.rejected_with = calls.with;
  emit(told);
}

auto breaker_machine::probe_result(const event& ev, const input::report& r,
                                   breaker_data& d) -> transition {
  auto i = std::find_if(d.probes.begin(), d.probes.end(),
                        [&](const auto& p) { return p.id == r.of.lease; });
  if (i == d.probes.end()) // reported twice
    return late(state::half_open, ev, r, d);
  d.probes.erase(i);
  ++d.probes_ended;
  count(state::half_open, std::min(r.at, ev.now), r, d);
  auto& p = d.period;
  switch (weigh(r, *d.cfg)) {
    case outcome::failure:
      p.consecutive_successes = 0;
      ++p.consecutive_failures;
      note_pause(r, std::min(r.at, ev.now), d);
      return trip(reason::probe_failed, ev, d);
    case outcome::success:
      if (is_slow(r, *d.cfg))
        return trip(reason::probe_slow, ev, d);
      if (++p.consecutive_successes >= d.cfg->success_threshold) {
        if (d.down_since) {
          ++d.recoveries;
          d.recovery_time += ev.now - *d.down_since;
        }
        return go(state::closed, reason::recovered, d, ev);
      }
      break;
    default:
      break; // says nothing: the permit is back, that is all
  }
  return done(ev) << watch_leases(d);
}

auto breaker_machine::watch_leases(const breaker_data& d) -> action {
  return d.probes.empty()
           ? cancel_generic_timeout(lease_timer)
           : generic_timeout_at(lease_timer, d.probes.front().ends);
}

auto breaker_machine::lose_probes(const event& ev, breaker_data& d)
  -> transition {
  // Probes stand in the order in which their leases end.
  const auto ended
    = [&] { return !d.probes.empty() && d.probes.front().ends <= ev.now; };
  if (!ended())
    return keep_state(watch_leases(d));
  while (ended()) {
    d.probes.erase(d.probes.begin());
    ++d.probes_ended;
    ++d.period.consecutive_failures;
    const input::report nothing{.of = {d.epoch, 0},
                                .how = outcome::failure,
                                .error
                                = "a probe did not return within its lease"};
    count(state::half_open, ev.now, nothing, d);
    note_pause(nothing, ev.now, d);
  }
  return trip(reason::probe_lost, ev, d);
}

} // namespace switchgear
