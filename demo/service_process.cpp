#include "service_process.hpp"

#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <filesystem>
#include <stdexcept>
#include <system_error>

namespace demo {

namespace {

using clock = std::chrono::steady_clock;

// Far more than the service ever needs, even on a machine that swaps.
constexpr auto patience = std::chrono::seconds{20};

[[noreturn]] void fail(const std::string& what) {
  throw std::system_error{errno, std::generic_category(), what};
}

void check(int error, const char* what) {
  if (error != 0) {
    errno = error;
    fail(what);
  }
}

/// A socket that is bound to a free loopback port and does not listen.
/// Connections are refused while nobody else listens there, and the system
/// gives the port to nobody who does not ask for it by its number.
unique_fd reserve_port(int& port) {
  unique_fd fd{socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
  const int on = 1;
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof(address);
  auto* generic = reinterpret_cast<sockaddr*>(&address);
  if (setsockopt(fd.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) != 0
      || bind(fd.get(), generic, size) != 0
      || getsockname(fd.get(), generic, &size) != 0)
    fail("no free port on 127.0.0.1");
  port = ntohs(address.sin_port);
  return fd;
}

struct pipe_ends {
  unique_fd reader;
  unique_fd writer;
};

pipe_ends make_pipe() {
  std::array<int, 2> fds;
  if (pipe2(fds.data(), O_CLOEXEC) != 0)
    fail("cannot make a pipe");
  return {unique_fd{fds[0]}, unique_fd{fds[1]}};
}

/// Frees what posix_spawn wants prepared.
struct spawn_plan {
  posix_spawnattr_t attributes;
  posix_spawn_file_actions_t files;

  spawn_plan() {
    check(posix_spawnattr_init(&attributes), "posix_spawnattr_init");
    check(posix_spawn_file_actions_init(&files), "posix_spawn_file_actions");
  }

  ~spawn_plan() {
    posix_spawn_file_actions_destroy(&files);
    posix_spawnattr_destroy(&attributes);
  }

  spawn_plan(const spawn_plan&) = delete;
  spawn_plan& operator=(const spawn_plan&) = delete;
};

/// Beside this very program.
std::string service_path() {
  auto self = std::filesystem::read_symlink("/proc/self/exe");
  return self.replace_filename("demo_service").string();
}

pid_t spawn_service(int port, std::chrono::milliseconds latency, int input,
                    int output) {
  spawn_plan plan;
  // A group of its own: Ctrl-C is the demo's business. The signals that the
  // demo blocks are not blocked there.
  sigset_t none;
  sigemptyset(&none);
  posix_spawnattr_setsigmask(&plan.attributes, &none);
  posix_spawnattr_setpgroup(&plan.attributes, 0);
  posix_spawnattr_setflags(&plan.attributes,
                           POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK);
  posix_spawn_file_actions_adddup2(&plan.files, input, STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&plan.files, output, STDOUT_FILENO);
  posix_spawn_file_actions_addclosefrom_np(&plan.files, STDERR_FILENO + 1);
  auto path = service_path();
  auto port_text = std::to_string(port);
  auto latency_text = std::to_string(latency.count());
  std::array<char*, 4> arguments{path.data(), port_text.data(),
                                 latency_text.data(), nullptr};
  pid_t pid = 0;
  check(posix_spawn(&pid, path.c_str(), &plan.files, &plan.attributes,
                    arguments.data(), environ),
        ("cannot start " + path).c_str());
  return pid;
}

} // namespace

service_process::service_process(std::chrono::milliseconds latency)
  : latency_(latency),
    reservation_(reserve_port(port_)) {
  start();
}

service_process::~service_process() {
  end();
}

void service_process::bring_into(condition wanted) {
  if (wanted == condition::dead) {
    end();
    return;
  }
  if (current() == condition::dead)
    start();
  // A stopped process could not confirm what it is told.
  kill(pid_, SIGCONT);
  switch (wanted) {
    case condition::errors:
      tell("errors");
      break;
    case condition::hanging:
      tell("hang");
      break;
    default:
      tell("healthy");
      break;
  }
  if (wanted == condition::paused) {
    kill(pid_, SIGSTOP);
    // Sending a signal is not yet its effect.
    siginfo_t info{};
    waitid(P_PID, static_cast<id_t>(pid_), &info, WSTOPPED | WEXITED | WNOWAIT);
  }
  condition_ = wanted;
}

condition service_process::current() {
  siginfo_t info{};
  if (pid_ != 0
      && waitid(P_PID, static_cast<id_t>(pid_), &info,
                WEXITED | WNOHANG | WNOWAIT)
           == 0
      && info.si_pid == pid_)
    end();
  return condition_;
}

std::string service_process::url() const {
  return "http://127.0.0.1:" + std::to_string(port_);
}

void service_process::start() {
  auto input = make_pipe();
  auto output = make_pipe();
  pid_
    = spawn_service(port_, latency_, input.reader.get(), output.writer.get());
  to_child_ = std::move(input.writer);
  from_child_ = std::move(output.reader);
  // With its own end closed here, a dying child shows as the end of the pipe.
  output.writer.reset();
  auto answer = read_line();
  if (!answer.starts_with("listening ")) {
    end();
    throw std::runtime_error{"demo_service did not start: "
                             + (answer.empty() ? "it ended" : answer)};
  }
  condition_ = condition::healthy;
}

void service_process::end() noexcept {
  if (pid_ != 0) {
    kill(pid_, SIGKILL);
    while (waitpid(pid_, nullptr, 0) < 0 && errno == EINTR)
      continue;
  }
  pid_ = 0;
  to_child_.reset();
  from_child_.reset();
  condition_ = condition::dead;
}

void service_process::tell(std::string_view word) {
  auto line = std::string{word} + '\n';
  // SIGPIPE is ignored in the demo, so a dead child is an error here.
  if (write(to_child_.get(), line.data(), line.size())
        != static_cast<ssize_t>(line.size())
      || read_line() != word) {
    end();
    throw std::runtime_error{"demo_service ended when told: "
                             + std::string{word}};
  }
}

std::string service_process::read_line() {
  std::string line;
  const auto deadline = clock::now() + patience;
  for (;;) {
    auto left
      = std::chrono::ceil<std::chrono::milliseconds>(deadline - clock::now());
    pollfd ready{from_child_.get(), POLLIN, 0};
    if (left.count() <= 0)
      return line;
    if (poll(&ready, 1, static_cast<int>(left.count())) <= 0)
      continue;
    char next = 0;
    auto got = read(from_child_.get(), &next, 1);
    if (got < 0 && errno == EINTR)
      continue;
    if (got <= 0 || next == '\n')
      return line;
    line += next;
  }
}

} // namespace demo
