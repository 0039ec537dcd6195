#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <vector>

#include <caf/actor.hpp>
#include <caf/typed_actor.hpp>

#include "switchgear/actor/type_ids.hpp"
#include "switchgear/breaker/cell.hpp"
#include "switchgear/detail/meeting_point.hpp"
#include "switchgear/detail/on_demand.hpp"
#include "switchgear/executor.hpp"

namespace switchgear {

/// What a breaker's actor understands. All but `call` can come from another
/// node.
///
/// - `call_v, task`: the response is what the task's callable returns, so only
///   the caller knows its type: send it to the untyped handle, or see
///   `breaker_actor_for`.
/// - `acquire_v`: a permit, or `circuit_open` / `too_many_probes`.
/// - `report_v, permit, outcome, latency, text`: how the permitted call ended.
///   The response comes when it has been judged. With a further duration: for
///   how long the tool wants to be left alone, see `failure::retry_later`.
/// - `get_settings_v`, `get_state_v`, `get_stats_v`: answered after all that
///   came before.
/// - `reset_v`, `force_open_v`, `set_mode_v`, `reconfigure_v`: see
///   `switchgear::breaker`.
/// - `subscribe_v, actor`: from now on the actor gets `(std::string name,
///   breaker_event)` for each event, in order, until it ends or unsubscribes.
///   Successes and rejections, which wake nobody, come some 5 to 200 ms later,
///   or before what comes after them; `config::success_events` says which
///   successes do. A slow subscriber's mailbox grows: for one that may be slow
///   see `telemetry::make_actor_sink`.
/// - `stop_v`: ends the breaker for good.
using breaker_actor = caf::typed_actor<
  caf::result<permit>(acquire),
  caf::result<void>(report, permit, outcome, duration, std::string),
  caf::result<void>(report, permit, outcome, duration, std::string, duration),
  caf::result<config>(get_settings), caf::result<state, mode>(get_state),
  caf::result<statistics>(get_stats), caf::result<void>(reset),
  caf::result<void>(force_open), caf::result<void>(set_mode, mode),
  caf::result<void>(reconfigure, config),
  caf::result<void>(subscribe, caf::actor),
  caf::result<void>(unsubscribe, caf::actor), caf::result<void>(stop)>;

/// A typed handle for calls whose callables return `T`:
/// `caf::actor_cast<breaker_actor_for<page>>(db.actor())`.
template <class T>
using breaker_actor_for = breaker_actor::extend<caf::result<T>(call, task)>;

} // namespace switchgear

namespace switchgear::actor {

class dispatcher;

} // namespace switchgear::actor

namespace switchgear::telemetry {

class hub_impl;

} // namespace switchgear::telemetry

namespace switchgear::actor {

/// Who hears of a breaker's events. Handed from owner to owner.
struct audience {
  std::vector<caf::actor> subscribers;
  /// Runs the user's hooks; made when first needed.
  std::shared_ptr<strand> hooks;
  /// Events that hooks missed.
  std::uint64_t dropped = 0;
};

/// A cell whose owner is a CAF actor; owners come and go with restarts.
///
/// It may outlive its actor system, which is there as long as there is an
/// owner, and must not be touched otherwise.
class actor_cell : public cell {
public:
  /// @param user null if there are none
  actor_cell(caf::actor_system& sys, std::string name,
             std::shared_ptr<const switchgear::config> cfg,
             std::shared_ptr<const hooks> user, std::uint64_t seed);

  caf::actor_system& system() const noexcept {
    return system_;
  }

  /// Whether the breaker has ended for good. Its actor system may be gone.
  bool over() const;

  /// The owner; waits for it until `deadline`. Null if there is none then, or
  /// never will be.
  caf::actor owner_until(time_point deadline) const;

  /// The owner; waits for it as long as this thread may.
  caf::actor await_owner() const;

  /// As `owner_until`; if there is an owner calls `use(owner)`, which must not
  /// block. The owner, and with it the actor system, is there until it returns.
  template <class F>
  bool with_owner_until(time_point deadline, F use) const {
    auto& here = switchgear::detail::meeting_point::of(this);
    std::unique_lock guard{here.mutex};
    here.changed.wait_until(guard, deadline,
                            [this] { return owner_ || over_; });
    if (!owner_)
      return false;
    use(owner_);
    return true;
  }

  /// Waits until there is no owner, or `deadline`.
  /// @returns whether there is none.
  bool await_no_owner(time_point deadline) const;

  // -- the owner --------------------------------------------------------------

  /// Makes `self` the owner.
  /// @returns whether it is the first one.
  bool take_over(caf::actor self);

  /// There is no owner any more; @p for_good if there will be no other.
  void abandon(bool for_good);

  const audience& listeners() const noexcept {
    return *listeners_;
  }

  audience& edit_listeners() {
    return listeners_.edit();
  }

protected:
  void wake() noexcept override;
  duration patience() const noexcept override;

private:
  caf::actor_system& system_;
  // What follows is guarded by the cell's meeting point; `listeners_` is the
  // owner's.
  caf::actor owner_;
  switchgear::detail::on_demand<audience> listeners_;
  bool owned_before_ = false;
  bool over_ = false;
};

class timekeeper;

/// What breakers of a runtime share.
struct breaker_services {
  /// Has their timers; null: CAF's clock.
  std::shared_ptr<timekeeper> timers;
  /// Runs listeners and predicates that are not asked on callers' threads.
  std::shared_ptr<executor> listeners;
  /// Run the callables of call messages: this one most, see `dispatcher`;
  std::shared_ptr<dispatcher> calls;
  /// and this one those that may be answered before they end, see
  /// `spawn_courier`.
  caf::actor courier;
  /// Where events go; null: nowhere.
  std::shared_ptr<telemetry::hub_impl> telemetry;
  /// Subscribed from the very first event on.
  std::vector<caf::actor> subscribers;
};

/// Spawns the actor that owns `what`: the first one, or one that takes over
/// from one that was killed, with all state, counts and remaining times.
caf::actor spawn_breaker(caf::actor_system& sys,
                         std::shared_ptr<actor_cell> what,
                         std::shared_ptr<const breaker_services> services);

} // namespace switchgear::actor
