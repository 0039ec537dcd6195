#pragma once

#include <limits>
#include <string>
#include <utility>
#include <variant>

#include "switchgear/statem/vocabulary.hpp"
#include "switchgear/supervision/fence.hpp"
#include "switchgear/supervision/supervisor_data.hpp"
#include "switchgear/supervision/supervisor_host.hpp"

namespace switchgear::supervision {

/// Carries out a supervisor's jobs. Each function goes as far as it can and
/// says in what state the machine has to wait, or to be.
template <class Handle>
class job_runner {
public:
  using types = supervisor_types<Handle>;
  using super = statem::vocabulary<types>;
  using transition = statem::transition<types>;
  using data = supervisor_data<Handle>;
  using entry = child<Handle>;
  using state = supervisor_state;
  using goal = job::goal;

  explicit job_runner(supervisor_host<Handle>& world) : world_(world) {
    // nop
  }

  // -- jobs -------------------------------------------------------------------

  /// Starts all children for the first time.
  transition boot(data& d) {
    d.current = {goal::boot, 0, last_key, 0, {}, {}};
    return start_from(0, d);
  }

  /// @param what `start` or `restart`
  transition start(goal what, const entry& x, statem::caller from, data& d) {
    d.current = {what, x.key, x.key, 0, from, {}};
    return start_from(x.key, d);
  }

  transition terminate(const entry& x, statem::caller from, data& d) {
    d.current = {goal::terminate, x.key, x.key, 0, from, {}};
    return stop_before(x.key + 1, d);
  }

  /// Restarts `x`, and its siblings as the strategy says; or gives up.
  transition recover(entry& x, time_point now, data& d) {
    x.status = child_status::undefined;
    if (!d.intensity.add(now)) {
      call_hook(d.options.hooks.on_give_up, x.spec.id);
      settle(x, d);
      return end(statem::exit_reason::shutdown(), d);
    }
    const auto alone = d.options.strategy == restart_strategy::one_for_one;
    const auto all = d.options.strategy == restart_strategy::one_for_all;
    d.current
      = {goal::recover, all ? 0 : x.key, alone ? x.key : last_key, 0, {}, {}};
    return stop_before(d.current.last + 1, d);
  }

  /// Stops all children; then the supervisor ends.
  transition end(statem::exit_reason why, data& d) {
    d.current = {goal::end, 0, last_key, 0, {}, std::move(why)};
    return stop_before(last_key + 1, d);
  }

  /// The job is done. Goes on with what has waited meanwhile.
  template <class... Actions>
  transition idle(data& d, Actions... actions) {
    auto result = super::next_state(state::running, std::move(actions)...);
    if (!d.waiting.empty())
      result << super::next_event(d.waiting.pop_front());
    return result;
  }

  // -- steps: a process has ended, or is ready --------------------------------

  /// The process that `stopping` waits for has ended.
  transition stopped(entry& x, const statem::exit_reason& why, data& d) {
    const auto key = x.key;
    ended(x, why, d);
    settle(x, d);
    return stop_before(key, d);
  }

  /// The process that `stopping` waits for took too long.
  void lose_patience(data& d) {
    world_.kill(d.children.find(d.current.awaited)->process);
  }

  /// The process that `starting` waits for is ready.
  transition became_ready(entry& x, data& d) {
    started(x, d);
    return start_from(x.key + 1, d);
  }

  /// The process that `starting` waits for has ended.
  transition became_nothing(entry& x, const statem::exit_reason& why, data& d) {
    forget_process(x);
    return start_failed(x, why, d);
  }

  /// A child has ended by itself.
  transition lost(entry& x, const statem::exit_reason& why, time_point now,
                  data& d) {
    ended(x, why, d);
    if (is_restarted(x.spec.restart, why))
      return recover(x, now, d);
    settle(x, d);
    return idle(d);
  }

private:
  static constexpr auto last_key = std::numeric_limits<child_key>::max() - 1;

  // -- stopping ---------------------------------------------------------------

