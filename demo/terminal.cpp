#include "terminal.hpp"

#include <sys/ioctl.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <system_error>

#include "signals.hpp"

namespace demo {

namespace {

// The alternate screen; no wrapping, so that a character that is wider than
// thought spoils one line only; no cursor.
constexpr std::string_view enter_screen = "\x1b[?1049h\x1b[?7l\x1b[?25l\x1b[2J";
constexpr std::string_view leave_screen = "\x1b[0m\x1b[?25h\x1b[?7h\x1b[?1049l";

/// Async-signal-safe.
void write_all(int fd, std::string_view text) noexcept {
  while (!text.empty()) {
    const auto written = write(fd, text.data(), text.size());
    if (written < 0 && errno != EINTR)
      return;
    if (written > 0)
      text.remove_prefix(static_cast<std::size_t>(written));
  }
}

constexpr std::array crash_signals{SIGSEGV, SIGBUS,  SIGILL,
                                   SIGFPE,  SIGABRT, SIGQUIT};

// What a crash has to put back, and who was told of crashes before.
struct {
  int input;
  int output;
  termios modes;
  std::array<struct sigaction, crash_signals.size()> handlers;
} crash_terminal;

extern "C" void restore_and_crash(int signal) {
  write_all(crash_terminal.output, leave_screen);
  tcsetattr(crash_terminal.input, TCSANOW, &crash_terminal.modes);
  // SA_RESETHAND: this time it does what it always does.
  raise(signal);
}

void handle_crashes(int input, int output, const termios& modes) {
  crash_terminal.input = input;
  crash_terminal.output = output;
  crash_terminal.modes = modes;
  struct sigaction restore {};
  restore.sa_handler = restore_and_crash;
  restore.sa_flags = static_cast<int>(SA_RESETHAND);
  for (std::size_t i = 0; i < crash_signals.size(); ++i)
    sigaction(crash_signals[i], &restore, &crash_terminal.handlers[i]);
}

void handle_no_crashes() noexcept {
  for (std::size_t i = 0; i < crash_signals.size(); ++i)
    sigaction(crash_signals[i], &crash_terminal.handlers[i], nullptr);
}

std::string_view environment(const char* name) {
  const auto* value = std::getenv(name);
  return value == nullptr ? std::string_view{} : std::string_view{value};
}

bool shows_unicode() {
  for (const auto* name : {"LC_ALL", "LC_CTYPE", "LANG"}) {
    const auto value = environment(name);
    if (!value.empty())
      return value.find("UTF-8") != value.npos
             || value.find("utf8") != value.npos
             || value.find("UTF8") != value.npos
             || value.find("utf-8") != value.npos;
  }
  // Nothing is said, as in most containers. The terminals of today can, but
  // the console cannot, and tmux and screen do not if they are not told.
  const auto term = environment("TERM");
  return term != "linux" && !term.starts_with("screen")
         && !term.starts_with("tmux");
}

} // namespace

bool has_terminal() {
  const auto term = environment("TERM");
  return isatty(STDIN_FILENO) && isatty(STDOUT_FILENO) && !term.empty()
         && term != "dumb";
}

look look_of_terminal() {
  look result;
  winsize size{};
  if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0
      && size.ws_row > 0) {
    result.columns = size.ws_col;
    result.rows = size.ws_row;
  }
  result.unicode = shows_unicode();
  result.colour = environment("NO_COLOR").empty();
  return result;
}

terminal::terminal(int input, int output) : input_(input), output_(output) {
  if (tcgetattr(input_, &before_) != 0)
    throw std::system_error{errno, std::generic_category(), "terminal"};
  handle_crashes(input_, output_, before_);
  enter();
}

terminal::~terminal() {
  leave();
  handle_no_crashes();
}

void terminal::draw(const std::vector<std::string>& lines) {
  std::string out;
  const auto rows = std::max(lines.size(), shown_.size());
  for (std::size_t i = 0; i < rows; ++i) {
    const auto* now = i < lines.size() ? &lines[i] : nullptr;
    if (i < shown_.size() && now != nullptr && shown_[i] == *now)
      continue;
    out += "\x1b[" + std::to_string(i + 1) + ";1H\x1b[K";
    if (now != nullptr)
      out += *now;
  }
  if (!out.empty())
    write_all(output_, out);
  shown_ = lines;
}

void terminal::clear() {
  shown_.clear();
  write_all(output_, "\x1b[2J");
}

std::string terminal::read_keys() {
  std::array<char, 256> buffer;
  const auto got = read(input_, buffer.data(), buffer.size());
  if (got < 0 && errno != EINTR && errno != EAGAIN)
    throw interrupted{SIGHUP};
  if (got <= 0)
    return {};
  return {buffer.data(), static_cast<std::size_t>(got)};
}

void terminal::suspend() {
  leave();
  kill(0, SIGTSTP); // and the others of this job, as the terminal would do
  enter();
  clear();
}

void terminal::enter() {
  auto raw = before_;
  cfmakeraw(&raw);
  // Reading never waits; poll does.
  raw.c_cc[VMIN] = 0;
  raw.c_cc[VTIME] = 0;
  if (tcsetattr(input_, TCSAFLUSH, &raw) != 0)
    throw std::system_error{errno, std::generic_category(), "terminal"};
  write_all(output_, enter_screen);
}

void terminal::leave() const noexcept {
  write_all(output_, leave_screen);
  tcsetattr(input_, TCSAFLUSH, &before_);
}

} // namespace demo
