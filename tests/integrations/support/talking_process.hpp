#pragma once

#include <sys/types.h>

#include <string>
#include <string_view>
#include <vector>

#include "support/eventually.hpp"

namespace switchgear::test {

/// A program that a test runs and talks to, line by line. It is killed with the
/// object, and with the thread that started it.
/// @note Not thread-safe.
class talking_process {
public:
  /// @param command is looked for in the PATH
  /// @throws std::runtime_error if it cannot be started
  explicit talking_process(std::vector<std::string> command);

  talking_process(const talking_process&) = delete;
  talking_process& operator=(const talking_process&) = delete;

  ~talking_process();

  /// @throws std::runtime_error if it does not read
  void write_line(std::string_view text);

  /// Waits for its next line.
  /// @throws std::runtime_error if it has ended, or says nothing for so long
  std::string read_line(duration limit = patience);

  /// Stops it as a whole, connections and all, until `resume`; returns when it
  /// has stopped.
  void pause();
  void resume();

private:
  pid_t pid_ = 0;
  int to_ = -1;
  int from_ = -1;
};

} // namespace switchgear::test
