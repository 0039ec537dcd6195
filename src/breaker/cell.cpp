#include "switchgear/breaker/cell.hpp"

#include <algorithm>
#include <chrono>

#include "switchgear/breaker/call_tracer.hpp"
#include "switchgear/detail/coarse_clock.hpp"
#include "switchgear/detail/meeting_point.hpp"

namespace switchgear {

namespace {

// The owner looks at results that nobody waits for each time that there have
// been so many more.
constexpr std::uint64_t pile = 256;

// A caller whose result finds so many waits until they are looked at: callers
// can not run away from the breaker that judges them.
constexpr std::uint64_t crowded = 4096;

} // namespace

cell::cell(std::string name, std::shared_ptr<const config> cfg,
           std::shared_ptr<const hooks> user, std::uint64_t seed)
  : rules_(user && user->ready_to_trip, user && user->open_time),
    engine_(std::in_place, rules_, state::closed,
            breaker_data{std::move(cfg), seed}),
    name_(std::move(name)),
    hooks_(std::move(user)) {
  // Calls may be made before there is an owner; then every failure waits.
  publish_settings(false);
}

cell::cell(std::string name, config cfg, hooks user, std::uint64_t seed)
  : cell(std::move(name), std::make_shared<const config>(std::move(cfg)),
         std::make_shared<const hooks>(std::move(user)), seed) {
  // nop
}

// -- callers ------------------------------------------------------------------

bool cell::begin_slowly(call& c) noexcept {
  const auto got = gate_.admit();
  switch (got.what) {
    case gate::answer::pass:
      c.of = got.given;
      return true;
    case gate::answer::probe:
      c.of = got.given;
      tell(input::probe_taken{got.given});
      return true;
    case gate::answer::open:
      c.refused = got.what;
      lane_.reject(c.began_in);
      if (auto* tracer = call_tracer::installed()) [[unlikely]]
        tracer->rejected(name_, errc::circuit_open);
      return false;
    case gate::answer::no_probe_left:
      c.refused = got.what;
      lane_.reject_probe(c.began_in);
      if (auto* tracer = call_tracer::installed()) [[unlikely]]
        tracer->rejected(name_, errc::too_many_probes);
      return false;
    case gate::answer::gone:
      c.refused = got.what;
      return false;
  }
  return false;
}

failure cell::refusal(const call& c) const noexcept {
  switch (c.refused) {
    case gate::answer::open:
      return failure::rejected_until(errc::circuit_open, gate_.retry_at());
    case gate::answer::no_probe_left:
      return failure::rejected(errc::too_many_probes, duration::zero());
    default:
      return failure{errc::unavailable};
  }
}

void cell::start(call& c, std::uint64_t marks) noexcept {
  const auto timed = static_cast<std::uint32_t>(marks);
  const auto told = static_cast<std::uint32_t>(marks >> 32);
  if (timed == 1 || (timed != 0 && lane_.sample(c.began_in, timed)))
    start_at(c, clock::now());
  c.told = told == 1 || (told != 0 && lane_.tells(c.began_in, told));
}

void cell::start_at(call& c, time_point at) noexcept {
  stop(c, c.began_in);
  c.timed = true;
  c.began = at;
  c.start = lane_.start(c.began_in, at);
}

void cell::stop(const call& c, lane::slot* own) noexcept {
  if (!c.start)
    return;
  if (own == c.began_in)
    lane_.stop_here(own, c.start);
  else
    call_starts::end(c.start);
}

bool cell::succeed_at(const call& c, time_point now, bool wait) {
  auto* own = lane_.mine();
  const auto latency = c.timed ? now - c.began : duration::zero();
  const duration limit{call_timeout_.load(std::memory_order_relaxed)};
  if (limit > duration::zero() && latency > limit)
    return end(c, outcome::timeout, latency,
               "took longer than the call timeout", {}, wait);
  if (!count_success(c, own, latency, now))
    return end(c, outcome::success, latency, {}, {}, wait);
  return false;
}

// @returns false if it has to be told
bool cell::count_success(const call& c, lane::slot* own, duration latency,
                         time_point now) {
  const duration slow{slow_call_.load(std::memory_order_relaxed)};
  if (c.of.is_probe() || (slow > duration::zero() && latency >= slow))
    return false;
  success_log* log = nullptr;
  if (c.told) {
    // What cannot be written down is told as other results are.
    if (!own || !lane::enter_epoch(*own, c.of.epoch, gate_.epoch())
        || !(log = lane_.log_of(*own)))
      return false;
  }
  auto* timing = c.timed ? lane_.timing_of(own) : nullptr;
  const duration slice{slice_length_.load(std::memory_order_relaxed)};
  if (slice > duration::zero()) {
    // Slices of time are kept by each thread for itself, and noted first.
    if (!own || !timing || !lane::enter_epoch(*own, c.of.epoch, gate_.epoch()))
      return false;
    timing->successes.note(now, slice, own->successes.count());
  }
  if (log)
    log->add({own->successes.count(),
              now == time_point::max() ? detail::coarse_now() : now, latency});
  if (!lane_.succeed(own, c.of.epoch, gate_.epoch()))
    return false;
  if (timing)
    own ? timing->latencies.add(latency)
        : timing->latencies.add_shared(latency);
  stop(c, own);
  return true;
}

bool cell::fail(const call& c, const failure& why, bool wait) {
  if (auto* tracer = call_tracer::installed()) [[unlikely]]
    tracer->failed(name_, why);
  const auto latency = c.timed ? clock::now() - c.began : duration::zero();
  const duration limit{call_timeout_.load(std::memory_order_relaxed)};
  auto how = judge(why);
  if (limit > duration::zero() && latency > limit
      && (how == outcome::success || how == outcome::failure)) {
    how = outcome::timeout;
  } else if (how == outcome::success) {
    return succeed(c, wait); // the user's predicate says so
  }
  return end(c, how, latency,
             why.message().empty() ? to_string(why.code())
                                   : std::string_view{why.message()},
             why.type(), wait, why.retry_after());
}

void cell::end(const call& c, outcome how) {
  if (how == outcome::success)
    succeed(c);
  else
    end(c, how, c.timed ? clock::now() - c.began : duration::zero());
}

bool cell::end(const call& c, outcome how, duration latency,
               std::string_view error, std::string_view type, bool wait,
               duration retry_after) {
  auto* own = lane_.mine();
  stop(c, own);
  const auto at = c.timed ? c.began + latency : detail::coarse_now();
  const duration slow{slow_call_.load(std::memory_order_relaxed)};
  const bool marks = how == outcome::failure || how == outcome::timeout
                     || (slow > duration::zero() && latency >= slow);
  bool due = false;
  const auto decisive = [&] {
    due = !wait;
    return wait ? inbox::urgency::awaited : inbox::urgency::soon;
  };
  const auto told = inbox_.push_result(
    {c.of, how, input::to_pause(retry_after), latency, at,
     lane_.successes(c.of.epoch), type, error},
    [&](std::uint64_t ticket) {
      if (c.of.is_probe() || inbox_.size() >= crowded)
        return decisive();
      const auto left = marks ? spare(c.of.epoch, ticket, at) : most_spare;
      if (left == 0)
        return decisive();
      return left <= low_.load(std::memory_order_relaxed)
                 || ticket % pile == pile - 1
               ? inbox::urgency::soon
               : inbox::urgency::whenever;
    });
  lane_.end(own);
  if (told.wake)
    wake();
  if (told.awaited)
    told.awaited->wait_for(patience());
  return due;
}

// How many failures can come, the one with this ticket included, without one
// that trips.
std::uint64_t cell::spare(std::uint64_t epoch, std::uint64_t ticket,
                          time_point at) const noexcept {
  if (gate_.epoch() != epoch)
    return most_spare; // its epoch is over
  if (at.time_since_epoch().count()
      >= spare_until_.load(std::memory_order_relaxed))
    return 0;
  const auto left
    = inbox::distance(ticket, verdict_from_.load(std::memory_order_acquire));
  return left <= most_spare ? left : 0; // else it is behind
}

outcome cell::judge(const failure& bad) const {
  if (bad == errc::cancelled)
    return outcome::cancelled;
  // A predicate that throws has said nothing.
  try {
    if (user().is_ignored && user().is_ignored(bad))
      return outcome::ignored;
  } catch (...) {
    // nop: not ignored
  }
  if (!user().is_failure) {
    // A breaker inside this one turned the call away: the tool was not asked,
    // and two breakers on one call must not bring each other down.
    if (bad.is_refusal())
      return outcome::ignored;
  } else {
    try {
      if (!user().is_failure(bad))
        return outcome::success;
    } catch (...) {
      // nop: a failure
    }
  }
  return bad == errc::timeout ? outcome::timeout : outcome::failure;
}

std::shared_ptr<judgement> cell::submit(breaker_types::message content) {
  auto awaited = std::make_shared<judgement>();
  if (inbox_.push(std::move(content), awaited))
    wake();
  return awaited;
}

void cell::tell(breaker_types::message content) {
  if (inbox_.push(std::move(content)))
    wake();
}

duration cell::patience() const noexcept {
  return std::chrono::seconds{1};
}

bool cell::await(switchgear::state wanted, duration limit) const {
  auto& here = detail::meeting_point::of(this);
  std::unique_lock guard{here.mutex};
  return here.changed.wait_for(guard, limit,
                               [&] { return current_state() == wanted; });
}

} // namespace switchgear
