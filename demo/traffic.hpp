#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace demo {

/// Threads that make calls: single ones when asked to, and a steady stream
/// while it is switched on. Several, so that a service that hangs does not
/// silence its tool.
class traffic {
public:
  /// @param make_call is called on several threads at a time.
  /// @param pace is the mean time between two calls of the stream.
  traffic(std::function<void()> make_call, std::chrono::milliseconds pace);

  traffic(const traffic&) = delete;
  traffic& operator=(const traffic&) = delete;

  /// Waits for the calls that are under way.
  ~traffic();

  /// Has one call made soon. Does not wait.
  void once();

  void set_steady(bool on);

  bool steady() const;

private:
  void work(std::stop_token stop);

  const std::function<void()> make_call_;
  const std::chrono::milliseconds pace_;
  mutable std::mutex mutex_;
  std::condition_variable_any changed_;
  std::size_t wanted_ = 0;
  bool steady_ = false;
  std::vector<std::jthread> threads_;
};

} // namespace demo
