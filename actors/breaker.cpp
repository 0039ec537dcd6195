#include "switchgear/breaker.hpp"

#include <memory>
#include <utility>

#include "asking.hpp"

namespace switchgear {

breaker::breaker(std::shared_ptr<actor::actor_cell> where)
  : cell_(std::move(where)) {
  // nop
}

actor::actor_cell& breaker::owned() const noexcept {
  return static_cast<actor::actor_cell&>(*cell_);
}

expected<statistics, failure> breaker::stats() const {
  return actor::inquire(owned()).map(
    [](actor::breaker_report&& known) { return std::move(known.stats); });
}

expected<config, failure> breaker::settings() const {
  return actor::inquire(owned()).map(
    [](actor::breaker_report&& known) { return known.settings; });
}

expected<void, failure> breaker::reset() const {
  return actor::instruct(owned(), input::reset{});
}

expected<void, failure> breaker::force_open() const {
  return actor::instruct(owned(), input::force_open{});
}

expected<void, failure> breaker::isolate() const {
  return set_mode(switchgear::mode::isolated);
}

expected<void, failure> breaker::force_closed() const {
  return set_mode(switchgear::mode::forced_closed);
}

expected<void, failure> breaker::disable() const {
  return set_mode(switchgear::mode::disabled);
}

expected<void, failure> breaker::metrics_only() const {
  return set_mode(switchgear::mode::metrics_only);
}

expected<void, failure> breaker::automatic() const {
  return set_mode(switchgear::mode::automatic);
}

expected<void, failure> breaker::set_mode(switchgear::mode to) const {
  return actor::instruct(owned(), input::set_mode{to});
}

expected<void, failure> breaker::reconfigure(config to) const {
  if (auto errors = validate(to); !errors.empty())
    return make_unexpected(failure{errc::invalid_config, explain(errors)});
  return actor::instruct(
    owned(), input::reconfigure{std::make_shared<const config>(std::move(to))});
}

caf::actor breaker::actor() const {
  return owned().await_owner();
}

} // namespace switchgear
