#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>

#include "switchgear/statem/exit_reason.hpp"
#include "switchgear/statem/vocabulary.hpp"

namespace switchgear::statem {

/// A declared change of state, for diagrams and for the engine to enforce.
template <class State>
struct edge {
  State from;
  State to;
  std::string_view label;
};

/// A callback module: what Erlang calls the module that implements the
/// behaviour. It holds no data of the machine; one module can serve many
/// machines. Users derive from `state_functions` or `handle_event_function`.
/// @note Callbacks run on one thread at a time per machine.
template <class T>
class callback_module : public vocabulary<T> {
public:
  using state_type = typename T::state;
  using data_type = typename T::data;

  virtual ~callback_module() = default;

  /// Whether state entries are announced with an `enter` call.
  virtual bool state_enter() const {
    return false;
  }

  /// Handles an event, or an enter call, in `current`.
  virtual transition<T> handle(const event<T>& ev, const state_type& current,
                               data_type& data)
    = 0;

  /// Called once when the machine ends. What it throws becomes the reason.
  virtual void terminate(const exit_reason&, const state_type&, data_type&) {
    // nop
  }

  /// Called while suspended to convert state and data for new code.
  /// @returns false if the change can not be made: the old ones are kept.
  virtual bool code_change(state_type&, data_type&, const std::string& extra) {
    static_cast<void>(extra);
    return false;
  }

  /// Whether a change of state from `from` to `to` is declared.
  virtual bool allows(const state_type& from, const state_type& to) const {
    static_cast<void>(from);
    static_cast<void>(to);
    return true;
  }
};

/// One row of a machine's state table.
template <class Derived>
struct state_function {
  using types = typename Derived::types;
  typename types::state value;
  std::string_view name;
  transition<types> (Derived::*function)(const event<types>&,
                                         typename types::data&);
};

/// A module with one member function per state, `callback_mode()
/// state_functions`. `Derived` provides
///
///     static constexpr auto states() -> std::array<state_function<Derived>, N>
///
/// and may provide `static constexpr auto edges()`, an array of `edge`: then a
/// change of state that is not declared ends the machine with
/// `undeclared_transition`, so the diagram made from it can not lie.
template <class Derived, class T>
class state_functions : public callback_module<T> {
public:
  using types = T;
  using state_type = typename T::state;
  using data_type = typename T::data;
  using row = state_function<Derived>;

  transition<T> handle(const event<T>& ev, const state_type& current,
                       data_type& data) override {
    static constexpr auto table = Derived::states();
    for (const auto& entry : table)
      if (entry.value == current)
        return (static_cast<Derived&>(*this).*entry.function)(ev, data);
    return {}; // a state without a function: bad_return_from_state_function
  }

  bool allows(const state_type& from, const state_type& to) const override {
    if constexpr (requires { Derived::edges(); }) {
      static constexpr auto table = Derived::edges();
      for (const auto& entry : table)
        if (entry.from == from && entry.to == to)
          return true;
      return false;
    } else {
      return true;
    }
  }
};

/// A module with one function for all states, which may be of any type:
/// `callback_mode() handle_event_function`. Implement `handle`.
template <class T>
using handle_event_function = callback_module<T>;

/// The name of `value` in the state table of `Machine`.
template <class Machine>
std::string_view state_name(const typename Machine::types::state& value) {
  static constexpr auto table = Machine::states();
  for (const auto& entry : table)
    if (entry.value == value)
      return entry.name;
  return "?";
}

} // namespace switchgear::statem
