#pragma once

#include <sys/types.h>

#include <optional>
#include <string>
#include <vector>

namespace switchgear::test {

/// A program that a test runs. It is killed with the object, and with the
/// thread that started it, so that none is left behind by a test that fails.
class process {
public:
  /// @param command is looked for in the PATH
  /// @param output takes what it prints, errors too
  /// @throws std::runtime_error if it cannot be started
  process(std::vector<std::string> command, const std::string& output,
          const std::string& input = "/dev/null");

  process(const process&) = delete;
  process& operator=(const process&) = delete;

  ~process();

  /// Waits until it has ended.
  /// @returns its exit code; none if a signal ended it
  std::optional<int> wait();

  /// Whether it has not ended.
  bool running();

  /// 0 once it is known to have ended.
  pid_t pid() const noexcept {
    return pid_;
  }

private:
  pid_t pid_ = 0; // 0: it has ended, and been waited for
  int status_ = 0;
};

} // namespace switchgear::test
