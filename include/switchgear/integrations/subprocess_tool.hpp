#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <set>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "switchgear/breaker.hpp"
#include "switchgear/breaker/config.hpp"

/// Programs behind a breaker: tools that are commands. Link with
/// `switchgear::subprocess_tool`.
namespace switchgear {

struct subprocess_options {
  /// How long a program may run. Then it is ended, and all that it started.
  /// 1 ms to 24 h.
  duration timeout = std::chrono::seconds{30};

  /// How much longer it may take to end by itself when it is asked to (SIGTERM)
  /// before it is ended by force (SIGKILL). 0 to 1 h.
  duration grace = std::chrono::seconds{1};

  /// Bytes of each output that are kept, the first ones; the rest is read and
  /// dropped. 0 to 1 GiB.
  std::size_t output_limit = 1024 * 1024;

  /// Exit codes that are answers; all others are failures. The default: 0, and
  /// those by which a program says that it was asked the wrong thing, by the
  /// convention of BSD's `sysexits.h`: 64 (usage), 65 (data), 66 (no such
  /// input). `grep` would need 1, for it has found nothing. Each 0 to 255.
  std::set<int> answers{0, 64, 65, 66};

  /// Where it runs; empty (the default): where this process does.
  std::string directory{};

  /// Its environment, as `NAME=value`; unset (the default): that of this
  /// process. The program is looked for in the `PATH` of this process.
  std::optional<std::vector<std::string>> environment{};
};

/// All that is wrong with `options`.
std::vector<config_error> validate(const subprocess_options& options);

/// What a program that has ended leaves.
struct process_result {
  int exit_code = 0;
  std::string out{};
  std::string err{};
  bool out_cut = false; ///< There was more than `output_limit` of it.
  bool err_cut = false;

  friend bool operator==(const process_result&, const process_result&)
    = default;
};

/// The cause of a failure of a program that did run: what it has left so far.
class process_failed : public std::runtime_error {
public:
  process_failed(const std::string& what, process_result left)
    : std::runtime_error(what),
      left_(std::move(left)) {
    // nop
  }

  /// With an `exit_code` of -1 if it was ended, or died, by a signal.
  const process_result& left() const noexcept {
    return left_;
  }

private:
  process_result left_;
};

/// What the program behind a failure has left, if it did run.
std::optional<process_result> process_result_of(const failure& why);

/// Runs programs through a breaker, each in a process group of its own and with
/// no shell between. The calling thread waits.
///
/// | what                                        | code               |
/// | ------------------------------------------- | ------------------ |
/// | there is no such program                    | `not_found`        |
/// | it cannot be started (rights, memory)       | `operation_failed` |
/// | it runs into its deadline                   | `timeout`          |
/// | an exit code that is no answer              | `operation_failed` |
/// | it dies by a signal                         | `operation_failed` |
///
/// All of these count against the tool. An exit code among
/// `subprocess_options::answers` is a result, and a success for the breaker.
///
/// A program gets its arguments and its input, the standard input and outputs,
/// no other open file, and no blocked or ignored signal. It is over when its
/// first process ends: what that has started and left in its group is killed,
/// too. Only what leaves the group (`setsid`) escapes.
///
/// @note Thread-safe. Nothing may wait for children of this process that it
///       does not know, as `wait` and `SIGCHLD` set to be ignored do.
class subprocess_tool {
public:
  /// @throws setup_error if the options are not allowed
  explicit subprocess_tool(switchgear::breaker through,
                           subprocess_options options = {});

  /// One program, to its end.
  ///
  /// @param command the program, looked for in the `PATH` if there is no slash
  ///        in it, and its arguments
  /// @param input for its standard input, any bytes; it need not read them
  /// @returns what it left, or a failure as listed above, or the breaker's
  ///          rejection: then no process was started. `invalid_config`, and
  ///          the breaker is not asked, for a command that is empty or has a
  ///          zero byte in it
  expected<process_result, failure> run(const std::vector<std::string>& command,
                                        std::string_view input = {});

  const switchgear::breaker& breaker() const noexcept {
    return breaker_;
  }

private:
  switchgear::breaker breaker_;
  subprocess_options options_;
};

} // namespace switchgear
