#pragma once

#include <array>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "switchgear/statem/callback_module.hpp"
#include "switchgear/supervision/job_runner.hpp"

namespace switchgear::supervision {

/// Erlang's supervisor as a state machine.
///
/// Where Erlang's supervisor blocks, in stopping a child and in starting one,
/// this one is in a state of its own, in which all else has to wait. Starting
/// children that are ready at once is done in a single step.
///
/// Source of the rules: supervisor of Erlang/OTP 25.
template <class Handle>
class supervisor_machine
  : public statem::state_functions<supervisor_machine<Handle>,
                                   supervisor_types<Handle>> {
public:
  using types = supervisor_types<Handle>;
  using super = statem::state_functions<supervisor_machine, types>;
  using event = statem::event<types>;
  using transition = statem::transition<types>;
  using data = supervisor_data<Handle>;
  using entry = child<Handle>;
  using state = supervisor_state;

  /// @param world must outlive the machine
  explicit supervisor_machine(supervisor_host<Handle>& world) : jobs_(world) {
    // nop
  }

  static constexpr auto states() {
    using row = statem::state_function<supervisor_machine>;
    return std::array{
      row{state::starting, "starting", &supervisor_machine::starting},
      row{state::running, "running", &supervisor_machine::running},
      row{state::stopping, "stopping", &supervisor_machine::stopping},
    };
  }

  static constexpr auto edges() {
    using row = statem::edge<state>;
    return std::array{
      row{state::starting, state::running, "all are ready"},
      row{state::starting, state::stopping, "one failed at the first start"},
      row{state::running, state::starting, "started a child, not ready yet"},
      row{state::running, state::stopping, "told a child to end"},
      row{state::stopping, state::starting, "started a child, not ready yet"},
      row{state::stopping, state::running, "all have ended"},
    };
  }

  /// What the engine is started with, in state `starting`.
  static transition init() {
    return super::keep_state(
      super::next_event(statem::event_type::internal, notice::boot{}));
  }

private:
  using goal = job::goal;

  // -- states -----------------------------------------------------------------

  transition starting(const event& ev, data& d) {
    if (std::holds_alternative<notice::boot>(ev.content))
      return jobs_.boot(d);
    if (auto* x = awaited<notice::child_ready>(ev, d))
      return jobs_.became_ready(*x, d);
    if (auto* x = awaited<notice::child_exited>(ev, d))
      return jobs_.became_nothing(*x, reason(ev), d);
    return wait(ev, d);
  }

  transition stopping(const event& ev, data& d) {
    if (auto* x = awaited<notice::child_exited>(ev, d))
      return jobs_.stopped(*x, reason(ev), d);
    if (ev.type == statem::event_type::state_timeout) {
      jobs_.lose_patience(d);
      return super::keep_state();
    }
    return wait(ev, d);
  }

  transition running(const event& ev, data& d) {
    return std::visit([&](const auto& content) { return on(content, ev, d); },
                      ev.content);
  }

  /// The child that is waited for, if `ev` is the notice about it.
  template <class Notice>
  entry* awaited(const event& ev, data& d) {
    const auto* x = std::get_if<Notice>(&ev.content);
    if (!x || x->key != d.current.awaited)
      return nullptr;
    auto* found = d.children.find(x->key);
    return found && found->run == x->run ? found : nullptr;
  }

  static const statem::exit_reason& reason(const event& ev) {
    return std::get<notice::child_exited>(ev.content).why;
  }

  /// Leaves `ev` for when the job is done.
  static transition wait(const event& ev, data& d) {
    // Nobody must wait for the end of a process that has ended.
    if (const auto* x = std::get_if<notice::child_exited>(&ev.content)) {
      auto* found = d.children.find(x->key);
      if (found && found->run == x->run) {
        found->gone = true;
        found->before.edit().last_exit = x->why;
      }
    }
    d.waiting.push_back(ev);
    return super::keep_state();
  }

  // -- requests ---------------------------------------------------------------

  transition on(const request::start_child<Handle>& r, const event& ev,
                data& d) {
    if (auto wrong = check(*r.spec))
      return refuse(child_error::invalid_spec, std::move(*wrong), ev, d);
    if (const auto* x = d.children.find(r.spec->id))
      return refuse(x->status == child_status::running
                      ? child_error::already_started
                      : child_error::already_present,
                    x->spec.id, ev, d);
    auto& added = d.children.add(std::move(*r.spec));
    return jobs_.start(goal::start, added, ev.from, d);
  }

  transition on(const request::restart_child& r, const event& ev, data& d) {
    auto* x = d.children.find(r.id);
    if (!x)
      return refuse(child_error::not_found, r.id, ev, d);
    if (x->status != child_status::undefined)
      return refuse(busy(*x), r.id, ev, d);
    return jobs_.start(goal::restart, *x, ev.from, d);
  }

  transition on(const request::terminate_child& r, const event& ev, data& d) {
    auto* x = d.children.find(r.id);
    if (!x)
      return refuse(child_error::not_found, r.id, ev, d);
    return jobs_.terminate(*x, ev.from, d);
  }

  transition on(const request::delete_child& r, const event& ev, data& d) {
    auto* x = d.children.find(r.id);
    if (!x)
      return refuse(child_error::not_found, r.id, ev, d);
    if (x->status != child_status::undefined)
      return refuse(busy(*x), r.id, ev, d);
    d.children.remove(*x);
    return jobs_.idle(d, super::reply(ev.from, done{}));
  }

  transition on(const request::find_child& r, const event& ev, data& d) {
    auto* x = d.children.find(r.id);
    if (!x)
      return refuse(child_error::not_found, r.id, ev, d);
    if (x->status == child_status::running)
      return jobs_.idle(d, super::reply(ev.from, x->process));
    return refuse(x->status == child_status::restarting
                    ? child_error::restarting
                    : child_error::not_running,
                  r.id, ev, d);
  }

  transition on(const request::which_children&, const event& ev, data& d) {
    std::vector<child_info<Handle>> list;
    list.reserve(d.children.size());
    d.children.for_each([&](const entry& x) {
      list.push_back({x.spec.id, x.status, x.process, x.spec.type});
    });
    return jobs_.idle(d, super::reply(ev.from, std::move(list)));
  }

  transition on(const request::count_children&, const event& ev, data& d) {
    child_counts counts;
    d.children.for_each([&](const entry& x) {
      ++counts.specs;
      counts.active += x.status == child_status::running && !x.gone ? 1 : 0;
      ++(x.spec.type == child_type::worker ? counts.workers
                                           : counts.supervisors);
    });
    return jobs_.idle(d, super::reply(ev.from, counts));
  }

  transition on(const request::await_start&, const event& ev, data& d) {
    return jobs_.idle(d, super::reply(ev.from, done{}));
  }

  static child_error busy(const entry& x) {
    return x.status == child_status::restarting ? child_error::restarting
                                                : child_error::running;
  }

  transition refuse(child_error code, std::string what, const event& ev,
                    data& d) {
    return jobs_.idle(d, super::reply(ev.from, refusal{code, std::move(what)}));
  }

  // -- notices ----------------------------------------------------------------

  transition on(const notice::child_exited& n, const event& ev, data& d) {
    auto* x = d.children.find(n.key);
    if (!x || x->run != n.run)
      return jobs_.idle(d); // it has been stopped, or replaced, since
    return jobs_.lost(*x, n.why, ev.now, d);
  }

  transition on(const notice::retry& n, const event& ev, data& d) {
    auto* x = d.children.find(n.key);
    if (!x || x->status != child_status::restarting)
      return jobs_.idle(d); // somebody has stopped, or started, it meanwhile
    return jobs_.recover(*x, ev.now, d);
  }

  transition on(const notice::stop& n, const event&, data& d) {
    return jobs_.end(n.why, d);
  }

  /// Anything else is of no concern any more.
  template <class T>
  transition on(const T&, const event&, data& d) {
    return jobs_.idle(d);
  }

  job_runner<Handle> jobs_;
};

} // namespace switchgear::supervision
