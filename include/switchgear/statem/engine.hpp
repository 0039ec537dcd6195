#pragma once

#include <algorithm>
#include <cstdint>
#include <exception>
#include <optional>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "switchgear/detail/on_demand.hpp"
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
      data_(std::move(data)),
      top_(&callbacks) {
    // nop
  }

  engine(const engine&) = delete;
  engine& operator=(const engine&) = delete;

  /// Sets who is told of replies and timers; null while nobody is. Timers that
  /// run are armed with the new host: a machine outlives its driver.
  void attach(host<T>* world) {
    host_ = world;
    if (work_)
      work_.edit().timers.attach(world);
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
      work().inbox.push_back(std::move(ev));
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
      work().inbox.push_back(ref);
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
    while (!work_->inbox.empty() && !done_) {
      auto next = work().inbox.pop_front();
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
    return work_->postponed;
  }

  /// Timers that run, pending zero timeouts included.
  const std::vector<timer<T>>& timers() const noexcept {
    return work_->timers.running();
  }

  bool running(const timer_key<T>& key) const {
    return work_->timers.runs(key);
  }

  callback_module<T>& top() const noexcept {
    return *top_;
  }

private:
  using kind = typename transition<T>::kind;
  using module_operation = typename module_action<T>::operation;

  /// What waits, or runs out. A machine that only handles plain events has none
  /// of it.
  struct backlog {
    switchgear::detail::ring_queue<event<T>> queue;
    switchgear::detail::ring_queue<event<T>> postponed;
    /// Arrived while suspended.
    switchgear::detail::ring_queue<std::variant<event<T>, timer_ref>> inbox;
    timer_table<T> timers;
    /// The callback modules under the top one.
    std::vector<callback_module<T>*> below;
    // What the transition under way has collected. Kept for their capacity.
    std::vector<event<T>> inserted;
    std::vector<timeout_action<T>> requested;
  };

  backlog& work() {
    if (!work_)
      work_.edit().timers.attach(host_);
    return work_.edit();
  }

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
    while (!done_ && work_) {
      if (!work_->queue.empty())
        handle(work().queue.pop_front());
      else if (work_->timers.has_zero())
        handle(work().timers.take_zero());
      else
        return;
    }
  }

  void fire(timer_ref ref) {
    if (!work_)
      return; // no timer was ever started
    if (auto ev = work().timers.take(ref))
      handle(std::move(*ev));
  }

  void begin() {
    if (work_) {
      work().inserted.clear();
      work().requested.clear();
    }
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
      work().inserted.push_back(std::move(n->inserted));
    } else if (auto* t = std::get_if<timeout_action<T>>(&act)) {
      if (!is_timeout(t->key.type)
          || (t->op == timeout_action<T>::operation::relative
              && t->after < duration::zero()))
        return bad;
      if (!is_void(*t))
        work().requested.push_back(std::move(*t));
    } else if (auto* p = std::get_if<postpone_action>(&act)) {
      if (entering && p->value)
        return p->bare ? bad_enter : bad;
      postpone_ = p->value;
    } else if (std::holds_alternative<hibernate_action>(act)) {
      hibernate_ = true;
    } else if (auto* m = std::get_if<module_action<T>>(&act)) {
      if (m->op == module_operation::pop ? work_->below.empty() : !m->target)
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
    auto* next = act.target;
    if (act.op == module_operation::push) {
      work().below.push_back(top_);
    } else if (act.op == module_operation::pop) {
      next = work_->below.back();
      work().below.pop_back();
    }
    top_ = next;
  }

  /// Whether `act` cancels what neither runs nor is about to: nothing to do.
  bool is_void(const timeout_action<T>& act) const {
    using operation = typename timeout_action<T>::operation;
    const bool cancels
      = act.op == operation::cancel
        || (act.op == operation::relative && act.after == infinity)
        || (act.op == operation::absolute && act.at == time_point::max());
    if (!cancels)
      return false;
    const auto same = [&](const auto& x) { return x.key == act.key; };
    return std::none_of(work_->requested.begin(), work_->requested.end(), same)
           && !work_->timers.runs(act.key);
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
      work().postponed.push_back(std::move(*current));
    if (work_)
      commit(work(), !(target == state_));
    become(target);
    if (!work_)
      return;
    auto& w = work();
    while (!w.inserted.empty()) {
      w.queue.push_front(std::move(w.inserted.back()));
      w.inserted.pop_back();
    }
    if (hibernate_ && w.queue.empty() && !w.timers.has_zero())
      shrink(w);
  }

  void commit(backlog& w, bool changed) {
    if (changed) {
      // Postponed events go before what is still queued, the oldest first.
      while (!w.postponed.empty())
        w.queue.push_front(w.postponed.pop_back());
      w.timers.cancel({event_type::state_timeout, {}});
    }
    w.timers.cancel({event_type::event_timeout, {}});
    for (auto i = w.requested.begin(); i != w.requested.end(); ++i)
      // The last one of its key counts.
      if (std::none_of(i + 1, w.requested.end(),
                       [&](const auto& x) { return x.key == i->key; }))
        w.timers.carry_out(*i, now_);
  }

  void become(const state_type& target) {
    if (!(state_ == target))
      state_ = target;
  }

  static void shrink(backlog& w) {
    w.queue.shrink();
    w.postponed.shrink();
    w.inbox.shrink();
    w.timers.shrink();
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
    if (work_) {
      work().queue.clear();
      work().postponed.clear();
      work().inbox.clear();
      work().timers.clear();
    }
    if (host_)
      host_->terminated(why);
  }

  struct nothing {};
  using saved_data = std::optional<
    std::conditional_t<is_transactional<T>, data_type, nothing>>;

  state_type state_;
  bool postpone_ = false;
  bool hibernate_ = false;
  bool suspended_ = false;
  bool done_ = false;
  saved_data before_; // as it was before the event
  saved_data given_;  // as the enter call found it
  data_type data_;
  callback_module<T>* top_;
  host<T>* host_ = nullptr;
  time_point now_{};
  std::uint64_t last_caller_ = 0;
  switchgear::detail::on_demand<backlog> work_;
};

} // namespace switchgear::statem
