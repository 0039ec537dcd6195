#pragma once

#include <sys/types.h>

#include <optional>
#include <string>
#include <vector>

#include "pipe.hpp"
#include "switchgear/integrations/subprocess_tool.hpp"

namespace switchgear::subprocess {

/// A program that runs, in a process group of its own. With the object the
/// group is killed, so that nothing is left of it.
class child {
public:
  /// @throws std::system_error if it cannot be started
  child(const std::vector<std::string>& command,
        const subprocess_options& options);

  child(const child&) = delete;
  child& operator=(const child&) = delete;

  ~child();

  /// Sends a signal to all of the group.
  void signal(int number) const noexcept;

  /// Whether the first process has ended; it keeps its number until `bury`,
  /// unless somebody else has waited for it.
  bool ended() noexcept;

  /// Kills what is left of the group, and forgets it.
  /// @returns the status, as `waitpid` has it; none if somebody else has it
  std::optional<int> bury() noexcept;

  /// Becomes readable when the first process ends; -1 where the system has no
  /// such thing.
  int exit_fd() const noexcept {
    return exit_.get();
  }

  owned_fd in;
  owned_fd out;
  owned_fd err;

private:
  pid_t pid_ = 0;       // 0: buried
  bool stolen_ = false; // there is no such child any more
  owned_fd exit_;
};

} // namespace switchgear::subprocess
