#include "switchgear/policy/rate_limit.hpp"

#include <algorithm>
#include <mutex>

#include "checking.hpp"

namespace switchgear::policy {

namespace {

using namespace std::chrono_literals;

// A day of a million permits of a day each.
__extension__ typedef __int128 wide;

wide divide_up(wide x, wide by) {
  return (x + by - 1) / by;
}

} // namespace

std::vector<config_error> validate(const rate_limit_options& how) {
  checker c;
  c.require(how.permits >= 1 && how.permits <= 1'000'000, "permits",
            how.permits, "1 to 1000000");
  c.require(how.period >= 1us && how.period <= 24h, "period", how.period,
            "1 us to 24 h");
  c.require(how.burst <= 1'000'000, "burst", how.burst,
            "0 (permits), or 1 to 1000000");
  c.require(how.max_wait >= 0s && how.max_wait <= 24h, "max_wait", how.max_wait,
            "0 (no wait) to 24 h");
  return std::move(c.errors);
}

// The level is in units of which a nanosecond brings `permits`, and a call
// takes as many as a period has nanoseconds. Below zero it is promised to those
// who wait.
struct rate_limit::bucket {
  bucket(const rate_limit_options& options, timing_ptr clock)
    : how(options),
      time(std::move(clock)),
      cost(how.period.count()),
      full(cost * (how.burst == 0 ? how.permits : how.burst)),
      level(full),
      at(time->now()) {
    // nop
  }

  void fill(time_point now) {
    if (now <= at)
      return;
    const wide passed = (now - at).count();
    at = now;
    level = std::min(full, level + passed * how.permits);
  }

  /// How long until a call can be made, if none comes before.
  duration time_to_next() const {
    return duration{static_cast<duration::rep>(
      std::max<wide>(0, divide_up(cost - level, how.permits)))};
  }

  const rate_limit_options how;
  const timing_ptr time;
  const wide cost;
  const wide full;

  std::mutex mutex;
  wide level;
  time_point at;
  rate_limit_statistics counts;
};

rate_limit::rate_limit(const rate_limit_options& how, timing_ptr time) {
  require_valid("rate_limit", validate(how));
  bucket_ = std::make_shared<bucket>(how, std::move(time));
}

const rate_limit_options& rate_limit::options() const noexcept {
  return bucket_->how;
}

rate_limit_statistics rate_limit::stats() const {
  std::lock_guard guard{bucket_->mutex};
  return bucket_->counts;
}

bool rate_limit::try_take() const {
  auto& b = *bucket_;
  std::lock_guard guard{b.mutex};
  b.fill(b.time->now());
  if (b.level < b.cost) {
    ++b.counts.rejected;
    return false;
  }
  b.level -= b.cost;
  ++b.counts.admitted;
  return true;
}

std::optional<failure> rate_limit::enter(const context& ctx) const {
  auto& b = *bucket_;
  std::unique_lock guard{b.mutex};
  const auto now = b.time->now();
  b.fill(now);
  const auto wait = b.time_to_next();
  if (wait > b.how.max_wait || after(now, wait) > ctx.deadline) {
    ++b.counts.rejected;
    return failure::rejected(errc::rate_limited, wait);
  }
  b.level -= b.cost;
  if (wait == duration::zero()) {
    ++b.counts.admitted;
    return std::nullopt;
  }
  ++b.counts.waiting;
  guard.unlock();
  const bool over = sleep_until(*b.time, now + wait, ctx.stop);
  guard.lock();
  --b.counts.waiting;
  if (!over) {
    b.level = std::min(b.full, b.level + b.cost);
    ++b.counts.cancelled;
    return failure{errc::cancelled, "told to stop while it waited for the rate "
                                    "limit"};
  }
  ++b.counts.waited;
  ++b.counts.admitted;
  return std::nullopt;
}

} // namespace switchgear::policy
