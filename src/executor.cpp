#include "switchgear/executor.hpp"

#include <algorithm>
#include <system_error>
#include <utility>

#include <pthread.h>

namespace switchgear {

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
  const bool all_done
    = state_->for_others.wait_for(
        guard, grace_,
        [&] { return state_->alive == (within ? 1u : 0u); })
      && !within;
  guard.unlock();
  for (auto& each : threads_) {
    if (all_done)
      each.join();
    else
      each.detach();
  }
}

bool executor::submit(job next) {
  {
    std::lock_guard guard{state_->mutex};
    auto& s = *state_;
    // Idle threads are about to take what is queued first; only what is beyond
    // them has to wait.
    const auto room = s.idle + (limit_ - threads_.size()) + queue_limit_;
    if (s.stopping || s.queue.size() >= room) {
      ++s.refused;
      return false;
    }
    if (s.queue.size() >= s.idle && threads_.size() < limit_ && !add_thread()
        && threads_.empty()) {
      ++s.refused;
      return false;
    }
    s.queue.push_back(std::move(next));
  }
  state_->for_workers.notify_one();
  return true;
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
  std::deque<job> dropped; // destroyed without the lock
  {
    std::lock_guard guard{state_->mutex};
    state_->stopping = true;
    dropped.swap(state_->queue);
  }
  state_->for_workers.notify_all();
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
  for (;;) {
    s.for_workers.wait(guard, [&s] { return s.stopping || !s.queue.empty(); });
    if (s.stopping)
      break;
    auto next = std::move(s.queue.front());
    s.queue.pop_front();
    --s.idle;
    ++s.running;
    guard.unlock();
    try {
      next();
    } catch (...) {
      // Jobs report their own failures; one must not take the thread along.
    }
    next = nullptr; // what it holds goes before the lock is taken
    guard.lock();
    --s.running;
    ++s.idle;
    if (s.running == 0)
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
