#pragma once

#include <cstdint>
#include <exception>
#include <optional>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "switchgear/detail/ring_queue.hpp"
#include "switchgear/statem/callback_module.hpp"
#include "switchgear/statem/host.hpp"
#include "switchgear/statem/timer_table.hpp"

namespace switchgear::statem {

/// Whether an exception in a callback rolls data back to what it was before
/// the event, as Erlang's immutable data gives for free. It costs a copy per
/// event. A machine whose callbacks can not throw once they have begun to
/// change their data says `static constexpr bool transactional = false`.
template <class T>
inline constexpr bool is_transactional = [] {
  if constexpr (requires { T::transactional; })
    return bool{T::transactional};
  else
    return std::is_copy_assignable_v<typename T::data>;
}();

/// gen_statem, without processes: a state machine that is fed events and the
/// time, and that asks its host for replies and timers.
///
/// Invariants:
///  1. Outside its own functions an engine has no queued event and no pending
///     zero timeout: each function works until both are gone.
///  2. State and data change only when a transition is complete. If a callback
///     throws, `terminate` sees those from before the event.
///  3. At most one timer of a key runs, and each start has its own handle.
///  4. After `terminated` nothing is called any more.
///
/// In the steady state no function allocates, if messages and replies don't.
///
/// Source of the rules: gen_statem of Erlang/OTP 25 and later.
/// @note Not thread-safe. All functions take the current time, which must not
///       run backwards.
template <class T>
class engine {
public:
  using state_type = typename T::state;
  using data_type = typename T::data;
  using message_type = typename T::message;

  engine(callback_module<T>& callbacks, state_type initial, data_type data)
    : state_(std::move(initial)),
      data_(std::move(data)) {
    modules_.push_back(&callbacks);
  }

  engine(const engine&) = delete;
  engine& operator=(const engine&) = delete;

  /// Sets who is told of replies and timers; null while nobody is. Timers that
  /// run are armed with the new host: a machine outlives its driver.
  void attach(host<T>* world) {
    host_ = world;
    timers_.attach(world);
  }

  // -- events -----------------------------------------------------------------

  /// Makes the first transition: the enter call of the initial state, and
  /// `actions` as if init had returned them.
  /// @pre `attach` was called
  void start(time_point now, transition<T> init
                             = transition<T>{transition<T>::kind::keep_state}) {
    now_ = now;
    begin();
    if constexpr (is_transactional<T>)
      before_ = data_;
    if (take_actions(init, state_, false)
        && (!announces_entry() || enter(state_)))
      commit(nullptr, state_);
    drain();
  }

  /// Handles an event from outside and everything that follows from it.
  /// While suspended the event waits.
  void deliver(event<T> ev, time_point now) {
    if (done_)
      return;
    now_ = now;
    if (suspended_) {
      inbox_.push_back(std::move(ev));
      return;
    }
    handle(std::move(ev));
    drain();
  }

  /// Names a caller that no call had before, whoever drove the machine then.
  caller new_caller() noexcept {
    return caller{++last_caller_};
  }

  void call(caller from, message_type content, time_point now) {
    event<T> ev;
    ev.type = event_type::call;
    ev.from = from;
    ev.content = std::move(content);
    deliver(std::move(ev), now);
  }

  void cast(message_type content, time_point now) {
    simple(event_type::cast, std::move(content), now);
  }

  void info(message_type content, time_point now) {
    simple(event_type::info, std::move(content), now);
  }

  /// A timer armed with the host is due. Unknown handles are dropped.
  void expire(timer_ref ref, time_point now) {
    if (done_)
      return;
    now_ = now;
    if (suspended_) {
      inbox_.push_back(ref);
      return;
    }
    fire(ref);
    drain();
  }

  // -- system messages: no events, no transition, no timer is touched ---------

  const state_type& state() const noexcept {
    return state_;
  }

  const data_type& data() const noexcept {
    return data_;
  }

  /// For hosts that keep parts of a machine's data themselves.
  data_type& data() noexcept {
    return data_;
  }

  bool terminated() const noexcept {
    return done_;
  }

  bool suspended() const noexcept {
    return suspended_;
  }

  /// Replaces state and data bare: no enter call, no timer cancelled, nothing
  /// retried.
  /// @param change called as `change(state, data)` on copies; if it throws,
  ///               nothing is changed and the exception goes to the caller.
  template <class F>
  void replace_state(F change) {
    auto s = state_;
    auto d = data_;
    change(s, d);
    state_ = std::move(s);
    data_ = std::move(d);
  }

  void suspend() noexcept {
    suspended_ = true;
  }

  /// Handles what has waited, in order of arrival.
  void resume(time_point now) {
    suspended_ = false;
    now_ = now;
    while (!inbox_.empty() && !done_) {
      auto next = inbox_.pop_front();
      if (auto* ref = std::get_if<timer_ref>(&next))
        fire(*ref);
      else
        handle(std::move(std::get<event<T>>(next)));
      drain();
    }
  }

