#include "switchgear/runtime.hpp"

#include <algorithm>
#include <functional>
#include <mutex>
#include <optional>
#include <random>
#include <shared_mutex>
#include <utility>

#include <caf/actor_system.hpp>
#include <caf/scoped_actor.hpp>

#include "ask_owner.hpp"
#include "log.hpp"
#include "switchgear/actor/courier.hpp"
#include "switchgear/actor/runtime_config.hpp"
#include "switchgear/actor/supervisor.hpp"
#include "switchgear/executor.hpp"

namespace switchgear {

namespace {

using namespace std::chrono_literals;

constexpr std::size_t longest_name = 255;

std::optional<failure> check_name(std::string_view name) {
  if (!name.empty() && name.size() <= longest_name)
    return std::nullopt;
  return failure{errc::invalid_config,
                 "name of " + std::to_string(name.size())
                   + " bytes: must be 1 to 255 bytes"};
}

[[noreturn]] void raise(const failure& why) {
  throw setup_error{make_error_code(why.code()), why.message()};
}

runtime_options options_of(const caf::actor_system_config& cfg) {
  auto options = read_options(cfg);
  if (!options)
    raise(options.error());
  return std::move(*options);
}

} // namespace

std::vector<config_error> validate(const runtime_options& options) {
  std::vector<config_error> errors;
  const auto require = [&](bool fine, const char* field, std::string value,
                           const char* allowed) {
    if (!fine)
      errors.push_back({field, std::move(value), allowed});
  };
  const auto ms = [](duration d) {
    return std::to_string(
             std::chrono::duration_cast<std::chrono::milliseconds>(d).count())
           + " ms";
  };
  require(options.workers >= 1 && options.workers <= 10'000, "workers",
          std::to_string(options.workers), "1 to 10000");
  require(options.queue <= 1'000'000, "queue", std::to_string(options.queue),
          "0 to 1000000");
  require(options.restart_intensity >= 0
            && options.restart_intensity <= 1'000'000,
          "restart_intensity", std::to_string(options.restart_intensity),
          "0 to 1000000");
  require(options.restart_period >= 1ms && options.restart_period <= 24h,
          "restart_period", ms(options.restart_period), "1 ms to 24 h");
  require(options.shutdown_grace >= 0ms && options.shutdown_grace <= 1h,
          "shutdown_grace", ms(options.shutdown_grace), "0 to 1 h");
  const auto take = [&](std::string prefix, const config& cfg) {
    for (auto& each : validate(cfg))
      errors.push_back({prefix + each.field, each.value, each.allowed});
  };
  take("defaults.", options.defaults);
  for (const auto& [name, cfg] : options.breakers) {
    if (auto bad = check_name(name))
      errors.push_back({"breakers", name.substr(0, 20) + "...",
                        "named with 1 to 255 bytes"});
    take("breakers." + name + ".", cfg);
  }
  return errors;
}

// -- impl ---------------------------------------------------------------------

class runtime::impl {
public:
  using cell_ptr = std::shared_ptr<actor::actor_cell>;

  impl(std::unique_ptr<runtime_config> cfg, runtime_options options)
    : options_(checked(std::move(options))),
      config_(std::move(cfg)),
      owned_system_(std::make_unique<caf::actor_system>(*config_)),
      system_(*owned_system_) {
    begin();
  }

  impl(runtime_config& cfg)
    : options_(options_of(cfg)),
      owned_system_(std::make_unique<caf::actor_system>(cfg)),
      system_(*owned_system_) {
    begin();
  }

  impl(caf::actor_system& sys, runtime_options options)
    : options_(checked(std::move(options))), system_(sys) {
    begin();
  }

  ~impl() {
    shutdown();
  }

  caf::actor_system& system() const noexcept {
    return system_;
  }

  const runtime_options& options() const noexcept {
    return options_;
  }

  caf::actor supervisor() const {
    std::shared_lock guard{mutex_};
    return supervisor_;
  }

  cell_ptr find(std::string_view name) const {
    std::shared_lock guard{mutex_};
    auto i = cells_.find(name);
    return i == cells_.end() ? nullptr : i->second;
  }

  /// @returns the cell and whether it is new, or why it can not be.
  expected<std::pair<cell_ptr, bool>, failure>
  get_or_create(std::string_view name, const config& cfg, hooks user);

  expected<void, failure> remove(std::string_view name);

  std::vector<cell_ptr> cells() const {
    std::shared_lock guard{mutex_};
    std::vector<cell_ptr> result;
    result.reserve(cells_.size());
    for (const auto& [name, each] : cells_)
      result.push_back(each);
    return result;
  }

