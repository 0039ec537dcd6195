#include "switchgear/executor.hpp"

#include <algorithm>
#include <atomic>
#include <optional>
#include <system_error>
#include <utility>

#include <pthread.h>

namespace switchgear {

namespace {

using namespace std::chrono_literals;

// Jobs are brisk if so many of them, one after the other, take no longer.
constexpr int pace_jobs = 16;
constexpr auto brisk_time = 320us;

// With brisk jobs, what waits is looked after so often. One that has not moved
// meanwhile is taken by another thread.
constexpr auto watch_interval = 100us;

// Before a thread goes to sleep over brisk jobs, it looks for another one for
// so long; until there was none so many times.
constexpr auto look_time = 30us;
constexpr int most_misses = 8;

void relax() noexcept {
#if defined(__x86_64__) || defined(__i386__)
  for (int i = 0; i < 8; ++i)
    __builtin_ia32_pause();
#endif
}

} // namespace

// Waking a thread costs more than a short job. So while jobs are brisk, and one
// thread is at work, no other is woken for what waits behind its job; but one
// watches whether the queue moves, and if it does not, because that job takes
// its time after all, threads are woken until none sleeps or no job waits.
struct executor::shared {
  std::mutex mutex;
  std::condition_variable for_workers; // who sleeps
  std::condition_variable for_watcher;
  std::condition_variable for_others; // who waits for jobs or threads to end
  detail::ring_queue<job> queue;
  std::size_t running = 0;
  std::size_t idle = 0;
  std::size_t alive = 0;
  std::size_t asleep = 0;
  std::uint64_t refused = 0;
  std::uint64_t taken = 0;
  bool stopping = false;
  bool brisk = false;
  bool called = false;                 // one that sleeps has been told to come
  bool watched = false;                // one looks whether the queue moves
  bool looking = false;                // one looks for a job
  std::atomic<bool> to_be_seen{false}; // by that one: a job, or the end
  int misses = 0;                      // by those who looked, in a row

  /// How fast a thread gets jobs done.
  class pace {
  public:
    /// @returns now and then, whether its last jobs were brisk.
    std::optional<bool> count() {
      if (++jobs_ < pace_jobs)
        return std::nullopt;
      const auto now = clock::now();
      const bool brisk = now - since_ <= brisk_time;
      since_ = now;
      jobs_ = 0;
      return brisk;
    }

  private:
    time_point since_ = clock::now();
    int jobs_ = 0;
  };

  /// With the lock held.
  /// @returns whether to notify one of those who sleep. As long as a job waits
  ///          and one sleeps, one is on its way or will come.
  bool call_another() {
    if (queue.empty())
      return false;
    if (looking) {
      to_be_seen.store(true, std::memory_order_relaxed);
      return false;
    }
    if (asleep == 0 || called || (brisk && watched && running > 0))
      return false;
    called = true;
    return true;
  }

  /// With the lock held, when there is no job.
  void await_job(std::unique_lock<std::mutex>& guard) {
    if (brisk && !looking && misses < most_misses && look(guard))
      return;
    ++asleep;
    for_workers.wait(guard, [this] { return stopping || called; });
    --asleep;
    called = false;
    if (brisk && running > 0 && !watched && !queue.empty())
      watch(guard);
  }

  /// @returns whether there is a job now, or the end has come.
  bool look(std::unique_lock<std::mutex>& guard) {
    looking = true;
    to_be_seen.store(false, std::memory_order_relaxed);
    guard.unlock();
    const auto until = clock::now() + look_time;
    while (!to_be_seen.load(std::memory_order_relaxed) && clock::now() < until)
      relax();
    guard.lock();
    looking = false;
    const bool found = stopping || !queue.empty();
    misses = found ? 0 : misses + 1;
    return found;
  }

