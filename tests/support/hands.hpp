#pragma once

#include <condition_variable>
#include <deque>
#include <future>
#include <memory>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

namespace switchgear::test {

/// Threads that do what they are told, one at a time: for calls that are made
/// on several threads, and yet one after the other.
class hands {
public:
  explicit hands(std::size_t count) {
    for (std::size_t i = 0; i < count; ++i)
      all_.push_back(std::make_unique<hand>());
  }

  std::size_t count() const noexcept {
    return all_.size();
  }

  /// Runs `f` on that thread, and waits for its end.
  template <class F>
  void on(std::size_t which, F f) {
    std::packaged_task<void()> job{std::move(f)};
    auto done = job.get_future();
    all_[which]->give(std::move(job));
    done.get();
  }

private:
  class hand {
  public:
    hand() : thread_([this] { work(); }) {
      // nop
    }

    ~hand() {
      give(std::packaged_task<void()>{}); // the end
      thread_.join();
    }

    void give(std::packaged_task<void()> job) {
      {
        std::lock_guard guard{mutex_};
        jobs_.push_back(std::move(job));
      }
      changed_.notify_one();
    }

  private:
    void work() {
      for (;;) {
        std::unique_lock guard{mutex_};
        changed_.wait(guard, [this] { return !jobs_.empty(); });
        auto job = std::move(jobs_.front());
        jobs_.pop_front();
        guard.unlock();
        if (!job.valid())
          return;
        job();
      }
    }

    std::mutex mutex_;
    std::condition_variable changed_;
    std::deque<std::packaged_task<void()>> jobs_;
    std::thread thread_; // last: it uses all of the above
  };

  std::vector<std::unique_ptr<hand>> all_;
};

} // namespace switchgear::test
