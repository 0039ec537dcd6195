#pragma once

#include "switchgear/statem/transition.hpp"

namespace switchgear::statem {

/// The words in which a machine's callbacks speak: a base class that only adds
/// names, so that a state function reads like its Erlang counterpart.
///
///     return next_state(state::open, reply(ev.from, rejected),
///                       state_timeout(60s, attempt_recovery));
///
/// Data is changed in place, so gen_statem's pairs `keep_state` and
/// `keep_state_and_data` are one word here.
template <class T>
struct vocabulary {
  using state_type = typename T::state;
  using data_type = typename T::data;
  using message_type = typename T::message;
  using reply_type = typename T::reply;
  using timer_name = timer_name_t<T>;
  using event = statem::event<T>;
  using event_type = statem::event_type;
  using transition = statem::transition<T>;
  using action = statem::action<T>;
  using result_kind = typename transition::kind;

  // -- results ----------------------------------------------------------------

  /// Goes to `target`. If that is the current state nothing changes and no
  /// enter call is made; see `repeat_state`.
  template <class... Actions>
  static transition next_state(state_type target, Actions... actions) {
    return with(transition{std::move(target)}, std::move(actions)...);
  }

  /// Stays, without an enter call.
  template <class... Actions>
  static transition keep_state(Actions... actions) {
    return with(transition{result_kind::keep_state}, std::move(actions)...);
  }

  /// Stays, with an enter call. Postponed events are not retried and the state
  /// timeout goes on.
  template <class... Actions>
  static transition repeat_state(Actions... actions) {
    return with(transition{result_kind::repeat_state}, std::move(actions)...);
  }

  static transition stop(exit_reason reason = exit_reason::normal()) {
    return transition{result_kind::stop, std::move(reason)};
  }

  /// Sends `replies` in order, then stops.
  template <class... Replies>
  static transition stop_and_reply(exit_reason reason, Replies... replies) {
    return with(transition{result_kind::stop_and_reply, std::move(reason)},
                std::move(replies)...);
  }

  // -- actions ----------------------------------------------------------------

  static action reply(caller to, reply_type value) {
    return reply_action<T>{to, std::move(value)};
  }

  static action postpone(bool value = true) {
    return postpone_action{value, value};
  }

  static action hibernate() {
    return hibernate_action{};
  }

  /// Inserts an event before everything that waits. Inserting several keeps
  /// their order.
  static action next_event(event_type type, message_type content = {}) {
    event ev;
    ev.type = type;
    ev.content = std::move(content);
    return next_event_action<T>{std::move(ev)};
  }

  /// Inserts a complete event, e.g. a call with its caller.
  static action next_event(event ev) {
    return next_event_action<T>{std::move(ev)};
  }

  /// Comes unless another event is handled first.
  static action event_timeout(duration after, message_type content = {}) {
    return timeout({event_type::event_timeout, {}}, after, std::move(content));
  }

  /// Comes unless the state changes first.
  static action state_timeout(duration after, message_type content = {}) {
    return timeout({event_type::state_timeout, {}}, after, std::move(content));
  }

  /// Comes unless it is cancelled or restarted.
  static action generic_timeout(timer_name name, duration after,
                                message_type content = {}) {
    return timeout(generic(name), after, std::move(content));
  }

  /// Zero is handled after queued events, before anything external, and never
  /// as a real timer. `infinity` cancels.
  static action timeout(timer_key<T> key, duration after,
                        message_type content = {}) {
    timeout_action<T> act;
    act.key = key;
    act.after = after;
    act.content = std::move(content);
    return act;
  }

  static action timeout_at(timer_key<T> key, time_point due,
                           message_type content = {}) {
    timeout_action<T> act;
    act.key = key;
    act.op = timeout_action<T>::operation::absolute;
    act.at = due;
    act.content = std::move(content);
    return act;
  }

  static action state_timeout_at(time_point due, message_type content = {}) {
    return timeout_at({event_type::state_timeout, {}}, due, std::move(content));
  }

  static action generic_timeout_at(timer_name name, time_point due,
                                   message_type content = {}) {
    return timeout_at(generic(name), due, std::move(content));
  }

  /// No effect if it does not run.
  static action cancel_timeout(timer_key<T> key) {
    timeout_action<T> act;
    act.key = key;
    act.op = timeout_action<T>::operation::cancel;
    return act;
  }

  static action cancel_state_timeout() {
    return cancel_timeout({event_type::state_timeout, {}});
  }

  static action cancel_generic_timeout(timer_name name) {
    return cancel_timeout(generic(name));
  }

  /// Changes the content of a running timeout but not when it is due. If it
  /// does not run this is a zero timeout.
  static action update_timeout(timer_key<T> key, message_type content) {
    timeout_action<T> act;
    act.key = key;
    act.op = timeout_action<T>::operation::update;
    act.content = std::move(content);
    return act;
  }

  /// Callback modules: from now on `target` handles this machine's events. Its
  /// mode already decides about the enter call of this very transition.
  static action change_callback_module(callback_module<T>& target) {
    return module_action<T>{module_action<T>::operation::change, &target};
  }

  static action push_callback_module(callback_module<T>& target) {
    return module_action<T>{module_action<T>::operation::push, &target};
  }

  static action pop_callback_module() {
    return module_action<T>{module_action<T>::operation::pop, nullptr};
  }

  static timer_key<T> generic(timer_name name) {
    return {event_type::generic_timeout, name};
  }

private:
  template <class... Actions>
  static transition with(transition result, Actions... actions) {
    static_cast<void>((result << ... << action(std::move(actions))));
    return result;
  }
};

} // namespace switchgear::statem
