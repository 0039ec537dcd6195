#include <algorithm>
#include <vector>

#include "switchgear/breaker/cell.hpp"
#include "switchgear/detail/meeting_point.hpp"

namespace switchgear {

namespace {

// Which calls are timed, and which successes are told of, in one word: for each
// half of it 0 stands for none, 1 for all, N for one in N.
constexpr std::uint64_t marks_of(std::uint32_t timed,
                                 std::uint32_t told) noexcept {
  return std::uint64_t{told} << 32 | timed;
}

constexpr std::uint32_t calls_to_trip_by(const config& cfg) noexcept {
  const auto stuck = cfg.max_stuck_calls;
  return stuck > 0 ? std::min(stuck, cfg.failure_threshold)
                   : cfg.failure_threshold;
}

// Callers read these all the time: what is the same is not written again.
template <class T>
void update(std::atomic<T>& where, T value) noexcept {
  if (where.load(std::memory_order_relaxed) != value)
    where.store(value, std::memory_order_release);
}

} // namespace

bool cell::revive() {
  if (!engine_->terminated())
    return false;
  const auto last = engine_->state();
  auto known = std::move(engine_->data());
  engine_.emplace(rules_, last, std::move(known));
  return true;
}

// -- what callers have counted ------------------------------------------------

auto cell::collect(time_point now) -> rejections {
  auto& d = engine_->data();
  std::uint64_t late_told = 0;
  const auto got = lane_.read(
    epoch_,
    [&](time_point at, std::uint64_t successes) {
      rules_.add_to_window(engine_->state(), successes, std::min(at, now), d);
    },
    [&](const success_log::entry& entry, std::uint64_t begin) {
      if (entry.index >= begin) {
        telling_.edit().pending.add(entry, begin);
        return;
      }
      rules_.tell_success(engine_->state(), std::min(entry.at, now),
                          entry.latency, d);
      ++late_told;
    },
    [&] { telling_.edit().pending.begin_thread(); });
  counted_ += got.successes.fresh;
  if (telling_) {
    auto& known = telling_.edit();
    known.pending.merge();
    known.lost += got.untold;
    known.now = got.busiest > success_log::capacity / 4 ? pace::hurried
                : got.busiest > 0                       ? pace::fit
                                                        : pace::idle;
  }
  rules_.pass_over(got.successes.late - std::min(got.successes.late, late_told),
                   d);
  rules_.add_old_successes(engine_->state(), got.successes.late, true, now, d);
  return {got.rejected, got.without_probe};
}

void cell::credit(std::uint64_t up_to, time_point now) {
  // Not once the machine has ended the epoch; see `end_epoch`.
  auto& d = engine_->data();
  const auto known = std::min(up_to, counted_);
  if (d.epoch != epoch_ || known <= credited_)
    return;
  const auto n = known - credited_;
  credited_ = known;
  rules_.add_successes(engine_->state(), n, now, d);
  tell_successes(n, credited_ == counted_, now);
}

void cell::tell_successes(std::uint64_t n, bool all, time_point now) {
  auto& d = engine_->data();
  if (!telling_) {
    rules_.pass_over(n, d);
    return;
  }
  telling_.edit().pending.credit(
    n, all,
    [&](const told_successes::entry& each) {
      rules_.tell_success(engine_->state(), std::min(each.at, now),
                          each.latency, d);
    },
    [&](std::uint64_t others) { rules_.pass_over(others, d); });
}

// Successes that came before the end of their epoch, but after what ended it,
// are in the totals and move nothing.
void cell::end_epoch(time_point now) {
  auto& d = engine_->data();
  if (d.epoch == epoch_)
    return;
  epoch_ = d.epoch;
  const auto n = counted_ - credited_ + lane_.begin_epoch(epoch_);
  counted_ = 0;
  credited_ = 0;
  rules_.add_old_successes(engine_->state(), n, false, d.epoch_began, d);
  tell_successes(n, true, now);
}

// -- what callers see ---------------------------------------------------------

void cell::publish(time_point now) {
  end_epoch(now);
  publish_settings(rules_.wants_successes());
  publish_spare(now);
  if (!engine_->terminated())
    rules_.watch_alerts(engine_->state(), now, engine_->data());
  publish_state();
}

void cell::publish_settings(bool all_successes) noexcept {
  const auto& d = engine_->data();
  update(call_timeout_, d.cfg->call_timeout.count());
  update(calls_to_trip_, user().ready_to_trip ? 0 : calls_to_trip_by(*d.cfg));
  update(slow_call_, d.cfg->slow_call_duration.count());
  update(slice_length_, d.recent.slice_length().count());
  update(marks_, marks_of(d.cfg->effective_latency_sampling(),
                          all_successes ? d.cfg->success_events : 0));
}

void cell::publish_spare(time_point now) {
  const auto& d = engine_->data();
  // What has been taken but not been handled yet can make any failure count.
  const auto n
    = inbox_.holds_back()
        ? 0
        : std::min(rules_.spare(engine_->state(), d, now), most_spare);
  update(spare_until_, rules_.spare_until(d, now).time_since_epoch().count());
  update(low_, n / 2);
  update(verdict_from_, inbox_.next_ticket() + n);
}

void cell::publish_state() noexcept {
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
  update(mode_, d.mode);
  if (state_.exchange(engine_->state(), std::memory_order_acq_rel)
      == engine_->state())
    return;
  // Nobody is between looking and waiting while the lock is held.
  auto& here = detail::meeting_point::of(this);
  { std::lock_guard guard{here.mutex}; }
  here.changed.notify_all();
}

void cell::retire() noexcept {
  retired_ = true;
  publish_state();
  // Nobody will judge what is left: who waits for it need not.
  inbox_.gather();
  const auto let_go = [](auto&&, std::shared_ptr<judgement>&& awaited) {
    if (awaited)
      awaited->reached();
  };
  inbox_.consume(let_go, let_go, [] { return false; });
}

// -- calls under way ----------------------------------------------------------

input::stuck_calls cell::stuck_calls(time_point now) const {
  const auto& d = engine_->data();
  const auto& cfg = *d.cfg;
  input::stuck_calls result{d.epoch, 0, now + cfg.stuck_after};
  std::vector<time_point> others;
  lane_.each_start([&](time_point began) {
    if (began < d.epoch_began)
      return;
    if (now - began >= cfg.stuck_after)
      ++result.count;
    else
      others.push_back(began);
  });
  if (result.count >= cfg.max_stuck_calls)
    return result;
  const auto missing = cfg.max_stuck_calls - result.count;
  if (others.size() >= missing) {
    const auto last = others.begin() + static_cast<std::ptrdiff_t>(missing - 1);
    std::nth_element(others.begin(), last, others.end());
    result.look_again = *last + cfg.stuck_after;
  }
  return result;
}

statistics cell::make_statistics(time_point now, wall_time wall_now) const {
  const auto& d = engine_->data();
  auto result = statistics_of(engine_->state(), d, now, wall_now);
  result.name = name_;
  latency_histogram latencies;
  latencies.add(*d.latencies);
  lane_.add_latencies(latencies);
  result.avg_latency = latencies.mean();
  result.p95_latency = latencies.quantile(0.95);
  result.durations = latencies.durations();
  result.created = created_;
  result.calls_under_way = lane_.under_way();
  if (result.calls_under_way == 0)
    return result;
  auto oldest = now;
  lane_.each_start([&](time_point began) { oldest = std::min(oldest, began); });
  result.oldest_call = now - oldest;
  return result;
}

} // namespace switchgear
