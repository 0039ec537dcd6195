#include "switchgear/policy/bulkhead.hpp"

#include <algorithm>
#include <list>
#include <mutex>

#include "checking.hpp"

namespace switchgear::policy {

using namespace std::chrono_literals;

std::vector<config_error> validate(const bulkhead_options& how) {
  checker c;
  c.require(how.concurrency >= 1 && how.concurrency <= 1'000'000, "concurrency",
            how.concurrency, "1 to 1000000");
  c.require(how.queue <= 1'000'000, "queue", how.queue, "0 (none) to 1000000");
  if (how.queue > 0)
    c.require(how.max_wait > 0s && how.max_wait <= 24h, "max_wait",
              how.max_wait, "above 0, to 24 h, where queue is set");
  else
    c.require(how.max_wait == 0s, "max_wait", how.max_wait,
              "0 where queue is not set");
  return std::move(c.errors);
}

// A place is in use from when it is handed over on, so that between one who
// leaves and one who wakes up nobody can come in.
struct bulkhead::room {
  struct guest {
    std::condition_variable changed;
    bool admitted = false;
  };

  room(const bulkhead_options& options, timing_ptr clock)
    : how(options),
      time(std::move(clock)) {
    // nop
  }

  const bulkhead_options how;
  const timing_ptr time;

  std::mutex mutex;
  std::list<guest*> queue; // the first one is next
  bulkhead_statistics counts;
};

bulkhead::bulkhead(const bulkhead_options& how, timing_ptr time) {
  require_valid("bulkhead", validate(how));
  room_ = std::make_shared<room>(how, std::move(time));
}

const bulkhead_options& bulkhead::options() const noexcept {
  return room_->how;
}

bulkhead_statistics bulkhead::stats() const {
  std::lock_guard guard{room_->mutex};
  auto result = room_->counts;
  result.waiting = room_->queue.size();
  return result;
}

expected<bulkhead::place, failure> bulkhead::enter(const context& ctx) const {
  auto& r = *room_;
  std::unique_lock guard{r.mutex};
  if (r.counts.running < r.how.concurrency) {
    ++r.counts.running;
    ++r.counts.admitted;
    return place{&r};
  }
  if (r.queue.size() >= r.how.queue) {
    ++r.counts.rejected;
    return make_unexpected(
      failure{errc::bulkhead_full,
              std::to_string(r.counts.running) + " calls under way, "
                + std::to_string(r.queue.size()) + " waiting"});
  }
  room::guest self;
  const auto where = r.queue.insert(r.queue.end(), &self);
  const auto until
    = std::min(after(r.time->now(), r.how.max_wait), ctx.deadline);
  guard.unlock();
  {
    // Without the lock: it runs at once if that has been asked for already.
    std::stop_callback wake{ctx.stop, [&] {
                              { std::lock_guard taken{r.mutex}; }
                              self.changed.notify_all();
                            }};
    guard.lock();
    r.time->wait(guard, self.changed, until,
                 [&] { return self.admitted || ctx.stop.stop_requested(); });
    guard.unlock(); // which the callback may be waiting for
  }
  guard.lock();
  if (self.admitted) {
    ++r.counts.admitted;
    return place{&r};
  }
  r.queue.erase(where);
  if (ctx.stop.stop_requested()) {
    ++r.counts.cancelled;
    return make_unexpected(
      failure{errc::cancelled, "told to stop while it waited for a place"});
  }
  ++r.counts.timed_out;
  return make_unexpected(failure{errc::bulkhead_full, "no place in time"});
}

void bulkhead::leave::operator()(room* where) const noexcept {
  std::lock_guard guard{where->mutex};
  if (where->queue.empty()) {
    --where->counts.running;
    return;
  }
  auto* next = where->queue.front();
  where->queue.pop_front();
  next->admitted = true;
  // With the lock held: once it is seen the guest may be gone.
  next->changed.notify_all();
}

} // namespace switchgear::policy