  void shutdown();

private:
  static runtime_options checked(runtime_options options) {
    if (auto errors = validate(options); !errors.empty())
      raise(failure{errc::invalid_config, explain(errors)});
    return options;
  }

  void begin();
  actor::start_result start_supervisor();
  actor::child_spec spec_of(const cell_ptr& what) const;
  void gave_up();

  /// Lets the end of the root reach us, if we are still there.
  struct watch {
    std::mutex mutex;
    impl* who;
  };

  runtime_options options_;
  std::unique_ptr<runtime_config> config_;
  std::unique_ptr<caf::actor_system> owned_system_;
  caf::actor_system& system_;
  std::shared_ptr<executor> workers_;
  std::shared_ptr<executor> listeners_;
  actor::breaker_services services_;
  caf::actor root_;
  std::shared_ptr<watch> watch_ = std::make_shared<watch>();

  mutable std::shared_mutex mutex_;
  std::map<std::string, cell_ptr, std::less<>> cells_;
  std::vector<cell_ptr> order_; // as they were made
  caf::actor supervisor_;
  std::uint64_t seed_ = std::random_device{}();
  bool stopping_ = false;
};

void runtime::impl::begin() {
  watch_->who = this;
  // `shutdown` waits for jobs; what still runs then has had its time.
  workers_ = std::make_shared<executor>("switchgear.w", options_.workers,
                                        options_.queue, 1s);
  listeners_ = std::make_shared<executor>("switchgear.l", 2, 1'000'000, 1s);
  services_.listeners = listeners_;
  services_.courier = actor::spawn_courier(system_, workers_);
  for (const auto& [name, cfg] : options_.breakers) {
    auto what = std::make_shared<actor::actor_cell>(system_, name, cfg, hooks{},
                                                    ++seed_);
    cells_.emplace(name, what);
    order_.push_back(std::move(what));
  }
  // Two levels: should breakers die too often, their supervisor gives up and
  // is started anew with all of them; should that happen too often, the root
  // gives up for good.
  actor::child_spec breakers;
  breakers.id = "breakers";
  breakers.start = [this] { return start_supervisor(); };
  breakers.type = supervision::child_type::supervisor;
  auto root = actor::start_supervisor(system_,
                                      {.intensity = 5, .period = 60s},
                                      {std::move(breakers)});
  if (!root)
    raise(failure{errc::unavailable, to_string(root.error())});
  root_ = std::move(*root);
  root_->attach_functor([link = watch_](const caf::error&) {
    std::lock_guard guard{link->mutex};
    if (link->who)
      link->who->gave_up();
  });
}

actor::start_result runtime::impl::start_supervisor() {
  actor::supervisor_options how;
  how.intensity = options_.restart_intensity;
  how.period = options_.restart_period;
  how.hooks.on_give_up = [](const std::string& name) {
    log::error("supervisor: too many restarts, the last of breaker " + name
               + "; starting over");
  };
  std::vector<actor::child_spec> children;
  std::unique_lock guard{mutex_};
  children.reserve(order_.size());
  for (const auto& each : order_)
    children.push_back(spec_of(each));
  supervisor_
    = actor::spawn_supervisor(system_, std::move(how), std::move(children));
  return supervisor_;
}

actor::child_spec runtime::impl::spec_of(const cell_ptr& what) const {
  actor::child_spec spec;
  spec.id = what->name();
  spec.restart = supervision::restart_type::transient;
  spec.start = [what, services = services_, &sys = system_] {
    return actor::spawn_breaker(sys, what, services);
  };
  return spec;
}

auto runtime::impl::get_or_create(std::string_view name, const config& cfg,
                                  hooks user)
  -> expected<std::pair<cell_ptr, bool>, failure> {
  if (auto bad = check_name(name))
    return make_unexpected(std::move(*bad));
  if (auto known = find(name); known && !known->over())
    return std::pair{std::move(known), false};
  if (auto errors = validate(cfg); !errors.empty())
    return make_unexpected(failure{
      errc::invalid_config,
      "breaker " + std::string{name} + ": " + explain(errors)});
  std::unique_lock guard{mutex_};
  if (stopping_)
    return make_unexpected(
      failure{errc::unavailable, "the runtime is shutting down"});
  auto i = cells_.find(name);
  if (i != cells_.end()) {
    if (!i->second->over())
      return std::pair{i->second, false};
    // Stopped by a message; a new one takes its place.
    actor::tell(supervisor_, delete_child_v, i->second->name());
    std::erase(order_, i->second);
    cells_.erase(i);
  }
  auto what = std::make_shared<actor::actor_cell>(
    system_, std::string{name}, cfg, std::move(user), ++seed_);
  cells_.emplace(what->name(), what);
  order_.push_back(what);
  // Not waited for: the handle works at once, and the actor finds what has been
  // left in the cell until it runs.
  actor::tell(supervisor_, start_child_v, spec_of(what));
  return std::pair{std::move(what), true};
}

expected<void, failure> runtime::impl::remove(std::string_view name) {
  cell_ptr what;
  caf::actor who;
  {
    std::unique_lock guard{mutex_};
    auto i = cells_.find(name);
    if (i == cells_.end())
      return make_unexpected(
        failure{errc::not_found, "no breaker " + std::string{name}});
    what = i->second;
    who = supervisor_;
    cells_.erase(i);
    std::erase(order_, what);
    // In the order in which the supervisor gets them, so that a breaker that
    // is made anew meanwhile is not the one that goes.
    actor::tell(who, terminate_child_v, what->name());
    actor::tell(who, delete_child_v, what->name());
  }
  what->await_over(clock::now() + actor::answer_time);
  return {};
}

void runtime::impl::gave_up() {
  {
    std::unique_lock guard{mutex_};
    if (std::exchange(stopping_, true))
      return;
  }
  log::error("supervisor: gave up for good; all breakers answer unavailable");
  for (const auto& each : cells()) {
    each->retire();
    each->abandon(true);
  }
}

void runtime::impl::shutdown() {
  {
    std::unique_lock guard{mutex_};
    const bool again = std::exchange(stopping_, true);
    if (again && !root_)
      return;
  }
  {
    std::lock_guard guard{watch_->mutex};
    watch_->who = nullptr;
  }
  caf::scoped_actor self{system_, true};
  const auto end = [&](caf::actor& who) {
    if (!who)
      return;
    self->send_exit(who, caf::exit_reason::user_shutdown);
    self->wait_for(who);
    who = nullptr;
  };
  end(root_);
  for (const auto& each : cells()) {
    // Those whose actor never came to run have not been told.
    each->retire();
    each->abandon(true);
  }
  workers_->stop();
  workers_->wait_idle(options_.shutdown_grace);
  end(services_.courier);
  listeners_->wait_idle(options_.shutdown_grace);
  listeners_->stop();
  supervisor_ = nullptr;
}

// -- runtime ------------------------------------------------------------------

runtime::runtime(runtime_options options)
  : impl_(std::make_unique<impl>(std::make_unique<runtime_config>(),
                                 std::move(options))) {
  // nop
}

runtime::runtime(runtime_config& cfg) : impl_(std::make_unique<impl>(cfg)) {
  // nop
}

runtime::runtime(caf::actor_system& sys)
  : impl_(std::make_unique<impl>(sys, options_of(sys.config()))) {
  // nop
}

runtime::runtime(caf::actor_system& sys, runtime_options options)
  : impl_(std::make_unique<impl>(sys, std::move(options))) {
  // nop
}

runtime::~runtime() = default;

switchgear::breaker runtime::breaker(std::string_view name) {
  return breaker(name, impl_->options().defaults);
}

switchgear::breaker runtime::breaker(std::string_view name, const config& cfg,
                                     hooks user) {
  auto got = impl_->get_or_create(name, cfg, std::move(user));
  if (!got)
    raise(got.error());
  return switchgear::breaker{std::move(got->first)};
}

expected<switchgear::breaker, failure>
runtime::register_breaker(std::string_view name, const config& cfg,
                          hooks user) {
  auto got = impl_->get_or_create(name, cfg, std::move(user));
  if (!got)
    return make_unexpected(std::move(got.error()));
  if (!got->second)
    return make_unexpected(
      failure{errc::already_exists, "breaker " + std::string{name}});
  return switchgear::breaker{std::move(got->first)};
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
  for (const auto& each : impl_->cells())
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
  switchgear::health result;
  for (const auto& each : impl_->cells()) {
    ++result.total;
    switch (each->current_state()) {
      case state::closed:
        ++result.closed;
        break;
      case state::open:
        ++result.open;
        break;
      case state::half_open:
        ++result.half_open;
        break;
    }
  }
  return result;
}

expected<statistics, failure> runtime::stats(std::string_view name) const {
  return find(name).and_then(
    [](const switchgear::breaker& found) { return found.stats(); });
}

std::vector<statistics> runtime::all_stats() const {
  return actor::ask_owners<statistics>(impl_->cells(), get_stats_v);
}

void runtime::reset_all() const {
  actor::ask_owners<void>(impl_->cells(), reset_v);
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

caf::actor runtime::supervisor() const {
  return impl_->supervisor();
}

caf::actor_system& runtime::system() const noexcept {
  return impl_->system();
}

void runtime::shutdown() {
  impl_->shutdown();
}

} // namespace switchgear
