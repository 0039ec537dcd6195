#pragma once

#include <optional>
#include <utility>
#include <variant>

#include "switchgear/statem/event.hpp"

namespace switchgear::statem {

template <class T>
class callback_module;

/// Sends a reply, at once.
template <class T>
struct reply_action {
  caller to;
  typename T::reply value;
};

/// Inserts an event that is handled before everything that waits.
template <class T>
struct next_event_action {
  event<T> inserted;
};

/// Starts, restarts, cancels or updates one timer.
template <class T>
struct timeout_action {
  enum class operation { relative, absolute, cancel, update };

  timer_key<T> key;
  operation op = operation::relative;
  duration after{};
  time_point at{};
  typename T::message content{};
};

/// Postpones the current event until the state changes.
struct postpone_action {
  bool value = true;
  /// gen_statem knows two spellings, `postpone` and `{postpone, true}`. They
  /// mean the same; only the error for using one in an enter call differs.
  bool bare = true;
};

/// Gives memory back after this transition. Neither order nor timing change.
struct hibernate_action {};

/// Changes the stack of callback modules. The engine does not own modules.
template <class T>
struct module_action {
  enum class operation { change, push, pop };

  operation op;
  callback_module<T>* target = nullptr;
};

/// One transition action. A default-constructed action is invalid: carrying
/// it out ends the machine with `bad_action_from_state_function`.
template <class T>
using action
  = std::variant<std::monostate, reply_action<T>, next_event_action<T>,
                 timeout_action<T>, postpone_action, hibernate_action,
                 module_action<T>>;

} // namespace switchgear::statem
