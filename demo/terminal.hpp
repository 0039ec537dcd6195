#pragma once

#include <termios.h>
#include <unistd.h>

#include <string>
#include <string_view>
#include <vector>

#include "model.hpp"

namespace demo {

/// Whether standard input and output are a terminal that can be drawn on.
bool has_terminal();

/// The size of the terminal and what it can show, the latter as the
/// environment says (locale, NO_COLOR).
look look_of_terminal();

/// Has the terminal to itself: raw keys, a screen of its own, no cursor. The
/// destructor puts back what was there, and so do the signals of a crash.
/// @note One at a time.
class terminal {
public:
  /// @throws std::system_error if it is no terminal, or refuses.
  explicit terminal(int input = STDIN_FILENO, int output = STDOUT_FILENO);

  ~terminal();

  terminal(const terminal&) = delete;
  terminal& operator=(const terminal&) = delete;

  /// Writes the lines that differ from what was drawn last.
  void draw(const std::vector<std::string>& lines);

  /// Forgets what was drawn: the next `draw` starts on an empty screen.
  void clear();

  /// The bytes of keys that have been pressed; none if there are none yet.
  /// @throws interrupted if the terminal is gone.
  std::string read_keys();

  /// Gives the terminal back, stops the program as Ctrl-Z does elsewhere, and
  /// takes the terminal again when the program goes on.
  void suspend();

private:
  void enter();
  void leave() const noexcept;

  const int input_;
  const int output_;
  termios before_{};
  std::vector<std::string> shown_;
};

} // namespace demo
