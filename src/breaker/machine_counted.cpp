#include <algorithm>
#include <cmath>
#include <limits>

#include "judging.hpp"

namespace switchgear {

using namespace judging;

namespace {

constexpr auto unlimited = std::numeric_limits<std::uint64_t>::max();

// Of `calls` results `marked` are failures (or slow): how many more can come
// with the share still below `threshold`? More calls only lower the share.
std::uint64_t below(double threshold, std::uint64_t marked,
                    std::uint64_t calls) {
  const auto reached = [&](std::uint64_t n) {
    return static_cast<double>(n) / static_cast<double>(calls) >= threshold;
  };
  // By the very division that judges, since products are rounded differently.
  auto enough = std::max<std::uint64_t>(
    1, static_cast<std::uint64_t>(threshold * static_cast<double>(calls)));
  while (enough > 1 && reached(enough - 1))
    --enough;
  while (!reached(enough))
    ++enough;
  return enough - 1 > marked ? enough - 1 - marked : 0;
}

} // namespace

std::uint64_t breaker_machine::spare(state now_in, const breaker_data& d,
                                     time_point now) const {
  if (now_in != state::closed || d.mode == mode::forced_closed
      || d.mode == mode::disabled)
    return unlimited;
  if (asks_ready_to_trip_ && observer_)
    return 0;
  const auto& cfg = *d.cfg;
  const auto in_a_row = d.period.consecutive_failures;
  auto result = in_a_row + 1 < cfg.failure_threshold
                  ? cfg.failure_threshold - 1 - in_a_row
                  : 0;
  if (result == 0)
    return 0;
  // A rate is judged over at least so many calls. A window of calls never
  // holds fewer than now; one of time not before its oldest slice leaves it.
  const auto tally = d.recent.count(now);
  const auto calls
    = std::max<std::uint64_t>(tally.calls, cfg.effective_minimum_calls());
  result = std::min(result,
                    below(cfg.failure_rate_threshold, tally.failures, calls));
  if (cfg.slow_call_duration > duration::zero())
    result = std::min(result,
                      below(cfg.slow_call_rate_threshold, tally.slow, calls));
  return result;
}

void breaker_machine::add_successes(state now_in, std::uint64_t n,
                                    duration latency, time_point now,
                                    breaker_data& d) {
  if (n == 0)
    return;
  if (now_in != state::closed) {
    d.would_reject += n; // passed only because of `metrics_only`
  } else if (d.mode != mode::disabled) {
    d.period.requests += n;
    d.period.total_successes += n;
    d.period.consecutive_failures = 0;
    d.period.consecutive_successes += n;
    if (!d.recent.timed())
      d.recent.add_successes(n, now);
  }
  note_outcome(outcome::success, false, n, d);
  count_successes(now_in, n, latency, now, d);
}

void breaker_machine::add_to_window(state now_in, std::uint64_t n,
                                    time_point at, breaker_data& d) {
  if (now_in == state::closed && d.mode != mode::disabled && d.recent.timed())
    d.recent.add_successes(n, at);
}

void breaker_machine::add_old_successes(state now_in, std::uint64_t n,
                                        bool late, time_point now,
                                        breaker_data& d) {
  if (n == 0)
    return;
  note_outcome(outcome::success, late, n, d);
  count_successes(now_in, n, {}, now, d);
  if (late)
    tell_late(now_in, now, outcome::success, {}, n, d);
}

bool breaker_machine::add_result(state now_in, const input::report& r,
                                 time_point now, std::uint64_t& spared,
                                 breaker_data& d) {
  if (now_in != state::closed || r.of.epoch != d.epoch || r.of.is_probe())
    return false;
  const bool marks = weigh(r, *d.cfg) == outcome::failure || is_slow(r, *d.cfg);
  if (marks) {
    if (spared == 0)
      spared = spare(now_in, d, now);
    if (spared == 0)
      return false;
    --spared;
  }
  tally(now_in, r, std::min(r.at, now), d);
  return true;
}

void breaker_machine::count_successes(state now_in, std::uint64_t n,
                                      duration latency, time_point now,
                                      breaker_data& d) {
  d.successes += n;
  if (!calls_wanted(d))
    return;
  auto told = make_event(event_kind::call_succeeded, now_in, now, d);
  told.count = n;
  told.latency = latency;
  emit(told);
}

// -- calls that do not come back ----------------------------------------------

auto breaker_machine::watch_stuck_calls(const event& ev, const breaker_data& d)
  -> action {
  const auto& cfg = *d.cfg;
  return cfg.max_stuck_calls == 0
           ? cancel_generic_timeout(stuck_timer)
           : generic_timeout_at(stuck_timer, ev.now + cfg.stuck_after);
}

auto breaker_machine::judge_stuck_calls(const event& ev,
                                        const input::stuck_calls& x,
                                        breaker_data& d) -> transition {
  const auto& cfg = *d.cfg;
  if (cfg.max_stuck_calls == 0 || x.epoch != d.epoch)
    return done(ev);
  if (x.count < cfg.max_stuck_calls || d.mode == mode::forced_closed
      || d.mode == mode::disabled)
    return done(ev) << generic_timeout_at(
             stuck_timer, std::max(x.look_again, ev.now + shortest_look));
  auto next = trip(reason::stuck_calls, ev, d);
  d.last_trip.edit().cause.stuck_calls = x.count;
  return next;
}

} // namespace switchgear
