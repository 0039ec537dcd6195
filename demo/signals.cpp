#include "signals.hpp"

#include <poll.h>
#include <sys/signalfd.h>

#include <csignal>
#include <system_error>

namespace demo {

signals::signals() {
  std::signal(SIGPIPE, SIG_IGN); // a broken pipe is an error of write
  sigset_t set;
  sigemptyset(&set);
  for (auto signal : {SIGINT, SIGTERM, SIGHUP, SIGWINCH})
    sigaddset(&set, signal);
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
  fd_ = unique_fd{signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK)};
  if (fd_.get() < 0)
    throw std::system_error{errno, std::generic_category(), "signalfd"};
}

bool signals::take() {
  bool resized = false;
  signalfd_siginfo info{};
  while (read(fd_.get(), &info, sizeof(info)) == sizeof(info)) {
    if (info.ssi_signo != SIGWINCH)
      throw interrupted{static_cast<int>(info.ssi_signo)};
    resized = true;
  }
  return resized;
}

void signals::wait(std::chrono::milliseconds time) {
  using clock = std::chrono::steady_clock;
  const auto end = clock::now() + time;
  for (;;) {
    take();
    auto left
      = std::chrono::ceil<std::chrono::milliseconds>(end - clock::now());
    if (left.count() <= 0)
      return;
    pollfd ready{fd_.get(), POLLIN, 0};
    poll(&ready, 1, static_cast<int>(left.count()));
  }
}

} // namespace demo
