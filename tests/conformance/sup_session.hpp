#pragma once

#include <chrono>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "conformance/sup_script.hpp"
#include "switchgear/supervision/messages.hpp"

namespace switchgear::conformance {

/// A supervisor and its children. It writes down what the children do, and the
/// end of the supervisor if it had started.
class sup_session {
public:
  virtual ~sup_session() = default;

  /// Starts the supervisor. @returns why it could not, or nothing.
  virtual std::optional<statem::exit_reason> start() = 0;

  /// A child ends by itself: `exit`, `crash` or `kill`.
  virtual void end_child(const sup_step& step) = 0;

  /// Makes a request. Time passes until it is answered.
  /// @returns `ok`, `ok undefined` or `error REASON`
  virtual std::string request(const sup_step& step) = 0;

  /// @returns the children as `ID=#N` or `ID=STATUS`
  virtual std::vector<std::string> which() = 0;

  virtual supervision::child_counts count() = 0;

  virtual void wait(std::chrono::milliseconds time) = 0;

  /// Stops the supervisor, unless it has ended. Time passes until it has.
  virtual void stop() = 0;
};

/// @param trace outlives the session
std::unique_ptr<sup_session> start_virtual_sup(const sup_script& script,
                                               lines& trace);
std::unique_ptr<sup_session> start_sup_actor(const sup_script& script,
                                             lines& trace);

/// Counts the starts of each child, and writes down how they went.
class start_ledger {
public:
  enum class outcome { up, failed, ignored };

  explicit start_ledger(lines& trace) : trace_(trace) {
    // nop
  }

  /// @returns what becomes of the next start of `child`
  outcome start(const sup_child& child) {
    const auto number = ++starts_[child.id];
    if (child.fail_starts.contains(number)) {
      trace_.push_back(name(child.id) + " start_failed");
      return outcome::failed;
    }
    if (child.ignores)
      return outcome::ignored;
    trace_.push_back(name(child.id) + " up");
    return outcome::up;
  }

  /// How many times the child has been started.
  int number(const std::string& id) {
    return starts_[id];
  }

  /// The latest start of a child: `ID #N`.
  std::string name(const std::string& id) {
    return id + " #" + std::to_string(number(id));
  }

private:
  lines& trace_;
  std::map<std::string, int> starts_;
};

/// Why a start fails.
inline statem::exit_reason failed_start() {
  return statem::exit_reason::stopped("nope");
}

} // namespace switchgear::conformance
