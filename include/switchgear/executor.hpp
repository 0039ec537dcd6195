#pragma once

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <thread>
#include <vector>

#include "switchgear/detail/job.hpp"
#include "switchgear/detail/ring_queue.hpp"
#include "switchgear/time.hpp"

namespace switchgear {

/// Threads that run callables: so many at a time, so many waiting, no more.
///
/// Threads are started when they are first needed. All functions are
/// thread-safe.
class executor {
public:
  using job = detail::job;

  /// @param name of the threads, as debuggers and `top` show it; up to 12
  ///        characters count
  /// @param threads how many jobs run at the same time, at the most; 1 or more
  /// @param queue how many jobs may wait for a thread, at the most
  /// @param grace how long stopping waits for jobs that run
  executor(std::string name, std::size_t threads, std::size_t queue,
           duration grace = std::chrono::seconds{5});

  /// Stops. Jobs that still wait are dropped; those that run are waited for,
  /// but no longer than `grace`: a job that hangs must not hang the program.
  /// One of its own jobs may be what lets it go.
  ~executor();

  executor(const executor&) = delete;
  executor& operator=(const executor&) = delete;

  /// Queues a job. What it throws ends with it.
  /// @returns false if the queue is full, or the executor is stopping: then
  ///          the job will not run.
  [[nodiscard]] bool submit(job next);

  /// Queues jobs, as one: in order, and cheaper than one by one.
  /// @returns how many, from the first one on. The others are as they were and
  ///          will not run.
  [[nodiscard]] std::size_t submit(std::span<job> next);

  /// Refuses further jobs and drops those that wait.
  void stop();

  /// Waits until no job runs, at most for `limit`.
  /// @returns whether none runs.
  bool wait_idle(duration limit);

  struct load {
    std::size_t running = 0;
    std::size_t waiting = 0;
    std::uint64_t refused = 0;
  };

  load current_load() const;

private:
  // What the threads share. A thread that is left behind keeps it.
  struct shared;

  static void work(const std::shared_ptr<shared>& state);
  bool add_thread();

  std::string name_;
  std::size_t limit_;
  std::size_t queue_limit_;
  duration grace_;
  std::shared_ptr<shared> state_;
  std::vector<std::thread> threads_;
};

/// Runs jobs one after the other, in order, on an executor: what one breaker's
/// listeners are told never overlaps.
///
/// At most `limit` jobs wait; the oldest that may be dropped makes room.
/// All functions are thread-safe. Jobs that are queued keep the strand alive.
class strand : public std::enable_shared_from_this<strand> {
public:
  strand(std::shared_ptr<executor> where, std::size_t limit)
    : where_(std::move(where)), limit_(limit) {
    // nop
  }

  /// @param required whether the job may not be dropped for others
  /// @returns false if there is no room, or the executor is stopping.
  bool post(executor::job next, bool required = false);

private:
  struct entry {
    executor::job run;
    bool required;
  };

  void run_all();

  std::shared_ptr<executor> where_;
  std::size_t limit_;
  std::mutex mutex_;
  std::deque<entry> queue_;
  bool active_ = false;
};

} // namespace switchgear
