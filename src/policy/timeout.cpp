#include "switchgear/policy/timeout.hpp"

#include <atomic>

#include "checking.hpp"

namespace switchgear::policy {

namespace {

using namespace std::chrono_literals;

} // namespace

std::vector<config_error> validate(const timeout_options& how) {
  checker c;
  c.require(how.limit >= 1us && how.limit <= 24h, "limit", how.limit,
            "1 us to 24 h");
  c.require(how.workers >= 1 && how.workers <= 10'000, "workers", how.workers,
            "1 to 10000");
  c.require(how.max_abandoned >= 1 && how.max_abandoned <= how.workers,
            "max_abandoned", how.max_abandoned, "1 to workers");
  return std::move(c.errors);
}

struct timeout::shared {
  shared(const timeout_options& options, std::shared_ptr<executor> where,
         timing_ptr clock)
    : how(options),
      time(std::move(clock)),
      crew(how.inline_only ? nullptr
                           : std::make_shared<detail::crew>(
                             "sg.timeout", how.workers, how.max_abandoned,
                             std::move(where))) {
    // nop
  }

  const timeout_options how;
  const timing_ptr time;
  const std::shared_ptr<detail::crew> crew;
  std::atomic<std::uint64_t> calls{0};
  std::atomic<std::uint64_t> timeouts{0};
  std::atomic<std::uint64_t> cancelled{0};
};

timeout::timeout(const timeout_options& how, std::shared_ptr<executor> where,
                 timing_ptr time) {
  require_valid("timeout", validate(how));
  state_ = std::make_shared<shared>(how, std::move(where), std::move(time));
}

const timeout_options& timeout::options() const noexcept {
  return state_->how;
}

timing& timeout::time() const noexcept {
  return *state_->time;
}

const std::shared_ptr<detail::crew>& timeout::crew() const noexcept {
  return state_->crew;
}

time_point timeout::begin() const {
  state_->calls.fetch_add(1, std::memory_order_relaxed);
  return after(state_->time->now(), state_->how.limit);
}

failure timeout::expired(bool own_limit) const {
  state_->timeouts.fetch_add(1, std::memory_order_relaxed);
  return {errc::timeout, own_limit
                           ? "no result within " + show(state_->how.limit)
                           : "no result before the deadline"};
}

failure timeout::interrupted() const {
  state_->cancelled.fetch_add(1, std::memory_order_relaxed);
  return {errc::cancelled, "told to stop"};
}

timeout_statistics timeout::stats() const {
  const auto& s = *state_;
  timeout_statistics result{
    .calls = s.calls, .timeouts = s.timeouts, .cancelled = s.cancelled};
  if (s.crew) {
    const auto load = s.crew->current_load();
    result.rejected = load.refused;
    result.running = load.running;
    result.abandoned = load.abandoned;
  }
  return result;
}

} // namespace switchgear::policy
