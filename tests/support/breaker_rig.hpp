#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "switchgear/breaker/machine.hpp"
#include "switchgear/statem/virtual_driver.hpp"

namespace switchgear::test {

/// A breaker machine in virtual time together with its only caller and its only
/// listener. Every verb is handled before it returns.
class breaker_rig : private breaker_observer {
public:
  /// Which hooks the machine asks.
  struct hooked {
    bool ready_to_trip = false;
    bool open_time = false;
  };

  explicit breaker_rig(config cfg = {}, hooked by = {false, false},
                       std::uint64_t seed = 0)
    : rules_(by.ready_to_trip, by.open_time),
      driver_(
        rules_, state::closed,
        breaker_data{std::make_shared<const config>(std::move(cfg)), seed}) {
    rules_.observe(this);
    driver_.on_reply([this](statem::caller who, breaker_types::reply value) {
      replies_.emplace(who.id, answer{std::move(value), events_.size()});
    });
    driver_.start();
  }

  // -- calls ------------------------------------------------------------------

  /// Asks for a permit; none if the call is rejected.
  std::optional<permit> acquire() {
    auto got = answer_to(ask(input::acquire{}));
    if (auto* why = std::get_if<failure>(&got)) {
      rejection_ = std::move(*why);
      return std::nullopt;
    }
    return std::get<permit>(got);
  }

  /// Why `acquire` gave nothing last.
  const failure& rejection() const {
    return rejection_.value();
  }

  void report(const permit& of, outcome how = outcome::success,
              duration latency = {}, std::string error = {}) {
    ask(
      input::report{.of = of, .how = how, .latency = latency, .error = error});
  }

  /// A whole call.
  /// @returns whether it was admitted
  bool call(outcome how = outcome::success, duration latency = {},
            std::string error = {}) {
    const auto given = acquire();
    if (given)
      report(*given, how, latency, std::move(error));
    return given.has_value();
  }

  bool ok() {
    return call(outcome::success);
  }

  bool fail(std::string error = "broken") {
    return call(outcome::failure, {}, std::move(error));
  }

  /// A call that fails; the tool asks to be left alone for so long.
  bool fail_for(duration wait, std::string error = "HTTP 429") {
    const auto given = acquire();
    if (given)
      ask(input::report{.of = *given,
                        .how = outcome::failure,
                        .retry_after = input::to_pause(wait),
                        .error = error});
    return given.has_value();
  }

  // -- everything else --------------------------------------------------------

  /// Sends `what` as a call.
  statem::caller ask(breaker_types::message what) {
    const auto who = driver_.call(std::move(what));
    driver_.run();
    return who;
  }

  /// Sends `what` and waits for no answer.
  void tell(breaker_types::message what) {
    driver_.cast(std::move(what));
    driver_.run();
  }

  bool answered(statem::caller who) const {
    return replies_.contains(who.id);
  }

  breaker_types::reply answer_to(statem::caller who) const {
    return replies_.at(who.id).value;
  }

  /// How many events had been told when the answer came.
  std::size_t events_before(statem::caller who) const {
    return replies_.at(who.id).events;
  }

  void reset() {
    ask(input::reset{});
  }

  void force_open() {
    ask(input::force_open{});
  }

  void set_mode(mode to) {
    ask(input::set_mode{to});
  }

  void reconfigure(config to) {
    ask(input::reconfigure{std::make_shared<const config>(std::move(to))});
  }

  void stop() {
    driver_.machine().stop(statem::exit_reason::shutdown(), driver_.now());
  }

  void advance(duration by) {
    driver_.advance(by);
  }

  // -- looking at it ----------------------------------------------------------

  statem::engine<breaker_types>& machine() {
    return driver_.machine();
  }

  state now_in() {
    return machine().state();
  }

  const breaker_data& data() {
    return machine().data();
  }

  time_point now() const {
    return driver_.now();
  }

  statistics stats(wall_time wall_now = {}) {
    return statistics_of(now_in(), data(), driver_.now(), wall_now);
  }

  bool state_timer_runs() {
    return machine().running({statem::event_type::state_timeout, {}});
  }

  bool lease_timer_runs() {
    return machine().running({statem::event_type::generic_timeout,
                              breaker_types::timer_name::probe_lease});
  }

  const std::vector<breaker_event>& events() const noexcept {
    return events_;
  }

  /// The events since this was last asked, without their common prefix.
  std::vector<std::string> take_events() {
    std::vector<std::string> result;
    for (; told_ < events_.size(); ++told_) {
      const auto name = to_string(events_[told_].kind);
      result.emplace_back(name.substr(name.find('.') + 1));
    }
    return result;
  }

  /// The last event of a kind.
  std::optional<breaker_event> last(event_kind kind) const {
    for (auto i = events_.rbegin(); i != events_.rend(); ++i)
      if (i->kind == kind)
        return *i;
    return std::nullopt;
  }

  /// A question to a hook.
  template <class About>
  struct question {
    About about;
    std::uint64_t epoch;
  };

  std::vector<question<counts>> asked_to_trip;
  std::vector<question<trip_cause>> asked_for_open_time;

  // -- short cuts into the states ---------------------------------------------

  /// Into open, by failures.
  breaker_rig& trip() {
    while (now_in() == state::closed)
      fail();
    return *this;
  }

  /// Into half-open, by failures and time.
  breaker_rig& half_open() {
    trip();
    if (now_in() == state::open)
      advance(data().open_until - now());
    return *this;
  }

private:
  void emit(const breaker_event& event) override {
    events_.push_back(event);
  }

  void consult_ready_to_trip(const counts& so_far,
                             std::uint64_t epoch) override {
    asked_to_trip.push_back({so_far, epoch});
  }

  void consult_open_time(const trip_cause& cause,
                         std::uint64_t epoch) override {
    asked_for_open_time.push_back({cause, epoch});
  }

  struct answer {
    breaker_types::reply value;
    std::size_t events;
  };

  breaker_machine rules_;
  std::map<std::uint64_t, answer> replies_;
  std::optional<failure> rejection_;
  std::vector<breaker_event> events_;
  std::size_t told_ = 0;
  statem::virtual_driver<breaker_types> driver_;
};

} // namespace switchgear::test
