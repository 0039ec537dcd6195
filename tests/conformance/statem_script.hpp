#pragma once

#include <chrono>
#include <climits>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "conformance/scenario.hpp"
#include "switchgear/statem/statem.hpp"

namespace switchgear::conformance {

/// The machine that all statem scenarios are about.
struct scripted {
  using state = char; // 'a' to 'h'
  using data = int;
  using message = std::string;
  using reply = std::string;
  using timer_name = std::string;
};

/// Matches any state, type or content.
inline constexpr char any_state = '*';
inline const std::string any_content = "*";

// -- actions of a rule --------------------------------------------------------

/// A reply to the call being handled (no id), or to another one.
struct reply_line {
  std::string id;
  std::string text;
};

/// An inserted event. A call is the one being handled, with other content.
struct insert_line {
  statem::timer_key<scripted> type; // of timeouts the timer, of others the type
  std::string content;
};

/// A timeout. An absolute one has `after` from now.
struct timeout_line {
  statem::timeout_action<scripted> act;
};

struct module_line {
  statem::module_action<scripted>::operation op;
  char target = 'a';
};

/// An action that is none.
struct invalid_line {};

using action_line
  = std::variant<reply_line, insert_line, timeout_line, module_line,
                 invalid_line, statem::postpone_action,
                 statem::hibernate_action>;

// -- rules --------------------------------------------------------------------

struct transition_line {
  enum class kind {
    next_state,
    keep_state,
    repeat_state,
    stop,
    stop_and_reply,
    error,
    exit,
    bad_return,
  };

  kind what = kind::keep_state;
  bool thrown = false;   // as an exception, instead of returned
  bool new_data = false; // one more than the data given
  char target = 'a';
  std::string reason;
  std::vector<action_line> actions;
};

struct rule {
  char state = any_state;
  bool any_type = false; // but not enter
  statem::timer_key<scripted> type;
  std::string content;
  int uses_left = INT_MAX;
  transition_line result;
};

// -- the scenario -------------------------------------------------------------

struct init_line {
  enum class kind { ok, failed, ignore };

  kind what = kind::ok;
  char state = 'a';
  std::string reason; // for having failed
  std::vector<action_line> actions;
};

struct step {
  enum class kind { cast, info, call, wait, system };

  kind what = kind::cast;
  std::string content; // of a system message its argument
  std::string id;      // of a call; of a system message which one it is
  int number = 0;      // milliseconds to wait, or the data to replace
};

struct statem_script {
  bool state_functions = false;
  bool enter_a = false;
  bool enter_b = false;
  std::string on_code_change = "same"; // or "fail", or a state
  init_line init;
  std::vector<rule> rules;
  std::vector<step> steps;
};

/// Reads a scenario of the kind statem.
/// @throws bad_scenario
statem_script parse_statem(const lines& scenario);

} // namespace switchgear::conformance
