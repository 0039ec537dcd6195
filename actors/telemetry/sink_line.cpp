#include "sink_line.hpp"

#include <algorithm>
#include <chrono>
#include <stdexcept>
#include <utility>

#include <caf/exit_reason.hpp>

#include "switchgear/actor/caf.hpp"
#include "switchgear/actor/type_ids.hpp"

namespace switchgear::telemetry {

using namespace std::chrono_literals;

sink_line::sink_line(std::string name, sink_factory make, sink_options options,
                     collect_function collect)
  : name_(std::move(name)),
    make_(std::move(make)),
    options_(options),
    collect_(std::move(collect)),
    queue_(options.queue),
    thread_("switchgear.s", 1, 1, duration::zero()),
    next_pause_(options.shortest_pause) {
  health_.name = name_;
  if (options_.report_interval > duration::zero())
    next_report_ = clock::now() + options_.report_interval;
}

// -- everybody ----------------------------------------------------------------

void sink_line::push(std::string_view breaker,
                     std::span<const breaker_event> events) {
  if (!queue_.push(breaker, events, options_.wants))
    return;
  std::lock_guard guard{mutex_};
  wake_owner();
}

sink_health sink_line::health() const {
  std::lock_guard guard{mutex_};
  const auto events = queue_.count();
  auto result = health_;
  result.offered = events.offered;
  result.dropped += events.dropped;
  result.queued = events.waiting + in_flight_;
  return result;
}

std::future<void> sink_line::flush(time_point deadline) {
  std::lock_guard guard{mutex_};
  auto& asked = flushes_.emplace_back(queue_.last_number(), deadline);
  auto result = asked.done.get_future();
  // Tries at once, and if that fails again soon: somebody waits.
  pause_until_ = time_point::min();
  next_pause_ = options_.shortest_pause;
  reported_for_flush_ = false;
  wake_owner();
  return result;
}

void sink_line::kill_actor() {
  std::lock_guard guard{mutex_};
  if (owner_)
    caf::anon_send_exit(owner_, caf::exit_reason::kill);
}

void sink_line::freeze(std::shared_ptr<const snapshot> last) {
  std::lock_guard guard{mutex_};
  last_numbers_ = std::move(last);
}

void sink_line::close(time_point deadline) {
  {
    std::lock_guard guard{mutex_};
    closed_ = true;
    owner_ = nullptr;
    flushes_.clear(); // who waits is told by the broken promise
  }
  thread_.stop();
  const bool idle
    = thread_.wait_idle(std::max(deadline - clock::now(), duration::zero()));
  queue_.clear();
  if (!idle)
    return; // the job keeps what it needs
  instance_.reset();
  std::lock_guard guard{mutex_};
  health_.dropped += std::exchange(in_flight_, 0);
}

void sink_line::wake_owner() {
  if (owner_)
    actor::tell(owner_, actor::drain_v);
}

// -- the actor ----------------------------------------------------------------

void sink_line::begin_service(caf::actor self) {
  std::lock_guard guard{mutex_};
  if (closed_)
    return;
  if (std::exchange(served_before_, true)) {
    ++health_.restarts;
    renew_ = true;
  }
  fault_.reset();
  owner_ = std::move(self);
}

void sink_line::end_service(const caf::actor& self) {
  std::lock_guard guard{mutex_};
  if (owner_ == self)
    owner_ = nullptr;
}

bool sink_line::quiet() const {
  return batch_.empty()
         && std::any_of(flushes_.begin(), flushes_.end(),
                        [this](const flush_request& each) {
                          return queue_.taken_up_to(each.up_to);
                        });
}

auto sink_line::proceed(time_point now) -> step {
  std::lock_guard guard{mutex_};
  if (busy_ || closed_ || !owner_)
    return {};
  if (fault_)
    return {step::kind::fault, {}, *fault_};
  std::erase_if(flushes_, [now](const auto& x) { return x.deadline <= now; });
  if (now < pause_until_)
    return {step::kind::wait, pause_until_, {}};
  if (quiet()) {
    if (next_report_ != time_point::max() && !reported_for_flush_)
      start(&sink_line::report_numbers);
    else
      start(&sink_line::flush_sink);
    return {};
  }
  if (now >= next_report_) {
    start(&sink_line::report_numbers);
    return {};
  }
  if (batch_.empty()) {
    if (const auto later = wait_for_more(now))
      return *later == time_point::max() ? step{}
                                         : step{step::kind::wait, *later, {}};
    batch_ = queue_.take(options_.batch);
    in_flight_ = batch_.size();
  }
  start(&sink_line::deliver_batch);
  return {};
}

/// @returns until when the events that wait should wait for others; nothing if
///          they should not.
std::optional<time_point> sink_line::wait_for_more(time_point now) {
  if (queue_.await(1)) {
    lingers_until_.reset();
    return next_report_;
  }
  if (options_.linger > duration::zero() && flushes_.empty()) {
    if (!lingers_until_)
      lingers_until_ = now + options_.linger;
    if (now < *lingers_until_ && queue_.await(options_.batch))
      return std::min(*lingers_until_, next_report_);
  }
  lingers_until_.reset();
  return std::nullopt;
}

void sink_line::start(job what) {
  busy_ = true;
  if (!thread_.submit([self = shared_from_this(), what] { self->run(what); }))
    busy_ = false; // ending
}

// -- the sink's thread --------------------------------------------------------

void sink_line::run(job what) {
  delivery how;
  bool threw = true;
  try {
    how = (this->*what)();
    threw = false;
  } catch (...) {
    how = delivery::no(
      failure::from_exception(std::current_exception()).message());
  }
  if (threw)
    try {
      instance_.reset();
    } catch (...) {
      // nop: it is gone
    }
  std::lock_guard guard{mutex_};
  conclude(what, how, threw);
  busy_ = false;
  wake_owner();
}

sink& sink_line::instance() {
  const bool renew = [this] {
    std::lock_guard guard{mutex_};
    return std::exchange(renew_, false);
  }();
  if (renew)
    instance_.reset();
  if (!instance_)
    instance_ = make_();
  if (!instance_)
    throw std::runtime_error{"the factory made no sink"};
  return *instance_;
}

delivery sink_line::deliver_batch() {
  return instance().deliver(batch_);
}

delivery sink_line::report_numbers() {
  auto numbers = [this] {
    std::lock_guard guard{mutex_};
    return last_numbers_;
  }();
  auto& to = instance();
  return numbers ? to.report(*numbers) : to.report(collect_());
}

delivery sink_line::flush_sink() {
  const auto deadline = [this] {
    std::lock_guard guard{mutex_};
    auto last = clock::now();
    for (const auto& each : flushes_)
      last = std::max(last, each.deadline);
    return last;
  }();
  instance().flush(deadline);
  return delivery::done();
}

void sink_line::conclude(job what, const delivery& how, bool threw) {
  const bool done = how.what == delivery::verdict::delivered;
  const bool again = how.what == delivery::verdict::retry;
  if (what == &sink_line::deliver_batch && !again) {
    (done ? health_.delivered : health_.failed) += in_flight_;
    batch_.clear();
    in_flight_ = 0;
  } else if (what == &sink_line::report_numbers) {
    ++(done ? health_.reports_delivered : health_.reports_failed);
    reported_for_flush_ = !again;
    next_report_ = clock::now() + options_.report_interval;
  } else if (what == &sink_line::flush_sink) {
    std::erase_if(flushes_, [this](flush_request& each) {
      if (!queue_.taken_up_to(each.up_to))
        return false;
      each.done.set_value();
      return true;
    });
  }
  if (done) {
    health_.failures_in_a_row = 0;
    next_pause_ = options_.shortest_pause;
    return;
  }
  health_.last_error = how.error;
  if (threw)
    fault_ = how.error;
  pause();
}

void sink_line::pause() {
  ++health_.failures_in_a_row;
  pause_until_ = clock::now() + next_pause_;
  next_pause_ = std::min(2 * next_pause_, options_.longest_pause);
}

} // namespace switchgear::telemetry
