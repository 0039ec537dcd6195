#include <optional>
#include <stdexcept>
#include <utility>

#include <caf/actor.hpp>
#include <caf/event_based_actor.hpp>
#include <caf/scoped_actor.hpp>

#include "conformance/breaker_session.hpp"
#include "support/deterministic_world.hpp"
#include "switchgear/actor/breaker_actor.hpp"
#include "switchgear/actor/caf.hpp"
#include "switchgear/actor/errors.hpp"
#include "switchgear/actor/inspect.hpp"

namespace switchgear::conformance {

namespace {

/// Talks to a breaker's actor as a caller in another actor would, and hears of
/// its events as a subscriber.
class actor_session : public breaker_session {
public:
  explicit actor_session(const config& cfg)
    : cell_(std::make_shared<actor::actor_cell>(
      world_.system(), "scripted", std::make_shared<const config>(cfg), nullptr,
      0)) {
    auto services = std::make_shared<actor::breaker_services>();
    services->subscribers.push_back(
      world_.system().spawn([this](caf::event_based_actor*) -> caf::behavior {
        return {
          [this](const std::string&, const breaker_event& event) {
            events_.push_back(event);
          },
        };
      }));
    breaker_ = actor::spawn_breaker(world_.system(), cell_, services);
    world_.run();
  }

  expected<permit, failure> acquire() override {
    return ask<permit>(acquire_v);
  }

  void report(const permit& of, const std::string& error) override {
    const auto how = error.empty() ? outcome::success : outcome::failure;
    demand(report_v, of, how, duration::zero(), error);
  }

  void reset() override {
    demand(reset_v);
  }

  void force_open() override {
    demand(force_open_v);
  }

  void wait(std::chrono::milliseconds time) override {
    world_.advance(time);
  }

  state get_state() override {
    state result{};
    receive([&](state now, mode) { result = now; }, get_state_v);
    return result;
  }

  statistics stats() override {
    return ask<statistics>(get_stats_v).value();
  }

  void stop() override {
    demand(stop_v);
    breaker_ = nullptr;
  }

  std::size_t timers() override {
    // No other thread is there to own the cell meanwhile.
    return cell_->machine().running({statem::event_type::state_timeout, {}});
  }

  std::vector<breaker_event> take_events() override {
    return std::exchange(events_, {});
  }

private:
  /// Sends a request and passes the answer to `use`.
  /// @returns what it was refused with, if it was.
  template <class F, class... Ts>
  std::optional<failure> receive(F use, const Ts&... request) {
    caf::scoped_actor self{world_.system(), true};
    auto asked = actor::ask(self, breaker_, caf::infinite, request...);
    world_.run();
    std::optional<failure> refused;
    std::move(asked).receive(
      use, [&](const caf::error& why) { refused = actor::to_failure(why); });
    return refused;
  }

  template <class Result, class... Ts>
  expected<Result, failure> ask(const Ts&... request) {
    Result result;
    if (auto why
        = receive([&](Result& got) { result = std::move(got); }, request...))
      return make_unexpected(std::move(*why));
    return result;
  }

  /// For what is never refused.
  template <class... Ts>
  void demand(const Ts&... request) {
    if (auto why = receive([] {}, request...))
      throw std::runtime_error{"the breaker answers " + why->to_string()};
  }

  std::vector<breaker_event> events_;
  test::deterministic_world world_;
  std::shared_ptr<actor::actor_cell> cell_;
  caf::actor breaker_;
};

} // namespace

std::unique_ptr<breaker_session> start_breaker_actor(const config& cfg) {
  return std::make_unique<actor_session>(cfg);
}

} // namespace switchgear::conformance
