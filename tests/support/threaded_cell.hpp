#pragma once

#include <algorithm>
#include <condition_variable>
#include <functional>
#include <future>
#include <map>
#include <memory>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

#include "switchgear/breaker/cell.hpp"

namespace switchgear::test {

/// A cell whose owner is a plain thread, in real time.
class threaded_cell : public cell, private statem::host<breaker_types> {
public:
  explicit threaded_cell(config cfg, hooks user = {})
    : cell("tool", std::move(cfg), std::move(user), 0),
      owner_([this] { own(); }) {
    // nop
  }

  ~threaded_cell() override {
    stop();
  }

  /// Ends the owner's thread, after all that has been told so far.
  /// @pre no thread is about to tell anything
  void stop() {
    if (!owner_.joinable())
      return;
    {
      std::lock_guard guard{mutex_};
      stopping_ = true;
    }
    changed_.notify_one();
    owner_.join();
  }

  /// Calls `f` on the owner's thread and waits for it.
  void on_owner(std::function<void()> f) {
    std::packaged_task<void()> job{std::move(f)};
    auto done = job.get_future();
    {
      std::lock_guard guard{mutex_};
      jobs_.push_back(std::move(job));
    }
    changed_.notify_one();
    done.get();
  }

protected:
  void wake() noexcept override {
    {
      std::lock_guard guard{mutex_};
      woken_ = true;
    }
    changed_.notify_one();
  }

  duration patience() const noexcept override {
    return std::chrono::minutes{1}; // as good as for ever
  }

private:
  void own() {
    machine().attach(this);
    machine().start(clock::now());
    publish(clock::now());
    std::unique_lock guard{mutex_};
    for (;;) {
      const auto due = [this] { return woken_ || stopping_ || !jobs_.empty(); };
      if (alarms_.empty())
        changed_.wait(guard, due);
      else
        changed_.wait_until(guard, alarms_.begin()->first.first, due);
      woken_ = false;
      const bool last = stopping_;
      auto jobs = std::exchange(jobs_, {});
      guard.unlock();
      step();
      for (auto& each : jobs) {
        each();
        step();
      }
      if (last)
        return;
      guard.lock();
    }
  }

  void step() {
    drain(
      clock::now(),
      [this](breaker_types::message&& x, std::shared_ptr<judgement>&& who) {
        const statem::caller from{++last_caller_};
        waiting_.emplace(from.id, std::move(who));
        machine().call(from, std::move(x), clock::now());
      },
      [this](breaker_types::message&& x) {
        machine().cast(std::move(x), clock::now());
      },
      [this](std::shared_ptr<judgement>&& who) {
        judged_.push_back(std::move(who));
      });
    while (!alarms_.empty() && alarms_.begin()->first.first <= clock::now()) {
      const auto ref = alarms_.begin()->second;
      alarms_.erase(alarms_.begin());
      machine().expire(ref, clock::now());
    }
    publish(clock::now()); // before those who wait go on
    for (auto& each : std::exchange(judged_, {}))
      each->reached();
  }

  void reply(statem::caller to, breaker_types::reply) override {
    if (auto i = waiting_.find(to.id); i != waiting_.end()) {
      judged_.push_back(std::move(i->second));
      waiting_.erase(i);
    }
  }

  void arm(statem::timer_ref ref, time_point due) override {
    alarms_.emplace(std::pair{due, ref}, ref);
  }

  void disarm(statem::timer_ref ref) override {
    std::erase_if(alarms_, [=](const auto& x) { return x.second == ref; });
  }

  void terminated(const statem::exit_reason&) override {
    // nop
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  bool woken_ = false;
  bool stopping_ = false;
  std::vector<std::packaged_task<void()>> jobs_;
  // The owner's.
  std::map<std::pair<time_point, statem::timer_ref>, statem::timer_ref> alarms_;
  std::map<std::uint64_t, std::shared_ptr<judgement>> waiting_;
  std::vector<std::shared_ptr<judgement>> judged_;
  std::uint64_t last_caller_ = 0;
  std::thread owner_; // last: it uses all of the above
};

} // namespace switchgear::test
