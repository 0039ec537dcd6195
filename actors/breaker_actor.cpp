#include "switchgear/actor/breaker_actor.hpp"

#include <optional>
#include <utility>
#include <vector>


#include "breaker_driver.hpp"
#include "breaker_listeners.hpp"
#include "switchgear/actor/caf.hpp"
#include "switchgear/actor/courier.hpp"
#include "switchgear/actor/errors.hpp"
#include "switchgear/actor/inquiry.hpp"
#include "switchgear/actor/task.hpp"

namespace switchgear::actor {

namespace {

using namespace std::chrono_literals;

// Calls that pass or are turned away wake nobody. With subscribers, who want
// to hear of them, the actor looks this often.
constexpr auto look_interval = 100ms;

class breaker_impl final : public light_actor {
public:
  breaker_impl(caf::actor_config& cfg, std::shared_ptr<actor_cell> what,
               std::shared_ptr<const breaker_services> services)
    : light_actor(cfg),
      cell_(std::move(what)),
      services_(std::move(services)),
      listeners_(cell_, services_->listeners) {
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
    driver_.reset();
    cell_->observe(nullptr);
    cell_->abandon(false);
  }

private:
  void own();
  void end_for_good();
  void look();
  expected<permit, failure> admit();
  statistics make_stats() const;

  /// Makes a request's handler: the machine answers.
  template <class Input>
  caf::response_promise ask(Input input) {
    auto promise = make_response_promise();
    driver_->step(std::move(input), promise);
    return promise;
  }

  std::shared_ptr<actor_cell> cell_;
  std::shared_ptr<const breaker_services> services_;
  breaker_listeners listeners_;
  std::optional<breaker_driver> driver_;
  bool looking_ = false;
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
  auto result = snapshot(cell_->machine().state(), cell_->data(),
                         driver_->now(), std::chrono::system_clock::now());
  result.name = cell_->name();
  result.events_dropped = listeners_.dropped();
  return result;
}

// Without a successor: who stops a breaker must see that it is gone.
void breaker_impl::end_for_good() {
  driver_->step();
  driver_->stop(statem::exit_reason::normal());
  driver_->step();
  cell_->abandon(true);
  cell_->retire();
}

expected<permit, failure> breaker_impl::admit() {
  driver_->step();
  auto given = cell_->admit();
  driver_->step(); // counts the rejection, or the probe
  if (!given && given.error() == errc::circuit_open) {
    // The actor's own clock, which may be a virtual one, knows best.
    const auto until = cell_->data().open_until;
    if (until != time_point::max())
      return make_unexpected(
        failure::rejected(errc::circuit_open, until - driver_->now()));
  }
  return given;
}

void breaker_impl::look() {
  if (looking_ || !listeners_.has_subscribers())
    return;
  looking_ = true;
  run_delayed(look_interval, [this] {
    looking_ = false;
    driver_->step();
    look();
  });
}

void breaker_impl::handle_exit(caf::exit_msg& msg) {
  if (!msg.reason)
    return; // somebody linked to us has done its work: not our concern
  const auto why = from_error(msg.reason);
  if (why.what == statem::exit_reason::kind::normal)
    return; // somebody linked to us is done, which is not our concern
  driver_->step();
  if (why.orderly()) { // told to by the supervisor
    driver_->stop(why);
    driver_->step();
  } else { // brought down by somebody linked to us
    quit(msg.reason);
  }
}

caf::behavior breaker_impl::make_handlers() {
  return {
    [this](drain) { driver_->step(); },
    [this](call, task& what) -> caf::result<caf::message> {
      auto given = admit();
      if (!given)
        return to_error(given.error());
      return pass_on(this, services_->courier,
                     call_order{cell_, *given, std::move(what),
                                cell_->data().cfg->call_timeout});
    },
    [this](acquire) -> caf::result<permit> {
      auto given = admit();
      if (!given)
        return to_error(given.error());
      return *given;
    },
    [this](report, const permit& of, outcome how, duration latency,
           std::string& text) {
      return ask(input::report{of, how, latency, std::move(text)});
    },
    [this](get_settings) {
      driver_->step();
      return *cell_->data().cfg;
    },
    [this](inquiry& question) {
      driver_->step();
      question.answer->set_value({make_stats(), *cell_->data().cfg});
    },
    [this](get_state) -> caf::result<state, mode> {
      driver_->step();
      return {cell_->machine().state(), cell_->data().mode};
    },
    [this](get_stats) {
      driver_->step();
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
      driver_->step();
      if (!who)
        return;
      listeners_.add(this, std::move(who));
      look();
    },
    [this](unsubscribe, const caf::actor& who) {
      driver_->step();
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
