#include "support/process.hpp"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>

#include <cerrno>
#include <csignal>
#include <system_error>

namespace switchgear::test {

namespace {

void check(int error, const std::string& what) {
  if (error != 0)
    throw std::system_error{error, std::generic_category(), what};
}

/// Frees what posix_spawn wants prepared.
struct redirections {
  redirections() {
    check(posix_spawn_file_actions_init(&files), "posix_spawn_file_actions");
  }

  redirections(const redirections&) = delete;
  redirections& operator=(const redirections&) = delete;

  ~redirections() {
    posix_spawn_file_actions_destroy(&files);
  }

  posix_spawn_file_actions_t files;
};

} // namespace

process::process(std::vector<std::string> command, const std::string& output,
                 const std::string& input) {
  // Asks the kernel to kill it with its parent, then becomes it.
  command.insert(command.begin(), {"setpriv", "--pdeathsig", "KILL", "--"});
  std::vector<char*> arguments;
  for (auto& each : command)
    arguments.push_back(each.data());
  arguments.push_back(nullptr);
  redirections to;
  check(
    posix_spawn_file_actions_addopen(&to.files, 0, input.c_str(), O_RDONLY, 0),
    input);
  check(posix_spawn_file_actions_addopen(&to.files, 1, output.c_str(),
                                         O_WRONLY | O_CREAT | O_TRUNC, 0600),
        output);
  check(posix_spawn_file_actions_adddup2(&to.files, 1, 2), output);
  check(posix_spawn_file_actions_addclosefrom_np(&to.files, 3), output);
  check(posix_spawnp(&pid_, arguments.front(), &to.files, nullptr,
                     arguments.data(), environ),
        "cannot start " + command[4]);
}

process::~process() {
  if (!running())
    return;
  kill(pid_, SIGKILL);
  wait();
}

std::optional<int> process::wait() {
  while (pid_ != 0 && waitpid(pid_, &status_, 0) < 0 && errno == EINTR)
    continue;
  pid_ = 0;
  if (!WIFEXITED(status_))
    return std::nullopt;
  return WEXITSTATUS(status_);
}

bool process::running() {
  if (pid_ != 0 && waitpid(pid_, &status_, WNOHANG) == pid_)
    pid_ = 0;
  return pid_ != 0;
}

} // namespace switchgear::test
