#include "switchgear/actor/breaker_actor.hpp"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "breaker_driver.hpp"
#include "breaker_listeners.hpp"
#include "switchgear/actor/caf.hpp"
#include "switchgear/actor/courier.hpp"
#include "switchgear/actor/dispatcher.hpp"
#include "switchgear/actor/errors.hpp"
#include "switchgear/actor/inquiry.hpp"
#include "switchgear/actor/task.hpp"
#include "telemetry/hub_impl.hpp"

namespace switchgear::actor {

namespace {

using namespace std::chrono_literals;

// Calls that pass or are turned away wake nobody. If somebody wants to hear of
// them the actor looks now and then: the more often the more there is to see.
constexpr std::uint8_t shortest_look = 5; // ms
constexpr std::uint8_t longest_look = 200;

class breaker_impl final : public light_actor {
public:
  breaker_impl(caf::actor_config& cfg, std::shared_ptr<actor_cell> what,
               std::shared_ptr<const breaker_services> services)
    : light_actor(cfg),
      cell_(std::move(what)),
      services_(std::move(services)),
      listeners_(cell_, *services_) {
    // nop
  }

  const char* name() const override {
    return "switchgear.breaker";
  }

  void started() override {
    own();
  }

  caf::behavior make_handlers() override;

  void handle_exit(caf::exit_msg& msg) override;

  timekeeper* timers() const noexcept override {
    return services_->timers.get();
  }

  void on_exit() override {
    send_off(); // whoever owns the breaker next hears how they ended
    driver_.reset();
    cell_->observe(nullptr);
    cell_->abandon(false);
  }

private:
  void own();
  void end_for_good();
  void look();
  expected<cell::call, failure> admit();
  caf::result<caf::message> take_call(task& what);
  void send_off();
  statistics make_stats() const;

  /// Who asks or tells something finds all done that came before.
  void step() {
    send_off();
    driver_->step();
    look();
  }

  /// Makes a request's handler: the machine answers.
  template <class Input>
  caf::response_promise ask(Input input) {
    send_off();
    auto promise = make_response_promise();
    driver_->step(std::move(input), promise);
    look();
    return promise;
  }

