#pragma once

#include <deque>
#include <functional>
#include <mutex>
#include <thread>

#include "fleet.hpp"

namespace demo {

/// Looks after a fleet on a thread of its own, so that nobody at the keyboard
/// ever waits for a service or an actor.
class keeper {
public:
  explicit keeper(fleet& tools);

  /// Has something done soon. Does not wait.
  void post(std::function<void(fleet&)> task);

  /// What there was to see when the keeper looked last, some ten times a
  /// second.
  screen latest() const;

private:
  void work(std::stop_token stop);
  void publish();

  fleet& tools_;
  mutable std::mutex mutex_;
  std::condition_variable_any posted_;
  std::deque<std::function<void(fleet&)>> tasks_;
  screen latest_;
  // The last member: it uses the others.
  std::jthread thread_;
};

} // namespace demo
