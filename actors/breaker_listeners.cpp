#include "breaker_listeners.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

#include "log.hpp"
#include "switchgear/actor/caf.hpp"
#include "telemetry/hub_impl.hpp"

namespace switchgear::actor {

namespace {

// How many calls of hooks may wait, for one breaker.
constexpr std::size_t hooks_limit = 1024;

// A subscriber that ends unsubscribes. Its end must not keep the breaker alive.
void watch_subscriber(light_actor* self, const caf::actor& who) {
  who->attach_functor([me = caf::actor_cast<caf::actor_addr>(self),
                       gone = who.address()](const caf::error&) {
    auto breaker = caf::actor_cast<caf::actor>(me);
    auto subscriber = caf::actor_cast<caf::actor>(gone);
    if (breaker && subscriber)
      tell(breaker, unsubscribe_v, subscriber);
  });
}

// Runs a hook of the user's; what it throws is the user's to know.
template <class F>
void guarded(const std::string& name, const char* hook, F f) {
  try {
    f();
  } catch (...) {
    const auto what = failure::from_exception(std::current_exception());
    log::warn("breaker " + name + ": " + hook + " threw " + what.message());
  }
}

} // namespace

breaker_listeners::breaker_listeners(const std::shared_ptr<actor_cell>& what,
                                     const breaker_services& services)
  : cell_(what),
    services_(services) {
  // nop
}

void breaker_listeners::add(light_actor* self, caf::actor who) {
  auto& all = cell_->edit_listeners().subscribers;
  if (std::find(all.begin(), all.end(), who) != all.end())
    return;
  watch_subscriber(self, who);
  all.push_back(std::move(who));
}

void breaker_listeners::remove(const caf::actor& who) {
  if (has_subscribers())
    std::erase(cell_->edit_listeners().subscribers, who);
}

void breaker_listeners::resume(light_actor* self) {
  for (const auto& who : cell_->listeners().subscribers)
    watch_subscriber(self, who);
}

void breaker_listeners::flush(light_actor* self) {
  if (unsent_->empty())
    return;
  auto events = std::exchange(unsent_.edit(), {});
  const auto now = self->clock().now();
  const auto wall = std::chrono::system_clock::now();
  for (auto& each : events) {
    if (each.kind == event_kind::breaker_terminated)
      each.at = now; // the machine has not been told
    each.when = wall
                - std::chrono::duration_cast<wall_time::duration>(
                  now - std::min(each.at, now));
  }
  if (services_.telemetry)
    services_.telemetry->publish(cell_->name(), events);
  for (auto& each : events) {
    for (const auto& who : cell_->listeners().subscribers)
      tell_from(self, who, cell_->name(), each);
    if (concerns_hooks(each))
      call_hooks(each);
  }
}

bool breaker_listeners::wants(event_kind kind) const {
  return has_subscribers()
         || (services_.telemetry && services_.telemetry->wants(kind));
}

bool breaker_listeners::wants_looks() const {
  const bool told = cell_->data().cfg->success_events > 0;
  return (told && wants(event_kind::call_succeeded))
         || (cell_->machine().state() != state::closed
             && wants(event_kind::call_rejected));
}

void breaker_listeners::emit(const breaker_event& event) {
  if (wants(event.kind) || concerns_hooks(event))
    unsent_.edit().push_back(event);
}

void breaker_listeners::consult_ready_to_trip(const counts& so_far,
                                              std::uint64_t epoch) {
  auto job = [what = cell_, so_far, epoch] {
    input::trip_verdict verdict{epoch, std::nullopt};
    guarded(what->name(), "ready_to_trip",
            [&] { verdict.trip = what->user().ready_to_trip(so_far); });
    what->tell(verdict);
  };
  // Nobody to ask: the built-in rules decide.
  if (!hooks_strand().post(std::move(job), true))
    cell_->tell(input::trip_verdict{epoch, std::nullopt});
}

void breaker_listeners::consult_open_time(const trip_cause& cause,
                                          std::uint64_t epoch) {
  auto job = [what = cell_, cause, epoch] {
    guarded(what->name(), "open_time", [&] {
      const auto time = what->user().open_time(cause);
      if (time >= std::chrono::milliseconds{1})
        what->tell(input::open_time_verdict{epoch, time});
      else
        log::warn("breaker " + what->name()
                  + ": open_time gave less than 1 ms; open_timeout holds");
    });
  };
  if (!hooks_strand().post(std::move(job), true))
    log::warn("breaker " + cell_->name()
              + ": no room to ask open_time; open_timeout holds");
}

void breaker_listeners::consult_stuck_calls(time_point now) {
  cell_->tell(cell_->stuck_calls(now));
}

bool breaker_listeners::concerns_hooks(const breaker_event& event) const {
  const auto& user = cell_->user();
  return (event.kind == event_kind::state_transition && user.on_state_change)
         || (event.level != event.level_before && user.on_alert);
}

void breaker_listeners::call_hooks(const breaker_event& event) {
  auto job = [what = cell_, event] {
    const auto& user = what->user();
    const auto& name = what->name();
    if (event.kind == event_kind::state_transition && user.on_state_change)
      guarded(name, "on_state_change",
              [&] { user.on_state_change(name, event.from, event.to); });
    if (event.level != event.level_before && user.on_alert) {
      const auto text
        = "breaker " + name + " is " + std::string{to_string(event.to)} + ": "
          + (event.text.empty() ? std::string{to_string(event.why)}
                                : event.text);
      guarded(name, "on_alert",
              [&] { user.on_alert(name, event.level, text); });
    }
  };
  if (!hooks_strand().post(std::move(job)))
    ++cell_->edit_listeners().dropped;
}

strand& breaker_listeners::hooks_strand() {
  auto& line = cell_->edit_listeners().hooks;
  if (!line)
    line = std::make_shared<strand>(services_.listeners, hooks_limit);
  return *line;
}

} // namespace switchgear::actor
