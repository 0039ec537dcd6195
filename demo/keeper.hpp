#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <future>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "fleet.hpp"

namespace demo {

/// Has a fleet, on a thread of its own that does all that is done to it. Nobody
/// at the keyboard has to wait for a service or an actor, and those who do
/// things at the same time do them one after the other. The services live as
/// long as the thread.
class keeper {
public:
  using task = std::function<void(fleet&)>;

  /// Starts the services, and waits until they run.
  /// @throws std::runtime_error if one does not
  explicit keeper(switchgear::runtime& system);

  /// As `close`, and ends the services.
  ~keeper();

  std::vector<std::string> names() const {
    return names_;
  }

  /// Has something done soon. Does not wait.
  void post(task what);

  /// Has something done and waits. What it changed is in `latest` then.
  /// @throws what `what` throws, and std::runtime_error if it is not done any
  ///         more
  void run(task what);

  /// Makes a call through a tool's breaker, on the caller's thread.
  call_report call(std::size_t tool) const;

  /// What there was to see when the keeper looked last: some ten times a
  /// second, and after whatever it did. Never waits.
  std::shared_ptr<const screen> latest() const;

  /// Begins nothing more. Who waits for something is told so.
  void close();

private:
  struct job {
    task what;
    std::promise<void> done;
  };

  void work(const std::stop_token& stop, switchgear::runtime& system,
            std::promise<void> ready);
  void serve(const std::stop_token& stop, fleet& tools);
  void publish(fleet& tools);

  mutable std::mutex mutex_;
  std::condition_variable_any posted_;
  std::deque<job> jobs_;
  bool closed_ = false;
  std::shared_ptr<const screen> latest_;
  // Set before the constructor returns, and valid as long as the thread.
  fleet* tools_ = nullptr;
  std::vector<std::string> names_;
  // The last member: it uses the others.
  std::jthread thread_;
};

} // namespace demo
