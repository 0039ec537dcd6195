#pragma once

#include <algorithm>
#include <utility>
#include <vector>

#include <caf/actor_clock.hpp>
#include <caf/disposable.hpp>
#include <caf/event_based_actor.hpp>
#include <caf/response_promise.hpp>
#include <caf/type_id.hpp>

#include "switchgear/actor/caf.hpp"
#include "switchgear/actor/exit.hpp"
#include "switchgear/detail/on_demand.hpp"
#include "switchgear/statem/engine.hpp"

namespace switchgear::actor {

/// Connects an engine to the CAF actor that it lives in: the actor's clock is
/// its time, delayed actions are its timers, response promises its callers.
///
/// The order of events is the engine's own: queued events and zero timeouts
/// are worked off within one message handler, and never go through CAF's
/// mailbox, whose rules are not gen_statem's.
///
/// @note To be used on the actor's own thread of control only, as a member of
///       its state. The engine may outlive it (and be driven by another one).
/// @tparam Self the actor's type: it has a clock and timers, and can quit
template <class T, class Self = caf::event_based_actor>
class statem_driver : private statem::host<T> {
public:
  using message_type = typename T::message;
  using reply_type = typename T::reply;
  using engine_type = statem::engine<T>;

  statem_driver(Self* self, engine_type& machine)
    : self_(self),
      machine_(machine) {
    // nop
  }

  statem_driver(const statem_driver&) = delete;
  statem_driver& operator=(const statem_driver&) = delete;

  ~statem_driver() override {
    machine_.attach(nullptr);
    // A timer may be what had kept the actor alive. Then CAF is disposing of it
    // right now, under a lock.
    if (pending_)
      for (auto& each : pending_.edit().timers)
        if (!each.timer.disposed())
          each.timer.dispose();
  }

  /// How a reply reaches the caller; by default it is the response message.
  /// A driver for replies that CAF can not send overrides this.
  virtual void deliver(caf::response_promise& to, reply_type value) {
    if constexpr (caf::has_type_id_v<reply_type>)
      to.deliver(std::move(value));
  }

  /// What callers without a reply get when the machine ends.
  virtual caf::error to_error(const statem::exit_reason& why) {
    return actor::to_error(why);
  }

  /// Called when the machine has ended; the actor should quit.
  virtual void ended(const statem::exit_reason& why) {
    self_->quit(to_error(why));
  }

  /// Called for a reply to a caller that did not come through `call`.
  virtual void reply_elsewhere(statem::caller, reply_type) {
    // nop: only the first reply to a call counts
  }

  /// Called when a timer is due.
  virtual void due(statem::timer_ref ref) {
    machine_.expire(ref, now());
  }

  // -- driving ----------------------------------------------------------------

  /// Starts the machine.
  void start(statem::transition<T> init
             = statem::transition<T>{statem::transition<T>::kind::keep_state}) {
    machine_.attach(this);
    machine_.start(now(), std::move(init));
  }

  /// Takes over a machine that has been started before, timers included.
  void adopt() {
    machine_.attach(this);
  }

  /// Handles a call; the machine replies now or later.
  void call(message_type content, caf::response_promise promise) {
    const auto who = machine_.new_caller();
    pending_.edit().callers.push_back({who, std::move(promise)});
    machine_.call(who, std::move(content), now());
  }

  void cast(message_type content) {
    machine_.cast(std::move(content), now());
  }

  void info(message_type content) {
    machine_.info(std::move(content), now());
  }

  /// Ends the machine from outside, `terminate` included.
  void stop(const statem::exit_reason& why) {
    machine_.stop(why, now());
  }

  /// From now on an exit message ends the machine as `stop` does. Without this
  /// it ends the actor at once, and `terminate` is not called.
  void trap_exits() {
    handle_exits(self_,
                 [this](caf::exit_msg& x) { stop(from_error(x.reason)); });
  }

  engine_type& machine() noexcept {
    return machine_;
  }

  /// The actor clock's time: virtual under a test scheduler.
  time_point now() const {
    return self_->clock().now();
  }

protected:
  Self* self() noexcept {
    return self_;
  }

private:
  struct waiting {
    statem::caller who;
    caf::response_promise promise;
  };

  struct armed {
    statem::timer_ref ref;
    caf::disposable timer;
  };

  /// What most of very many idle machines have none of.
  struct unfinished {
    std::vector<waiting> callers; // in order of their calls
    std::vector<armed> timers;
  };

  void reply(statem::caller to, reply_type value) override {
    if (pending_) {
      auto& all = pending_.edit().callers;
      auto i = std::find_if(all.begin(), all.end(),
                            [to](const waiting& x) { return x.who == to; });
      if (i != all.end()) {
        auto promise = std::move(i->promise);
        all.erase(i);
        deliver(promise, std::move(value));
        return;
      }
    }
    reply_elsewhere(to, std::move(value));
  }

  void arm(statem::timer_ref ref, time_point at) override {
    auto timer = self_->run_scheduled(at, [this, ref] {
      take(ref);
      this->due(ref);
    });
    pending_.edit().timers.push_back({ref, std::move(timer)});
  }

  void disarm(statem::timer_ref ref) override {
    if (auto timer = take(ref))
      timer.dispose();
  }

  /// The timer of that handle, if there is one; it is forgotten.
  caf::disposable take(statem::timer_ref ref) {
    caf::disposable result;
    if (!pending_)
      return result;
    auto& all = pending_.edit().timers;
    auto i = std::find_if(all.begin(), all.end(),
                          [ref](const armed& x) { return x.ref == ref; });
    if (i != all.end()) {
      result = std::move(i->timer);
      all.erase(i);
    }
    return result;
  }

  void terminated(const statem::exit_reason& why) override {
    const auto error = to_error(why);
    if (pending_)
      for (auto& each : std::exchange(pending_.edit().callers, {}))
        each.promise.deliver(error);
    ended(why);
  }

  Self* self_;
  engine_type& machine_;
  switchgear::detail::on_demand<unfinished> pending_;
};

} // namespace switchgear::actor
