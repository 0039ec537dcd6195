#include "child.hpp"

#include <spawn.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <system_error>

namespace switchgear::subprocess {

namespace {

void check(int error, const std::string& what) {
  if (error != 0)
    throw std::system_error{error, std::generic_category(), what};
}

/// Frees what posix_spawn wants prepared.
struct spawn_plan {
  spawn_plan() {
    check(posix_spawnattr_init(&attributes), "posix_spawn");
    if (const int error = posix_spawn_file_actions_init(&files)) {
      posix_spawnattr_destroy(&attributes);
      check(error, "posix_spawn");
    }
  }

  spawn_plan(const spawn_plan&) = delete;
  spawn_plan& operator=(const spawn_plan&) = delete;

  ~spawn_plan() {
    posix_spawn_file_actions_destroy(&files);
    posix_spawnattr_destroy(&attributes);
  }

  posix_spawnattr_t attributes;
  posix_spawn_file_actions_t files;
};

/// What the system wants instead of strings, which outlive it.
std::vector<char*> pointers_to(const std::vector<std::string>& texts) {
  std::vector<char*> result;
  for (const auto& each : texts)
    result.push_back(const_cast<char*>(each.c_str()));
  result.push_back(nullptr);
  return result;
}

/// A group of its own, and signals as if nobody had ever touched them.
void set_attributes(posix_spawnattr_t& to) {
  sigset_t none;
  sigset_t all;
  sigemptyset(&none);
  sigfillset(&all);
  check(posix_spawnattr_setsigmask(&to, &none), "posix_spawn");
  check(posix_spawnattr_setsigdefault(&to, &all), "posix_spawn");
  check(posix_spawnattr_setpgroup(&to, 0), "posix_spawn");
  check(posix_spawnattr_setflags(&to, POSIX_SPAWN_SETPGROUP
                                        | POSIX_SPAWN_SETSIGMASK
                                        | POSIX_SPAWN_SETSIGDEF),
        "posix_spawn");
}

} // namespace

child::child(const std::vector<std::string>& command,
             const subprocess_options& options) {
  auto input = make_pipe();
  auto output = make_pipe();
  auto errors = make_pipe();
  for (const auto* each : {&input.writer, &output.reader, &errors.reader})
    make_nonblocking(*each);

  spawn_plan plan;
  set_attributes(plan.attributes);
  auto* files = &plan.files;
  check(posix_spawn_file_actions_adddup2(files, input.reader.get(), 0), "dup");
  check(posix_spawn_file_actions_adddup2(files, output.writer.get(), 1), "dup");
  check(posix_spawn_file_actions_adddup2(files, errors.writer.get(), 2), "dup");
  // Other parts of this process may have files without O_CLOEXEC.
  check(posix_spawn_file_actions_addclosefrom_np(files, 3), "closefrom");
  if (!options.directory.empty())
    check(
      posix_spawn_file_actions_addchdir_np(files, options.directory.c_str()),
      "chdir");

  const auto arguments = pointers_to(command);
  std::vector<char*> variables;
  if (options.environment)
    variables = pointers_to(*options.environment);
  const auto purpose = "cannot start " + command.front();
  check(posix_spawnp(&pid_, arguments.front(), files, &plan.attributes,
                     arguments.data(),
                     options.environment ? variables.data() : environ),
        purpose);
  exit_ = owned_fd{static_cast<int>(syscall(SYS_pidfd_open, pid_, 0))};
  in = std::move(input.writer);
  out = std::move(output.reader);
  err = std::move(errors.reader);
}

child::~child() {
  if (pid_ != 0)
    bury();
}

void child::signal(int number) const noexcept {
  kill(-pid_, number);
}

bool child::ended() noexcept {
  siginfo_t info{};
  const int asked = waitid(P_PID, static_cast<id_t>(pid_), &info,
                           WEXITED | WNOHANG | WNOWAIT);
  stolen_ = asked != 0 && errno == ECHILD;
  return stolen_ || (asked == 0 && info.si_pid == pid_);
}

std::optional<int> child::bury() noexcept {
  // Before its number, which is that of the group, can be another's.
  if (!stolen_)
    signal(SIGKILL);
  const auto pid = std::exchange(pid_, 0);
  int status = 0;
  while (waitpid(pid, &status, 0) < 0)
    if (errno != EINTR)
      return std::nullopt;
  return status;
}

} // namespace switchgear::subprocess
