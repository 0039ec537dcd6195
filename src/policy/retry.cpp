#include "switchgear/policy/retry.hpp"

#include <algorithm>
#include <atomic>
#include <cmath>

#include "checking.hpp"
#include "switchgear/detail/random.hpp"

namespace switchgear::policy {

namespace {

using namespace std::chrono_literals;

using counter = std::atomic<std::uint64_t>;

void count(counter& which) noexcept {
  which.fetch_add(1, std::memory_order_relaxed);
}

bool worth_it(const failure& why, const retry_options& how) {
  if (why.is_refusal() || why == errc::cancelled)
    return false;
  if (!how.retry_if)
    return true;
  try {
    return how.retry_if(why);
  } catch (...) {
    return false;
  }
}

} // namespace

std::vector<config_error> validate(const retry_options& how) {
  checker c;
  c.require(how.max_attempts >= 1 && how.max_attempts <= 1000, "max_attempts",
            how.max_attempts, "1 to 1000");
  c.require(how.base >= 0s && how.base <= 24h, "base", how.base, "0 to 24 h");
  c.require(how.multiplier >= 1.0 && how.multiplier <= 100.0, "multiplier",
            how.multiplier, "1 to 100");
  c.require(how.maximum >= how.base && how.maximum <= 24h, "maximum",
            how.maximum, "base to 24 h");
  c.require(how.max_wait >= 0s && how.max_wait <= longest_open, "max_wait",
            how.max_wait, "0 to 30 days");
  c.require(how.total >= 0s && how.total <= longest_open, "total", how.total,
            "0 (no limit) to 30 days");
  add_errors(c.errors, "budget", validate(how.budget));
  return std::move(c.errors);
}

struct retry::shared {
  shared(retry_options options, timing_ptr clock)
    : how(std::move(options)),
      time(std::move(clock)),
      allowed(how.budget, time),
      random(how.seed) {
    // nop
  }

  /// After so many attempts.
  duration backoff(std::uint32_t attempts) {
    if (how.base == 0s)
      return {}; // however often it is multiplied, by infinity too
    const auto grown = static_cast<double>(how.base.count())
                       * std::pow(how.multiplier, attempts - 1);
    auto wait = std::min(static_cast<double>(how.maximum.count()), grown);
    if (how.jitter)
      wait *= random.next();
    return duration{static_cast<duration::rep>(wait)};
  }

  const retry_options how;
  const timing_ptr time;
  const budget allowed;
  switchgear::detail::shared_random random;

  counter calls{0};
  counter retries{0};
  counter recovered{0};
  counter exhausted{0};
  counter not_retried{0};
  counter too_long{0};
  counter cancelled{0};
  counter waiting{0};
};

retry::retry(retry_options how, timing_ptr time) {
  require_valid("retry", validate(how));
  state_ = std::make_shared<shared>(std::move(how), std::move(time));
}

const retry_options& retry::options() const noexcept {
  return state_->how;
}

time_point retry::begin() const {
  auto& s = *state_;
  count(s.calls);
  s.allowed.pay_in();
  return s.how.total > 0s ? s.time->now() : time_point{};
}

std::optional<failure> retry::wait_for_next(const context& ctx,
                                            time_point began,
                                            std::uint32_t attempts,
                                            failure& why) const {
  auto& s = *state_;
  const auto give_up = [&](counter& reason) {
    count(reason);
    return std::optional{std::move(why)};
  };
  if (!worth_it(why, s.how))
    return give_up(s.not_retried);
  if (attempts >= s.how.max_attempts)
    return give_up(s.exhausted);
  const auto asked = why.retry_after();
  if (asked > s.how.max_wait)
    return give_up(s.too_long);
  const auto own = s.backoff(attempts);
  const auto wait = s.how.jitter ? asked + own : std::max(asked, own);
  const auto begin = after(s.time->now(), wait);
  const auto last
    = s.how.total > 0s ? after(began, s.how.total) : time_point::max();
  if (begin > last || begin >= ctx.deadline)
    return give_up(s.too_long);
  if (!s.allowed.take())
    return std::move(why); // the budget has counted it
  s.waiting.fetch_add(1, std::memory_order_relaxed);
  const bool over = sleep_until(*s.time, begin, ctx.stop);
  s.waiting.fetch_sub(1, std::memory_order_relaxed);
  if (!over) {
    count(s.cancelled);
    return failure{errc::cancelled, "told to stop while it waited to try again "
                                    "after: "
                                      + why.to_string()};
  }
  count(s.retries);
  return std::nullopt;
}

void retry::note_recovery() const noexcept {
  count(state_->recovered);
}

retry_statistics retry::stats() const noexcept {
  const auto& s = *state_;
  return {.calls = s.calls,
          .retries = s.retries,
          .recovered = s.recovered,
          .exhausted = s.exhausted,
          .not_retried = s.not_retried,
          .budget_refusals = s.allowed.refused(),
          .too_long = s.too_long,
          .cancelled = s.cancelled,
          .waiting = s.waiting};
}

} // namespace switchgear::policy