  /// Converts state and data for new code; only while suspended.
  /// @returns whether they were converted.
  bool code_change(const std::string& extra) {
    if (!suspended_ || done_)
      return false;
    auto s = state_;
    auto d = data_;
    try {
      if (!top().code_change(s, d, extra))
        return false;
    } catch (...) {
      return false;
    }
    state_ = std::move(s);
    data_ = std::move(d);
    return true;
  }

  /// Ends the machine from outside, also while it is suspended. Waiting events
  /// are lost.
  void stop(exit_reason why, time_point now) {
    now_ = now;
    if (!done_)
      finish(std::move(why));
  }

  /// Postponed events, oldest first.
  const switchgear::detail::ring_queue<event<T>>& postponed() const noexcept {
    return postponed_;
  }

  /// Timers that run, pending zero timeouts included.
  const std::vector<timer<T>>& timers() const noexcept {
    return timers_.running();
  }

  bool running(const timer_key<T>& key) const {
    return timers_.runs(key);
  }

  callback_module<T>& top() const noexcept {
    return *modules_.back();
  }

private:
  using kind = typename transition<T>::kind;
  using module_operation = typename module_action<T>::operation;

  void simple(event_type type, message_type content, time_point now) {
    event<T> ev;
    ev.type = type;
    ev.content = std::move(content);
    deliver(std::move(ev), now);
  }

  bool announces_entry() const {
    return top().state_enter();
  }

  // -- the loop ---------------------------------------------------------------

  void drain() {
    while (!done_) {
      if (!queue_.empty())
        handle(queue_.pop_front());
      else if (timers_.has_zero())
        handle(timers_.take_zero());
      else
        return;
    }
  }

  void fire(timer_ref ref) {
    if (auto ev = timers_.take(ref))
      handle(std::move(*ev));
  }

  void begin() {
    inserted_.clear();
    requested_.clear();
    postpone_ = false;
    hibernate_ = false;
  }

  void handle(event<T> ev) {
    begin();
    ev.now = now_;
    if constexpr (is_transactional<T>)
      before_ = data_;
    transition<T> result;
    if (!invoke(ev, state_, result))
      return;
    switch (result.what()) {
      case kind::none:
        roll_back();
        return finish(broken("bad_return_from_state_function"));
      case kind::stop:
        return finish(std::move(result.reason()));
      case kind::stop_and_reply:
        return reply_and_stop(result);
      default:
        break;
    }
    const bool next = result.what() == kind::next_state;
    const bool changed = next && !(result.target() == state_);
    if (changed && !top().allows(state_, result.target())) {
      roll_back();
      return finish(broken("undeclared_transition"));
    }
    const state_type& target = next ? result.target() : state_;
    if (!take_actions(result, target, false))
      return;
    if ((changed || result.what() == kind::repeat_state) && announces_entry()
        && !enter(target))
      return;
    commit(&ev, target);
  }

  /// Calls the module; on an exception ends the machine with the state and
  /// data from before the event.
  bool invoke(const event<T>& ev, const state_type& current,
              transition<T>& result) {
    exit_reason why;
    try {
      result = top().handle(ev, current, data_);
      return true;
    } catch (transition<T>& thrown) {
      result = std::move(thrown); // a thrown result is a result
      return true;
    } catch (statem::exit& ex) {
      why = std::move(ex.reason);
    } catch (const std::exception& ex) {
      why = exit_reason::error(ex.what(), std::current_exception());
    } catch (...) {
      why = exit_reason::error("unknown exception", std::current_exception());
    }
    roll_back();
    finish(std::move(why));
    return false;
  }

  /// The enter call of `target`, repeated as often as it asks for.
  bool enter(const state_type& target) {
    event<T> ev;
    ev.type = event_type::enter;
    ev.old_state = &state_;
    ev.now = now_;
    for (;;) {
      // A bad result rolls back to what this very call was given, not to what
      // was before the event.
      if constexpr (is_transactional<T>)
        given_ = data_;
      transition<T> result;
      if (!invoke(ev, target, result))
        return false;
      const bool elsewhere
        = result.what() == kind::next_state && !(result.target() == target);
      if (result.what() == kind::none || elsewhere) {
        if constexpr (is_transactional<T>)
          data_ = *given_;
        become(target);
        finish(broken(elsewhere ? "bad_state_enter_return_from_state_function"
                                : "bad_return_from_state_function"));
        return false;
      }
      if (result.what() == kind::stop) {
        become(target);
        finish(std::move(result.reason()));
        return false;
      }
      if (result.what() == kind::stop_and_reply) {
        become(target);
        reply_and_stop(result);
        return false;
      }
      if (!take_actions(result, target, true))
        return false;
      if (result.what() != kind::repeat_state)
        return true;
    }
  }

  // -- actions ----------------------------------------------------------------

  /// Carries out or collects actions in order. At an invalid one the machine
  /// ends: earlier replies are out.
  bool take_actions(transition<T>& result, const state_type& target,
                    bool entering) {
    for (std::size_t i = 0; i < result.size(); ++i) {
      if (const char* wrong = take(result[i], entering)) {
        become(target);
        finish(broken(wrong));
        return false;
      }
    }
    return true;
  }