  /// Stops the children of the job whose key is below `key`, one at a time,
  /// the last one first. Then goes on with the job.
  transition stop_before(child_key key, data& d) {
    for (auto* x = d.children.last_before(key); x && x->key >= d.current.first;
         x = d.children.last_before(key)) {
      key = x->key;
      if (x->process && !x->gone)
        return stop_child(*x, d);
      if (x->gone)
        ended(*x, x->before->last_exit, d);
      if (x->status != child_status::undefined)
        settle(*x, d);
    }
    switch (d.current.what) {
      case goal::end:
        return super::stop(d.current.why);
      case goal::terminate:
        return idle(d, super::reply(d.current.from, done{}));
      default:
        return start_from(d.current.first, d);
    }
  }

  transition stop_child(entry& x, data& d) {
    d.current.awaited = x.key;
    auto patience = infinity;
    if (x.spec.shutdown.is_brutal()) {
      world_.kill(x.process);
    } else {
      world_.shut_down(x.process);
      patience = x.spec.shutdown.limit(x.spec.type);
    }
    return super::next_state(state::stopping, super::state_timeout(patience));
  }

  /// A child's process has ended.
  void ended(entry& x, statem::exit_reason why, data& d) {
    forget_process(x);
    auto& last = x.before.edit().last_exit;
    last = std::move(why);
    call_hook(d.options.hooks.on_exit, x.spec.id, last);
  }

  static void forget_process(entry& x) {
    x.process = Handle{};
    x.run = 0;
    x.gone = false;
  }

  /// A child stays without a process: temporary ones are forgotten.
  static void settle(entry& x, data& d) {
    x.status = child_status::undefined;
    forget_attempts(x);
    if (x.spec.restart == restart_type::temporary)
      d.children.remove(x);
  }

  // -- starting ---------------------------------------------------------------

  /// Starts the children of the job from `key` on, in order. Then the job is
  /// done.
  transition start_from(child_key key, data& d) {
    for (auto* x = d.children.first_from(key); x && x->key <= d.current.last;
         x = d.children.first_from(key)) {
      key = x->key + 1;
      if (d.current.what == goal::recover)
        ++x->before.edit().attempt;
      auto result = call_start(x->spec);
      if (auto* why = std::get_if<statem::exit_reason>(&result))
        return start_failed(*x, std::move(*why), d);
      if (auto* process = std::get_if<Handle>(&result)) {
        adopt(*x, std::move(*process), d);
        started(*x, d);
      } else if (auto* soon
                 = std::get_if<supervision::starting<Handle>>(&result)) {
        adopt(*x, std::move(soon->process), d);
        x->status = child_status::starting;
        d.current.awaited = x->key;
        world_.await_ready(x->process, x->key, x->run);
        return super::next_state(state::starting);
      } else {
        settle(*x, d); // ignore
      }
    }
    return all_started(d);
  }

  void adopt(entry& x, Handle process, data& d) {
    x.process = std::move(process);
    x.run = ++d.last_run;
    world_.watch(x.process, x.key, x.run);
  }

  /// A child's process runs.
  static void started(entry& x, const data& d) {
    x.status = child_status::running;
    if (d.current.what == goal::recover)
      call_hook(d.options.hooks.on_restart, x.spec.id, x.before->last_exit,
                x.before->attempt);
    forget_attempts(x);
  }

  static void forget_attempts(entry& x) {
    if (x.before)
      x.before.edit().attempt = 0;
  }

  transition start_failed(entry& x, statem::exit_reason why, data& d) {
    call_hook(d.options.hooks.on_start_failed, x.spec.id, why);
    x.status = child_status::undefined;
    switch (d.current.what) {
      case goal::recover:
        x.status = child_status::restarting;
        world_.retry(x.key);
        return idle(d);
      case goal::boot:
        return end(
          statem::exit_reason::shutdown("failed_to_start_child:" + x.spec.id
                                        + ":" + why.to_string()),
          d);
      case goal::start:
        d.children.remove(x);
        break;
      default:
        break;
    }
    return idle(d, super::reply(d.current.from, std::move(why)));
  }

  transition all_started(data& d) {
    const auto by_request
      = d.current.what == goal::start || d.current.what == goal::restart;
    if (!by_request)
      return idle(d);
    const auto* x = d.children.find(d.current.first);
    return idle(d, super::reply(d.current.from, x ? x->process : Handle{}));
  }

  supervisor_host<Handle>& world_;
};

} // namespace switchgear::supervision