  /// Until there is something for this thread to take, or nothing to watch.
  void watch(std::unique_lock<std::mutex>& guard) {
    watched = true;
    for (;;) {
      const auto before = taken;
      for_watcher.wait_for(guard, watch_interval, [this] { return stopping; });
      if (stopping || running == 0)
        break;
      if (taken != before)
        continue;
      if (!queue.empty())
        brisk = false;
      break;
    }
    watched = false;
  }
};

executor::executor(std::string name, std::size_t threads, std::size_t queue,
                   duration grace)
  : name_(std::move(name)),
    limit_(std::max<std::size_t>(1, threads)),
    queue_limit_(queue),
    grace_(grace),
    state_(std::make_shared<shared>()) {
  // nop
}

executor::~executor() {
  stop();
  // A thread can not wait for its own end.
  const auto here = std::this_thread::get_id();
  const bool within = std::any_of(
    threads_.begin(), threads_.end(),
    [here](const std::thread& each) { return each.get_id() == here; });
  std::unique_lock guard{state_->mutex};
  const bool all_done = state_->for_others.wait_for(guard, grace_, [&] {
    return state_->alive == (within ? 1u : 0u);
  }) && !within;
  guard.unlock();
  for (auto& each : threads_) {
    if (all_done)
      each.join();
    else
      each.detach();
  }
}

bool executor::submit(job next) {
  return submit(std::span{&next, 1}) == 1;
}

std::size_t executor::submit(std::span<job> next) {
  auto& s = *state_;
  std::size_t accepted = 0;
  bool call = false;
  {
    std::lock_guard guard{s.mutex};
    for (; !s.stopping && accepted < next.size(); ++accepted) {
      // Idle threads are about to take what is queued first; only what is
      // beyond them has to wait.
      const auto room = s.idle + (limit_ - threads_.size()) + queue_limit_;
      if (s.queue.size() >= room)
        break;
      if (s.queue.size() >= s.idle && threads_.size() < limit_ && !add_thread()
          && threads_.empty())
        break;
      s.queue.push_back(std::move(next[accepted]));
    }
    s.refused += next.size() - accepted;
    call = s.call_another();
  }
  if (call)
    s.for_workers.notify_one();
  return accepted;
}

// With the lock held.
bool executor::add_thread() {
  try {
    threads_.emplace_back([state = state_] { work(state); });
  } catch (const std::system_error&) {
    return false; // the system has no more threads; those we have must do
  }
  ++state_->alive;
  ++state_->idle;
  pthread_setname_np(threads_.back().native_handle(),
                     name_.substr(0, 12).c_str());
  return true;
}

void executor::stop() {
  detail::ring_queue<job> dropped; // destroyed without the lock
  {
    std::lock_guard guard{state_->mutex};
    state_->stopping = true;
    std::swap(dropped, state_->queue);
    state_->to_be_seen.store(true, std::memory_order_relaxed);
  }
  state_->for_workers.notify_all();
  state_->for_watcher.notify_all();
  state_->for_others.notify_all();
}

bool executor::wait_idle(duration limit) {
  std::unique_lock guard{state_->mutex};
  return state_->for_others.wait_for(guard, limit, [this] {
    return state_->running == 0 && state_->queue.empty();
  });
}

executor::load executor::current_load() const {
  std::lock_guard guard{state_->mutex};
  return {state_->running, state_->queue.size(), state_->refused};
}

void executor::work(const std::shared_ptr<shared>& state) {
  auto& s = *state;
  std::unique_lock guard{s.mutex};
  shared::pace own;
  while (!s.stopping) {
    if (s.queue.empty()) {
      s.await_job(guard);
      own = {};
      continue;
    }
    auto next = s.queue.pop_front();
    ++s.taken;
    --s.idle;
    ++s.running;
    const bool call = s.call_another();
    guard.unlock();
    if (call)
      s.for_workers.notify_one();
    try {
      next();
    } catch (...) {
      // Jobs report their own failures; one must not take the thread along.
    }
    next = nullptr; // what it holds goes before the lock is taken
    const auto brisk = own.count();
    guard.lock();
    if (brisk) {
      s.brisk = *brisk;
      s.misses = 0;
    }
    --s.running;
    ++s.idle;
    if (s.running == 0 && s.queue.empty())
      s.for_others.notify_all();
  }
  --s.alive;
  guard.unlock();
  s.for_others.notify_all();
}

bool strand::post(executor::job next, bool required) {
  std::deque<entry> dropped; // destroyed without the lock
  {
    std::lock_guard guard{mutex_};
    if (queue_.size() >= limit_) {
      auto droppable = std::find_if(queue_.begin(), queue_.end(),
                                    [](const entry& e) { return !e.required; });
      if (!required || droppable == queue_.end())
        return false;
      dropped.push_back(std::move(*droppable));
      queue_.erase(droppable);
    }
    queue_.push_back({std::move(next), required});
    if (std::exchange(active_, true))
      return true;
  }
  if (where_->submit([self = shared_from_this()] { self->run_all(); }))
    return true;
  std::lock_guard guard{mutex_};
  active_ = false;
  dropped.swap(queue_);
  return false;
}

void strand::run_all() {
  for (;;) {
    executor::job next;
    {
      std::lock_guard guard{mutex_};
      if (queue_.empty()) {
        active_ = false;
        return;
      }
      next = std::move(queue_.front().run);
      queue_.pop_front();
    }
    try {
      next();
    } catch (...) {
      // As in the executor: a listener's exception ends with the listener.
    }
  }
}

} // namespace switchgear