  /// @returns null, or the name of the rule that `act` breaks.
  const char* take(action<T>& act, bool entering) {
    static constexpr auto bad = "bad_action_from_state_function";
    static constexpr auto bad_enter
      = "bad_state_enter_action_from_state_function";
    if (auto* r = std::get_if<reply_action<T>>(&act)) {
      host_->reply(r->to, std::move(r->value));
    } else if (auto* n = std::get_if<next_event_action<T>>(&act)) {
      if (n->inserted.is_enter()
          || (n->inserted.type == event_type::call && !n->inserted.from))
        return bad;
      if (entering)
        return bad_enter;
      inserted_.push_back(std::move(n->inserted));
    } else if (auto* t = std::get_if<timeout_action<T>>(&act)) {
      if (!is_timeout(t->key.type)
          || (t->op == timeout_action<T>::operation::relative
              && t->after < duration::zero()))
        return bad;
      requested_.push_back(std::move(*t));
    } else if (auto* p = std::get_if<postpone_action>(&act)) {
      if (entering && p->value)
        return p->bare ? bad_enter : bad;
      postpone_ = p->value;
    } else if (std::holds_alternative<hibernate_action>(act)) {
      hibernate_ = true;
    } else if (auto* m = std::get_if<module_action<T>>(&act)) {
      if (m->op == module_operation::pop ? modules_.size() == 1 : !m->target)
        return bad;
      if (entering)
        return bad_enter;
      change_module(*m);
    } else {
      return bad;
    }
    return nullptr;
  }

  void change_module(const module_action<T>& act) {
    if (act.op == module_operation::push)
      modules_.push_back(act.target);
    else if (act.op == module_operation::pop)
      modules_.pop_back();
    else
      modules_.back() = act.target;
  }

  void reply_and_stop(transition<T>& result) {
    for (std::size_t i = 0; i < result.size(); ++i) {
      auto* r = std::get_if<reply_action<T>>(&result[i]);
      if (!r)
        return finish(broken("bad_reply_action_from_state_function"));
      host_->reply(r->to, std::move(r->value));
    }
    finish(std::move(result.reason()));
  }

  // -- completing a transition ------------------------------------------------

  void commit(event<T>* current, const state_type& target) {
    if (postpone_ && current)
      postponed_.push_back(std::move(*current));
    if (!(target == state_)) {
      // Postponed events go before what is still queued, the oldest first.
      while (!postponed_.empty())
        queue_.push_front(postponed_.pop_back());
      timers_.cancel({event_type::state_timeout, {}});
    }
    timers_.cancel({event_type::event_timeout, {}});
    for (std::size_t i = 0; i < requested_.size(); ++i)
      if (last_of_its_key(i))
        timers_.carry_out(requested_[i], now_);
    become(target);
    while (!inserted_.empty()) {
      queue_.push_front(std::move(inserted_.back()));
      inserted_.pop_back();
    }
    if (hibernate_ && queue_.empty() && !timers_.has_zero())
      shrink();
  }

  bool last_of_its_key(std::size_t index) const {
    for (auto j = index + 1; j < requested_.size(); ++j)
      if (requested_[j].key == requested_[index].key)
        return false;
    return true;
  }

  void become(const state_type& target) {
    if (!(state_ == target))
      state_ = target;
  }

  void shrink() {
    queue_.shrink();
    postponed_.shrink();
    inbox_.shrink();
    timers_.shrink();
  }

  // -- the end ----------------------------------------------------------------

  static exit_reason broken(const char* rule) {
    return exit_reason::error(rule);
  }

  void roll_back() {
    if constexpr (is_transactional<T>)
      data_ = *before_;
  }

  void finish(exit_reason why) {
    done_ = true;
    try {
      top().terminate(why, state_, data_);
    } catch (transition<T>&) {
      // A thrown result is a result, and nobody asked for one.
    } catch (statem::exit& ex) {
      why = std::move(ex.reason);
    } catch (const std::exception& ex) {
      why = exit_reason::error(ex.what(), std::current_exception());
    } catch (...) {
      why = exit_reason::error("unknown exception", std::current_exception());
    }
    queue_.clear();
    postponed_.clear();
    inbox_.clear();
    timers_.clear();
    if (host_)
      host_->terminated(why);
  }

  struct nothing {};
  using saved_data = std::optional<
    std::conditional_t<is_transactional<T>, data_type, nothing>>;

  state_type state_;
  data_type data_;
  saved_data before_; // as it was before the event
  saved_data given_;  // as the enter call found it
  std::vector<callback_module<T>*> modules_;
  host<T>* host_ = nullptr;
  time_point now_{};

  switchgear::detail::ring_queue<event<T>> queue_;
  switchgear::detail::ring_queue<event<T>> postponed_;
  switchgear::detail::ring_queue<std::variant<event<T>, timer_ref>> inbox_;
  timer_table<T> timers_;
  std::uint64_t last_caller_ = 0;

  // What the transition under way has collected. Members, for their capacity.
  std::vector<event<T>> inserted_;
  std::vector<timeout_action<T>> requested_;
  bool postpone_ = false;
  bool hibernate_ = false;

  bool suspended_ = false;
  bool done_ = false;
};

} // namespace switchgear::statem
