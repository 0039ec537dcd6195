#include "switchgear/runtime.hpp"

#include <utility>

#include "asking.hpp"
#include "runtime_impl.hpp"
#include "switchgear/actor/caf.hpp"

namespace switchgear {

// Made apart, so that another thread than this can end it.

runtime::runtime(runtime_options options) {
  actor::apart([&] {
    impl_ = std::make_unique<impl>(std::make_unique<runtime_config>(),
                                   std::move(options));
  });
  impl_->serve_admin(*this);
}

runtime::runtime(runtime_config& cfg) {
  actor::apart([&] { impl_ = std::make_unique<impl>(cfg); });
  impl_->serve_admin(*this);
}

runtime::runtime(caf::actor_system& sys) {
  actor::apart([&] { impl_ = std::make_unique<impl>(sys); });
  impl_->serve_admin(*this);
}

runtime::runtime(caf::actor_system& sys, runtime_options options) {
  actor::apart(
    [&] { impl_ = std::make_unique<impl>(sys, std::move(options)); });
  impl_->serve_admin(*this);
}

runtime::~runtime() {
  impl_->shutdown(); // while those who still ask can
}

switchgear::breaker runtime::breaker(std::string_view name) {
  return breaker(name, impl_->options().defaults);
}

switchgear::breaker runtime::breaker(std::string_view name, const config& cfg) {
  auto got = impl_->get_or_create(name, cfg, impl_->default_hooks());
  if (!got)
    raise(got.error());
  return switchgear::breaker{std::move(got->first)};
}

switchgear::breaker runtime::breaker(std::string_view name, const config& cfg,
                                     hooks user) {
  auto got = impl_->get_or_create(name, cfg, share(std::move(user)));
  if (!got)
    raise(got.error());
  return switchgear::breaker{std::move(got->first)};
}

expected<switchgear::breaker, failure>
runtime::register_breaker(std::string_view name, const config& cfg) {
  return impl_->register_new(name, cfg, impl_->default_hooks());
}

expected<switchgear::breaker, failure>
runtime::register_breaker(std::string_view name, const config& cfg,
                          hooks user) {
  return impl_->register_new(name, cfg, share(std::move(user)));
}

expected<void, failure> runtime::unregister_breaker(std::string_view name) {
  return impl_->remove(name);
}

expected<switchgear::breaker, failure>
runtime::find(std::string_view name) const {
  if (auto what = impl_->find(name))
    return switchgear::breaker{std::move(what)};
  return make_unexpected(
    failure{errc::not_found, "no breaker " + std::string{name}});
}

std::vector<std::string> runtime::names() const {
  std::vector<std::string> result;
  for (const auto& each : impl_->sorted_cells())
    result.push_back(each->name());
  return result;
}

std::map<std::string, state> runtime::all_states() const {
  std::map<std::string, state> result;
  for (const auto& each : impl_->cells())
    result.emplace(each->name(), each->current_state());
  return result;
}

bool runtime::has_open_circuits() const {
  return health().open > 0;
}

health runtime::health() const {
  return impl_->health();
}

expected<statistics, failure> runtime::stats(std::string_view name) const {
  return find(name).and_then(
    [](const switchgear::breaker& found) { return found.stats(); });
}

std::vector<statistics> runtime::all_stats() const {
  return impl_->all_stats();
}

void runtime::reset_all() const {
  actor::instruct(impl_->cells(), input::reset{});
}

expected<void, failure> runtime::kill(std::string_view name) const {
  auto what = impl_->find(name);
  if (!what)
    return make_unexpected(
      failure{errc::not_found, "no breaker " + std::string{name}});
  if (auto who = what->owner_until(clock::now() + actor::answer_time))
    caf::anon_send_exit(who, caf::exit_reason::kill);
  return {};
}

telemetry::hub& runtime::telemetry() const noexcept {
  return impl_->telemetry();
}

admin_server* runtime::admin() const noexcept {
  return impl_->admin();
}

caf::actor runtime::supervisor() const {
  return impl_->supervisor();
}

std::shared_ptr<executor> runtime::workers() const {
  return impl_->workers();
}

void runtime::end_with(const caf::actor& who) const {
  impl_->end_with(who);
}

caf::actor_system& runtime::system() const noexcept {
  return impl_->system();
}

void runtime::shutdown() {
  impl_->shutdown();
}

} // namespace switchgear
