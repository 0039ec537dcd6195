#include "integrations/support/talking_process.hpp"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <stdexcept>

namespace switchgear::test {

talking_process::talking_process(std::vector<std::string> command) {
  // Asks the kernel to kill it with its parent, then becomes it.
  command.insert(command.begin(), {"setpriv", "--pdeathsig", "KILL", "--"});
  std::vector<char*> arguments;
  for (auto& each : command)
    arguments.push_back(each.data());
  arguments.push_back(nullptr);
  std::array<int, 2> input{-1, -1};
  std::array<int, 2> output{-1, -1};
  // A socket, unlike a pipe, can be written to without SIGPIPE.
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, input.data()) != 0
      || pipe2(output.data(), O_CLOEXEC) != 0)
    throw std::runtime_error{"no pipes for " + command[4]};
  to_ = input[0];
  from_ = output[0];
  posix_spawn_file_actions_t files;
  posix_spawn_file_actions_init(&files);
  posix_spawn_file_actions_adddup2(&files, input[1], STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&files, output[1], STDOUT_FILENO);
  posix_spawn_file_actions_addclosefrom_np(&files, STDERR_FILENO + 1);
  const auto error = posix_spawnp(&pid_, arguments.front(), &files, nullptr,
                                  arguments.data(), environ);
  posix_spawn_file_actions_destroy(&files);
  // With these closed here, a dying child shows as the end of its output.
  close(input[1]);
  close(output[1]);
  if (error != 0) {
    pid_ = 0;
    close(to_);
    close(from_);
    throw std::runtime_error{"cannot start " + command[4]};
  }
}

talking_process::~talking_process() {
  kill(pid_, SIGKILL);
  while (waitpid(pid_, nullptr, 0) < 0 && errno == EINTR)
    continue;
  close(to_);
  close(from_);
}

void talking_process::write_line(std::string_view text) {
  auto line = std::string{text} + '\n';
  if (send(to_, line.data(), line.size(), MSG_NOSIGNAL)
      != static_cast<ssize_t>(line.size()))
    throw std::runtime_error{"a server has ended when told: " + line};
}

std::string talking_process::read_line(duration limit) {
  std::string line;
  for (const auto end = clock::now() + limit; clock::now() < end;) {
    pollfd ready{from_, POLLIN, 0};
    if (poll(&ready, 1, 100) <= 0)
      continue;
    char next = 0;
    const auto got = read(from_, &next, 1);
    if (got < 0 && errno == EINTR)
      continue;
    if (got <= 0)
      throw std::runtime_error{"a server has ended after saying: " + line};
    if (next == '\n')
      return line;
    line += next;
  }
  throw std::runtime_error{"a server says nothing but: " + line};
}

void talking_process::pause() {
  kill(pid_, SIGSTOP);
  // Sending a signal is not yet its effect.
  siginfo_t info{};
  waitid(P_PID, static_cast<id_t>(pid_), &info, WSTOPPED | WEXITED | WNOWAIT);
}

void talking_process::resume() {
  kill(pid_, SIGCONT);
}

} // namespace switchgear::test
