#include <optional>
#include <utility>
#include <variant>

#include "conformance/breaker_session.hpp"
#include "switchgear/breaker/machine.hpp"
#include "switchgear/statem/virtual_driver.hpp"

namespace switchgear::conformance {

namespace {

class virtual_breaker : public breaker_session, private breaker_observer {
public:
  explicit virtual_breaker(const config& cfg)
    : driver_(rules_, state::closed,
              breaker_data{std::make_shared<const config>(cfg), 0}) {
    rules_.observe(this);
    driver_.on_reply([this](statem::caller, breaker_types::reply value) {
      reply_ = std::move(value);
    });
    driver_.start();
  }

  expected<permit, failure> acquire() override {
    const auto answer = ask(input::acquire{});
    if (auto* why = std::get_if<failure>(&answer))
      return make_unexpected(*why);
    return std::get<permit>(answer);
  }

  void report(const permit& of, const std::string& error) override {
    const auto how = error.empty() ? outcome::success : outcome::failure;
    ask(input::report{.of = of, .how = how, .error = error});
  }

  void reset() override {
    ask(input::reset{});
  }

  void force_open() override {
    ask(input::force_open{});
  }

  void wait(std::chrono::milliseconds time) override {
    driver_.advance(time);
  }

  state get_state() override {
    return driver_.machine().state();
  }

  statistics stats() override {
    return statistics_of(driver_.machine().state(), driver_.machine().data(),
                         driver_.now(), wall_time{});
  }

  void stop() override {
    driver_.machine().stop(statem::exit_reason::normal(), driver_.now());
  }

  std::size_t timers() override {
    return driver_.machine().running({statem::event_type::state_timeout, {}});
  }

  std::vector<breaker_event> take_events() override {
    return std::exchange(events_, {});
  }

private:
  breaker_types::reply ask(breaker_types::message what) {
    reply_.reset();
    driver_.call(std::move(what));
    driver_.run();
    return std::move(reply_).value(); // throws if there was none
  }

  void emit(const breaker_event& event) override {
    events_.push_back(event);
  }

  void consult_ready_to_trip(const counts&, std::uint64_t) override {
    // nop: no hooks here
  }

  void consult_open_time(const trip_cause&, std::uint64_t) override {
    // nop: no hooks here
  }

  breaker_machine rules_;
  std::vector<breaker_event> events_;
  std::optional<breaker_types::reply> reply_;
  statem::virtual_driver<breaker_types> driver_;
};

} // namespace

std::unique_ptr<breaker_session> start_virtual_breaker(const config& cfg) {
  return std::make_unique<virtual_breaker>(cfg);
}

} // namespace switchgear::conformance
