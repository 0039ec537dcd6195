#include "switchgear/breaker.hpp"

#include "ask_owner.hpp"

namespace switchgear {

breaker::breaker(std::shared_ptr<actor::actor_cell> where)
  : cell_(std::move(where)) {
  // nop
}

actor::actor_cell& breaker::owned() const noexcept {
  return static_cast<actor::actor_cell&>(*cell_);
}

expected<statistics, failure> breaker::stats() const {
  return actor::ask_owner<statistics>(owned(), get_stats_v);
}

expected<config, failure> breaker::settings() const {
  return actor::ask_owner<config>(owned(), get_settings_v);
}

expected<void, failure> breaker::reset() const {
  return actor::ask_owner<void>(owned(), reset_v);
}

expected<void, failure> breaker::force_open() const {
  return actor::ask_owner<void>(owned(), force_open_v);
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
  return actor::ask_owner<void>(owned(), set_mode_v, to);
}

expected<void, failure> breaker::reconfigure(config to) const {
  return actor::ask_owner<void>(owned(), reconfigure_v, to);
}

caf::actor breaker::actor() const {
  return owned().await_owner();
}

} // namespace switchgear
