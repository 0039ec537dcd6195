#include "switchgear/breaker/cell.hpp"

#include <algorithm>
#include <chrono>

#include "switchgear/detail/meeting_point.hpp"

namespace switchgear {

namespace {

// A caller whose result finds the inbox this full waits until it is emptied:
// callers can not run away from the breaker that judges them.
constexpr std::size_t crowded = 4096;

} // namespace

cell::cell(std::string name, std::shared_ptr<const config> cfg,
           std::shared_ptr<const hooks> user, std::uint64_t seed)
  : name_(std::move(name)),
    hooks_(std::move(user)),
    rules_(static_cast<bool>(this->user().ready_to_trip),
           static_cast<bool>(this->user().open_time)),
    engine_(std::in_place, rules_, state::closed,
            breaker_data{std::move(cfg), seed}) {
  publish_limits(); // calls may be made before there is an owner
}

cell::cell(std::string name, config cfg, hooks user, std::uint64_t seed)
  : cell(std::move(name), std::make_shared<const config>(std::move(cfg)),
         std::make_shared<const hooks>(std::move(user)), seed) {
  // nop
}

expected<permit, failure> cell::admit() noexcept {
  const auto got = gate_.admit();
  switch (got.what) {
    case gate::answer::pass:
      break;
    case gate::answer::probe:
      tell(input::probe_taken{got.given});
      break;
    case gate::answer::open: {
      const auto at = gate_.retry_at();
      const auto wait = at == time_point::max()
                          ? duration::zero()
                          : std::max(at - clock::now(), duration::zero());
      return make_unexpected(failure::rejected(errc::circuit_open, wait));
    }
    case gate::answer::no_probe_left:
      return make_unexpected(
        failure::rejected(errc::too_many_probes, duration::zero()));
    case gate::answer::gone:
      return make_unexpected(failure{errc::unavailable});
  }
  return got.given;
}

void cell::complete(const permit& of, outcome how, duration latency,
                    std::string error) {
  // A plain success in closed can not change anything. Whatever else may is
  // waited for; what may not is judged by the owner, not here, so be generous.
  const duration slow{slow_call_.load(std::memory_order_relaxed)};
  const bool matters = how == outcome::failure || how == outcome::timeout
                       || of.is_probe()
                       || (slow > duration::zero() && latency >= slow)
                       || inbox_.size() >= crowded;
  auto awaited = matters ? std::make_shared<judgement>() : nullptr;
  if (inbox_.push(input::report{of, how, latency, std::move(error)}, awaited))
    wake();
  if (awaited)
    awaited->wait_for(patience());
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

void cell::finish(const permit& of, duration latency, const failure* bad) {
  const duration limit{call_timeout_.load(std::memory_order_relaxed)};
  auto how = bad ? judge(*bad) : outcome::success;
  std::string text;
  if (how == outcome::success || how == outcome::failure) {
    if (limit > duration::zero() && latency > limit) {
      how = outcome::timeout;
      text = "took longer than the call timeout";
    }
  }
  if (bad && how != outcome::success)
    text = bad->message().empty() ? std::string{to_string(bad->code())}
                                  : bad->message();
  complete(of, how, latency, std::move(text));
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

bool cell::revive() {
  if (!engine_->terminated())
    return false;
  const auto last = engine_->state();
  auto known = std::move(engine_->data());
  engine_.emplace(rules_, last, std::move(known));
  return true;
}

void cell::retire() noexcept {
  retired_ = true;
  publish();
  // Nobody will judge what is left: who waits for it need not.
  inbox_.consume(
    [](breaker_types::message&&, std::shared_ptr<judgement>&& awaited) {
      if (awaited)
        awaited->reached();
    },
    [] { return false; });
}

bool cell::await(switchgear::state wanted, duration limit) const {
  auto& here = detail::meeting_point::of(this);
  std::unique_lock guard{here.mutex};
  return here.changed.wait_for(guard, limit,
                               [&] { return current_state() == wanted; });
}

void cell::publish_limits() noexcept {
  const auto& cfg = *engine_->data().cfg;
  call_timeout_.store(cfg.call_timeout.count(), std::memory_order_relaxed);
  slow_call_.store(cfg.slow_call_duration.count(), std::memory_order_relaxed);
}

void cell::publish() noexcept {
  const auto& d = engine_->data();
  const bool shadow = d.mode == mode::metrics_only;
  gate::view next;
  next.epoch = d.epoch;
  next.probes_allowed = d.cfg->half_open_max_calls;
  next.probes_ended = d.probes_ended;
  next.retry_at = d.open_until;
  switch (engine_->state()) {
    case state::closed:
      next.what = gate::policy::pass;
      break;
    case state::open:
      next.what = shadow ? gate::policy::pass : gate::policy::reject;
      break;
    case state::half_open:
      next.what = shadow ? gate::policy::probe_or_pass : gate::policy::probe;
      break;
  }
  if (retired_)
    next.what = gate::policy::gone;
  gate_.publish(next);
  // After the gate: who sees a state may count on what it means for calls.
  publish_limits();
  mode_.store(d.mode, std::memory_order_release);
  if (state_.exchange(engine_->state(), std::memory_order_acq_rel)
      == engine_->state())
    return;
  // Nobody is between looking and waiting while the lock is held.
  auto& here = detail::meeting_point::of(this);
  { std::lock_guard guard{here.mutex}; }
  here.changed.notify_all();
}

} // namespace switchgear
