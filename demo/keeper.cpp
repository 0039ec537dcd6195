#include "keeper.hpp"

#include <optional>
#include <stdexcept>

namespace demo {

namespace {

constexpr auto interval = std::chrono::milliseconds{100};

// More than a person can mean, should the keeper ever be kept busy.
constexpr std::size_t max_jobs = 100;

} // namespace

keeper::keeper(switchgear::runtime& system) {
  std::promise<void> ready;
  auto started = ready.get_future();
  thread_ = std::jthread{
    [this, &system, ready = std::move(ready)](std::stop_token stop) mutable {
      work(stop, system, std::move(ready));
    }};
  started.get();
}

keeper::~keeper() {
  close();
}

void keeper::post(task what) {
  {
    std::lock_guard guard{mutex_};
    if (closed_ || jobs_.size() >= max_jobs)
      return;
    jobs_.push_back({std::move(what), {}});
  }
  posted_.notify_one();
}

void keeper::run(task what) {
  job wanted{std::move(what), {}};
  auto done = wanted.done.get_future();
  {
    std::lock_guard guard{mutex_};
    if (closed_)
      throw std::runtime_error{"the demo ends"};
    jobs_.push_back(std::move(wanted));
  }
  posted_.notify_one();
  done.get();
}

call_report keeper::call(std::size_t tool) const {
  return tools_->at(tool).call();
}

std::shared_ptr<const screen> keeper::latest() const {
  std::lock_guard guard{mutex_};
  return latest_;
}

void keeper::close() {
  std::deque<job> rest;
  {
    std::lock_guard guard{mutex_};
    closed_ = true;
    rest = std::move(jobs_);
    jobs_.clear();
  }
  for (auto& each : rest)
    each.done.set_exception(
      std::make_exception_ptr(std::runtime_error{"the demo ends"}));
}

void keeper::work(const std::stop_token& stop, switchgear::runtime& system,
                  std::promise<void> ready) {
  std::optional<fleet> tools;
  try {
    tools.emplace(system);
    publish(*tools);
    tools_ = &*tools;
    names_ = tools->names();
  } catch (...) {
    ready.set_exception(std::current_exception());
    return;
  }
  ready.set_value();
  serve(stop, *tools);
}

void keeper::serve(const std::stop_token& stop, fleet& tools) {
  std::unique_lock lock{mutex_};
  while (!stop.stop_requested()) {
    posted_.wait_for(lock, stop, interval, [this] { return !jobs_.empty(); });
    std::optional<job> next;
    if (!jobs_.empty()) {
      next = std::move(jobs_.front());
      jobs_.pop_front();
    }
    lock.unlock();
    std::exception_ptr error;
    try {
      if (next)
        next->what(tools);
    } catch (...) {
      error = std::current_exception();
    }
    // Who waits sees what came of it.
    publish(tools);
    if (next && error)
      next->done.set_exception(error);
    else if (next)
      next->done.set_value();
    lock.lock();
  }
}

void keeper::publish(fleet& tools) {
  auto now = std::make_shared<screen>();
  now->tools = tools.look();
  now->log = tools.events().entries();
  std::lock_guard guard{mutex_};
  latest_ = std::move(now);
}

} // namespace demo
