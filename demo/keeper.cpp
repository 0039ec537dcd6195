#include "keeper.hpp"

namespace demo {

namespace {

constexpr auto interval = std::chrono::milliseconds{100};

// More than a person can mean, should the keeper ever be kept busy.
constexpr std::size_t max_tasks = 100;

} // namespace

keeper::keeper(fleet& tools) : tools_(tools) {
  publish();
  thread_ = std::jthread{[this](std::stop_token stop) { work(stop); }};
}

void keeper::post(std::function<void(fleet&)> task) {
  {
    std::lock_guard guard{mutex_};
    if (tasks_.size() == max_tasks)
      return;
    tasks_.push_back(std::move(task));
  }
  posted_.notify_one();
}

screen keeper::latest() const {
  std::lock_guard guard{mutex_};
  return latest_;
}

void keeper::work(std::stop_token stop) {
  std::unique_lock lock{mutex_};
  while (!stop.stop_requested()) {
    posted_.wait_for(lock, stop, interval, [this] { return !tasks_.empty(); });
    auto tasks = std::move(tasks_);
    tasks_.clear();
    lock.unlock();
    for (auto& task : tasks)
      task(tools_);
    publish();
    lock.lock();
  }
}

void keeper::publish() {
  screen now;
  now.tools = tools_.look();
  now.log = tools_.events().entries();
  std::lock_guard guard{mutex_};
  latest_ = std::move(now);
}

} // namespace demo