  std::shared_ptr<actor_cell> cell_;
  std::shared_ptr<const breaker_services> services_;
  dispatcher::batch_ptr unsent_;
  breaker_listeners listeners_;
  std::optional<breaker_driver> driver_;
  bool looking_ = false;
  std::uint8_t look_interval_ = 100; // ms
};

void breaker_impl::own() {
  const bool after_fault = cell_->revive();
  driver_.emplace(this, *cell_, listeners_);
  cell_->observe(&listeners_);
  // A supervisor that starts over stops its breakers and starts them again:
  // only the runtime, or a `stop` message, ends one for good.
  if (cell_->take_over(caf::actor{this})) {
    for (const auto& who : services_->subscribers)
      listeners_.add(this, who);
    driver_->start();
    driver_->step();
  } else {
    listeners_.resume(this);
    driver_->adopt();
    driver_->step(input::restarted{after_fault});
  }
  look();
}

statistics breaker_impl::make_stats() const {
  auto result
    = cell_->make_statistics(driver_->now(), std::chrono::system_clock::now());
  result.events_dropped = listeners_.dropped();
  return result;
}

// Without a successor: who stops a breaker must see that it is gone.
void breaker_impl::end_for_good() {
  step();
  driver_->stop(statem::exit_reason::normal());
  driver_->step();
  cell_->abandon(true);
  cell_->retire();
}

expected<cell::call, failure> breaker_impl::admit() {
  if (!unsent_) // else it has just been done
    driver_->step();
  cell::call begun;
  const bool admitted = cell_->begin(begun);
  if (!admitted || begun.of.is_probe())
    driver_->step(); // counts it
  if (admitted)
    return begun;
  auto why = cell_->refusal(begun);
  if (why == errc::circuit_open) {
    // The actor's own clock, which may be a virtual one, knows best.
    const auto until = cell_->data().open_until;
    if (until != time_point::max())
      why = failure::rejected(errc::circuit_open, until - driver_->now());
  }
  return make_unexpected(std::move(why));
}

// Calls that wait in the mailbox one after the other go to the executor
// together, when the message arrives that the first of them sends after them.
caf::result<caf::message> breaker_impl::take_call(task& what) {
  auto given = admit();
  if (!given)
    return to_error(given.error());
  const auto limit = cell_->data().cfg->call_timeout;
  auto& calls = services_->calls;
  if (calls && what.is_prompt() && limit == duration::zero()) {
    if (auto from = return_address::take(this)) {
      if (!unsent_) {
        unsent_ = calls->collect(cell_);
        tell(caf::actor{this}, drain_v);
      }
      unsent_->add(*given, std::move(what), std::move(*from));
      if (unsent_->full())
        send_off();
      return caf::delegated<caf::message>{};
    }
  }
  return pass_on(this, services_->courier,
                 call_order{cell_, *given, std::move(what), limit});
}

void breaker_impl::send_off() {
  if (unsent_)
    services_->calls->run(std::move(unsent_));
}

void breaker_impl::look() {
  if (looking_ || !(listeners_.wants_looks() || cell_->data().alerts.raised()))
    return;
  looking_ = true;
  run_delayed(std::chrono::milliseconds{look_interval_}, [this] {
    looking_ = false;
    driver_->step();
    switch (cell_->logging_pace()) {
      case cell::pace::hurried:
        look_interval_
          = std::max<std::uint8_t>(look_interval_ / 4, shortest_look);
        break;
      case cell::pace::idle:
        look_interval_ = static_cast<std::uint8_t>(
          std::min(look_interval_ * 2, int{longest_look}));
        break;
      case cell::pace::fit:
        break;
    }
    if (services_->telemetry)
      services_->telemetry->note_lost(cell_->take_untold());
    look();
  });
}

void breaker_impl::handle_exit(caf::exit_msg& msg) {
  if (!msg.reason)
    return; // somebody linked to us has done its work: not our concern
  const auto why = from_error(msg.reason);
  if (why.what == statem::exit_reason::kind::normal)
    return; // somebody linked to us is done, which is not our concern
  step();
  if (why.orderly()) { // told to by the supervisor
    driver_->stop(why);
    step();
  } else { // brought down by somebody linked to us
    quit(msg.reason);
  }
}

caf::behavior breaker_impl::make_handlers() {
  return {
    [this](drain) { step(); },
    [this](call, task& what) { return take_call(what); },
    [this](acquire) -> caf::result<permit> {
      send_off();
      auto given = admit();
      if (!given)
        return to_error(given.error());
      cell_->hand_over(*given);
      return given->of;
    },
    [this](report, const permit& of, outcome how, duration latency,
           const std::string& text) {
      cell_->count_end();
      return ask(
        input::report{.of = of, .how = how, .latency = latency, .error = text});
    },
    [this](report, const permit& of, outcome how, duration latency,
           const std::string& text, duration retry_after) {
      cell_->count_end();
      return ask(input::report{.of = of,
                               .how = how,
                               .retry_after = input::to_pause(retry_after),
                               .latency = latency,
                               .error = text});
    },
    [this](get_settings) {
      step();
      return *cell_->data().cfg;
    },
    [this](inquiry& question) {
      step();
      question.answer->set_value({make_stats(), *cell_->data().cfg});
    },
    [this](get_state) -> caf::result<state, mode> {
      step();
      return {cell_->machine().state(), cell_->data().mode};
    },
    [this](get_stats) {
      step();
      return make_stats();
    },
    [this](reset) { return ask(input::reset{}); },
    [this](force_open) { return ask(input::force_open{}); },
    [this](set_mode, mode to) { return ask(input::set_mode{to}); },
    [this](reconfigure, switchgear::config& to) -> caf::result<void> {
      if (auto errors = validate(to); !errors.empty())
        return to_error(failure{errc::invalid_config, explain(errors)});
      return ask(input::reconfigure{
        std::make_shared<const switchgear::config>(std::move(to))});
    },
    [this](subscribe, caf::actor& who) {
      step();
      if (!who)
        return;
      listeners_.add(this, std::move(who));
      step(); // from now on callers keep what it wants to hear of
    },
    [this](unsubscribe, const caf::actor& who) {
      step();
      listeners_.remove(who);
    },
    [this](stop) { end_for_good(); },
  };
}

} // namespace

caf::actor spawn_breaker(caf::actor_system& sys,
                         std::shared_ptr<actor_cell> what,
                         std::shared_ptr<const breaker_services> services) {
  return sys.spawn<breaker_impl>(std::move(what), std::move(services));
}

} // namespace switchgear::actor
