#include "switchgear/policy/hedge.hpp"

#include <atomic>

#include "checking.hpp"

namespace switchgear::policy {

namespace {

using namespace std::chrono_literals;

} // namespace

std::vector<config_error> validate(const hedge_options& how) {
  checker c;
  c.require(how.delay >= 0s && how.delay <= 24h, "delay", how.delay,
            "0 to 24 h");
  c.require(how.max_attempts >= 2 && how.max_attempts <= 16, "max_attempts",
            how.max_attempts, "2 to 16");
  c.require(how.workers >= 1 && how.workers <= 10'000, "workers", how.workers,
            "1 to 10000");
  add_errors(c.errors, "budget", validate(how.budget));
  return std::move(c.errors);
}

struct hedge::shared {
  shared(hedge_options options, std::shared_ptr<executor> where,
         timing_ptr clock)
    : how(std::move(options)),
      time(std::move(clock)),
      allowed(how.budget, time),
      crew(std::make_shared<detail::crew>("sg.hedge", how.workers, how.workers,
                                          std::move(where))) {
    // nop
  }

  const hedge_options how;
  const timing_ptr time;
  const budget allowed;
  const std::shared_ptr<detail::crew> crew;
  std::atomic<std::uint64_t> calls{0};
  std::atomic<std::uint64_t> hedges{0};
  std::atomic<std::uint64_t> won_by_hedge{0};
  std::atomic<std::uint64_t> failed{0};
  std::atomic<std::uint64_t> cancelled{0};
};

hedge::hedge(hedge_options how, std::shared_ptr<executor> where,
             timing_ptr time) {
  require_valid("hedge", validate(how));
  state_ = std::make_shared<shared>(std::move(how), std::move(where),
                                    std::move(time));
}

const hedge_options& hedge::options() const noexcept {
  return state_->how;
}

timing& hedge::time() const noexcept {
  return *state_->time;
}

const std::shared_ptr<detail::crew>& hedge::crew() const noexcept {
  return state_->crew;
}

duration hedge::begin() const {
  auto& s = *state_;
  s.calls.fetch_add(1, std::memory_order_relaxed);
  s.allowed.pay_in();
  if (!s.how.delay_of)
    return s.how.delay;
  try {
    return std::max(s.how.delay_of(), duration::zero());
  } catch (...) {
    return s.how.delay;
  }
}

bool hedge::may_hedge() const {
  return state_->allowed.take();
}

void hedge::note(event what_happened) const noexcept {
  auto& s = *state_;
  const auto count = [](std::atomic<std::uint64_t>& which) {
    which.fetch_add(1, std::memory_order_relaxed);
  };
  switch (what_happened) {
    case event::hedged:
      count(s.hedges);
      break;
    case event::hedge_won:
      count(s.won_by_hedge);
      break;
    case event::failed:
      count(s.failed);
      break;
    case event::cancelled:
      count(s.cancelled);
      break;
  }
}

hedge_statistics hedge::stats() const {
  const auto& s = *state_;
  const auto load = s.crew->current_load();
  return {.calls = s.calls,
          .hedges = s.hedges,
          .won_by_hedge = s.won_by_hedge,
          .failed = s.failed,
          .budget_refusals = s.allowed.refused(),
          .cancelled = s.cancelled,
          .rejected = load.refused,
          .running = load.running,
          .abandoned = load.abandoned};
}

} // namespace switchgear::policy
