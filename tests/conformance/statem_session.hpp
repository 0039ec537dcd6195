#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "conformance/statem_modules.hpp"

namespace switchgear::conformance {

/// A machine that has been started and is sent what a scenario says. It writes
/// the trace, but for the ends of waits and of the scenario.
class statem_session {
public:
  virtual ~statem_session() = default;

  /// Sends without waiting for anything.
  virtual void send(const step& next) = 0;

  /// Lets time pass, during which the machine handles what it was sent.
  virtual void wait(std::chrono::milliseconds time) = 0;

  /// @returns the machine's state and data; nothing if it is dead.
  virtual std::optional<std::string> state() = 0;

  /// Ids of the calls that nobody has answered, in order.
  virtual std::vector<std::string> unanswered() const = 0;
};

/// @param script,trace outlive the session
/// @pre `script.init` is `ok`
std::unique_ptr<statem_session> start_virtual(const statem_script& script,
                                              lines& trace);

/// @param script,trace outlive the session
std::unique_ptr<statem_session> start_actor(const statem_script& script,
                                            lines& trace);

/// What the one who starts a machine gets: `ok`, `ignore` or `error REASON`.
std::string init_answer(const init_line& init);

/// `a d=0`.
std::string state_and_data(const statem::engine<scripted>& machine);

/// Carries out a system message, but for what comes after the answer to it.
/// @returns the answer.
std::string answer(const statem_modules& modules,
                   statem::engine<scripted>& machine, const step& request);

/// Does what comes after the answer: resumes or stops.
void follow_up(statem::engine<scripted>& machine, time_point now,
               const step& request);

/// Calls that were sent, and what became of them.
class call_ledger {
public:
  explicit call_ledger(lines& trace) : trace_(trace) {
    // nop
  }

  void sent(std::string id) {
    pending_.push_back(std::move(id));
  }

  void replied(const std::string& id, const std::string& text) {
    if (std::erase(pending_, id) > 0) // only the first reply counts
      trace_.push_back("reply " + id + ' ' + text);
  }

  void failed(const std::string& id, const std::string& why) {
    std::erase(pending_, id);
    trace_.push_back("callerr " + id + ' ' + why);
  }

  const std::vector<std::string>& pending() const noexcept {
    return pending_;
  }

private:
  lines& trace_;
  std::vector<std::string> pending_;
};

} // namespace switchgear::conformance
