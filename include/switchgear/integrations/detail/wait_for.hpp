#pragma once

#include <poll.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <span>

#include "switchgear/time.hpp"

namespace switchgear::detail {

/// Waits until one of `fds` is ready, but not beyond `deadline`.
/// @returns whether one is. An error counts as ready: what is done next meets
///          it.
inline bool wait_for(std::span<pollfd> fds, time_point deadline) {
  using std::chrono::milliseconds;
  for (;;) {
    const auto left
      = std::chrono::ceil<milliseconds>(deadline - clock::now()).count();
    // What is ready already is so after the deadline, too.
    const auto patience = std::clamp<long long>(left, 0, 60'000);
    const int ready = poll(fds.data(), static_cast<nfds_t>(fds.size()),
                           static_cast<int>(patience));
    if (ready > 0 || (ready < 0 && errno != EINTR))
      return true;
    if (clock::now() >= deadline)
      return false;
  }
}

inline bool wait_for(int fd, short events, time_point deadline) {
  pollfd one{fd, events, 0};
  return wait_for(std::span{&one, 1}, deadline);
}

/// A deadline of what comes and goes piece by piece. What is ready when it has
/// passed still counts, but once: else who never stops talking would never be
/// late.
class piecewise_deadline {
public:
  explicit piecewise_deadline(time_point deadline) : deadline_(deadline) {
    // nop
  }

  /// As `wait_for`, for the next piece.
  bool await(int fd, short events) {
    if (late_)
      return false;
    late_ = clock::now() >= deadline_;
    return wait_for(fd, events, deadline_);
  }

private:
  time_point deadline_;
  bool late_ = false;
};

/// Whether something has come in on `fd`: data, its end, or an error.
inline bool has_news(int fd) {
  pollfd one{fd, POLLIN, 0};
  return poll(&one, 1, 0) != 0;
}

} // namespace switchgear::detail
