#pragma once

#include <chrono>
#include <stdexcept>
#include <string>

#include "switchgear/detail/unique_fd.hpp"

namespace demo {

using switchgear::detail::unique_fd;

/// Thrown where the demo waits when it is asked to end. Unwinding restores the
/// terminal and ends the services.
class interrupted : public std::exception {
public:
  explicit interrupted(int signal) : signal_(signal) {
    // nop
  }

  const char* what() const noexcept override {
    return "interrupted";
  }

  /// The shell's convention for a program that a signal ended.
  int exit_code() const {
    return 128 + signal_;
  }

private:
  int signal_;
};

/// Takes SIGINT, SIGTERM, SIGHUP and SIGWINCH away from where they would
/// strike: they are read where the demo waits, as data, by one thread.
/// @note Make it before the first thread, which inherits the blocked signals.
class signals {
public:
  signals();

  /// Readable when a signal waits.
  int fd() const {
    return fd_.get();
  }

  /// Whether the window's size changed since the last call.
  /// @throws interrupted if a signal to end has come.
  bool take();

  /// Sleeps.
  /// @throws interrupted as soon as a signal to end comes.
  void wait(std::chrono::milliseconds time);

private:
  unique_fd fd_;
};

} // namespace demo
