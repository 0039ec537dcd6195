#include "pipe.hpp"

#include <fcntl.h>
#include <pthread.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <ctime>
#include <system_error>

namespace switchgear::subprocess {

namespace {

[[noreturn]] void fail(const char* what) {
  throw std::system_error{errno, std::generic_category(), what};
}

/// In a process without standard files they would be taken for those.
owned_fd out_of_the_way(owned_fd fd) {
  if (fd.get() > STDERR_FILENO)
    return fd;
  owned_fd moved{fcntl(fd.get(), F_DUPFD_CLOEXEC, STDERR_FILENO + 1)};
  if (!moved)
    fail("cannot make a pipe");
  return moved;
}

/// Keeps SIGPIPE, which would end this process, from a thread that writes.
class sigpipe_blocker {
public:
  sigpipe_blocker() {
    sigset_t pending;
    sigemptyset(&only_);
    sigaddset(&only_, SIGPIPE);
    sigpending(&pending);
    was_pending_ = sigismember(&pending, SIGPIPE) == 1;
    pthread_sigmask(SIG_BLOCK, &only_, &before_);
  }

  sigpipe_blocker(const sigpipe_blocker&) = delete;
  sigpipe_blocker& operator=(const sigpipe_blocker&) = delete;

  ~sigpipe_blocker() {
    const auto error = errno;
    // The one that the writing caused, and no other.
    const timespec at_once{};
    if (!was_pending_)
      while (sigtimedwait(&only_, nullptr, &at_once) < 0 && errno == EINTR)
        continue;
    pthread_sigmask(SIG_SETMASK, &before_, nullptr);
    errno = error;
  }

private:
  sigset_t only_;
  sigset_t before_;
  bool was_pending_;
};

} // namespace

void owned_fd::reset() noexcept {
  if (fd_ >= 0)
    close(std::exchange(fd_, -1));
}

pipe_ends make_pipe() {
  std::array<int, 2> fds;
  if (pipe2(fds.data(), O_CLOEXEC) != 0)
    fail("cannot make a pipe");
  pipe_ends both{owned_fd{fds[0]}, owned_fd{fds[1]}};
  return {out_of_the_way(std::move(both.reader)),
          out_of_the_way(std::move(both.writer))};
}

void make_nonblocking(const owned_fd& fd) {
  if (fcntl(fd.get(), F_SETFL, O_NONBLOCK) != 0)
    fail("cannot set up a pipe");
}

bool read_some(owned_fd& from, std::string& kept, bool& cut,
               std::size_t limit) {
  std::array<char, 64 * 1024> buffer;
  const auto got = read(from.get(), buffer.data(), buffer.size());
  if (got > 0) {
    const auto size = static_cast<std::size_t>(got);
    const auto wanted = std::min(size, limit - kept.size());
    kept.append(buffer.data(), wanted);
    cut = cut || wanted < size;
    return true;
  }
  if (got < 0 && errno == EINTR)
    return true;
  if (got == 0 || errno != EAGAIN)
    from.reset();
  return false;
}

void write_some(owned_fd& to, std::string_view& left) {
  if (!left.empty()) {
    const sigpipe_blocker guard;
    const auto written = write(to.get(), left.data(), left.size());
    if (written >= 0)
      left.remove_prefix(static_cast<std::size_t>(written));
    else if (errno == EAGAIN || errno == EINTR)
      return;
    else
      left = {}; // a program need not read its input
  }
  if (left.empty())
    to.reset();
}

} // namespace switchgear::subprocess
