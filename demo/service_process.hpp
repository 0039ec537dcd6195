#pragma once

#include <sys/types.h>

#include <chrono>
#include <string>
#include <string_view>

#include "condition.hpp"
#include "switchgear/detail/unique_fd.hpp"

namespace demo {

using switchgear::detail::unique_fd;

/// A `demo_service` child process on a free loopback port, which stays
/// reserved, so that it can be started again on the same one.
/// @note The process ends with the thread that started it (as Linux defines
///       the death of a parent). Not thread-safe.
class service_process {
public:
  /// @throws std::runtime_error if the service does not start.
  explicit service_process(std::chrono::milliseconds latency);

  service_process(const service_process&) = delete;
  service_process& operator=(const service_process&) = delete;

  /// Kills the process and waits for its end.
  ~service_process();

  /// Brings the service into a condition, starting, continuing or ending the
  /// process as need be, and returns when it is in it.
  /// @throws std::runtime_error if that cannot be done.
  void bring_into(condition wanted);

  /// Also notices that somebody else ended the process.
  condition current();

  int port() const {
    return port_;
  }

  /// 0 while there is no process.
  pid_t pid() const {
    return pid_;
  }

  std::string url() const;

private:
  void start();
  void end() noexcept;
  void tell(std::string_view word);
  std::string read_line();

  std::chrono::milliseconds latency_;
  int port_ = 0; // before the reservation, which sets it
  unique_fd reservation_;
  pid_t pid_ = 0;
  unique_fd to_child_;
  unique_fd from_child_;
  condition condition_ = condition::dead;
};

} // namespace demo
