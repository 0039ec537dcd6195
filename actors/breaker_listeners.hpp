#pragma once

#include <memory>
#include <vector>

#include <caf/actor.hpp>

#include "light_actor.hpp"
#include "switchgear/actor/breaker_actor.hpp"

namespace switchgear::actor {

/// Who is told of a breaker's events: subscribed actors, the log, and the
/// user's hooks, which run on the executor, one after the other.
class breaker_listeners final : public breaker_observer {
public:
  /// @param what,services must outlive it
  breaker_listeners(const std::shared_ptr<actor_cell>& what,
                    const breaker_services& services);

  void add(light_actor* self, caf::actor who);
  void remove(const caf::actor& who);

  /// Takes over those who were subscribed to the owner before.
  void resume(light_actor* self);

  bool has_subscribers() const noexcept {
    return !cell_->listeners().subscribers.empty();
  }

  /// Whether there may be something to hear of that wakes nobody: successes,
  /// calls turned away.
  bool wants_looks() const;

  /// Events that hooks missed, or that were lost before they could be told.
  std::uint64_t dropped() const noexcept {
    return cell_->listeners().dropped + cell_->untold();
  }

  /// Tells of what has been emitted since the last time. To be called when
  /// callers see the state that the events tell of.
  void flush(light_actor* self);

  // -- breaker_observer -------------------------------------------------------

  void emit(const breaker_event& event) override;
  void consult_ready_to_trip(const counts& so_far,
                             std::uint64_t epoch) override;
  void consult_open_time(const trip_cause& cause, std::uint64_t epoch) override;
  void consult_stuck_calls(time_point now) override;

  bool wants(event_kind kind) const override;

private:
  bool concerns_hooks(const breaker_event& event) const;
  void call_hooks(const breaker_event& event);
  strand& hooks_strand();

  const std::shared_ptr<actor_cell>& cell_;
  const breaker_services& services_;
  switchgear::detail::on_demand<std::vector<breaker_event>> unsent_;
};

} // namespace switchgear::actor
