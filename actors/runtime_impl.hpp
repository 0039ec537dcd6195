#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <random>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <caf/actor_system.hpp>

#include "registry.hpp"
#include "shared_settings.hpp"
#include "switchgear/actor/breaker_actor.hpp"
#include "switchgear/actor/runtime_config.hpp"
#include "switchgear/actor/supervisor.hpp"
#include "switchgear/executor.hpp"
#include "switchgear/runtime.hpp"
#include "telemetry/hub_impl.hpp"

namespace switchgear {

/// What is wrong with a breaker's name, if anything.
std::optional<failure> check_name(std::string_view name);

/// For breakers that share them; null if there are none.
std::shared_ptr<const hooks> share(hooks user);

/// Throws `why` as a `setup_error`.
[[noreturn]] void raise(const failure& why);

/// The registry of breakers, and the actors and threads behind it.
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

  explicit impl(runtime_config& cfg)
    : options_(options_of(cfg)),
      owned_system_(std::make_unique<caf::actor_system>(cfg)),
      system_(*owned_system_) {
    begin();
  }

  explicit impl(caf::actor_system& sys) : impl(sys, options_of(sys.config())) {
    // nop
  }

  impl(caf::actor_system& sys, runtime_options options)
    : options_(checked(std::move(options))),
      system_(sys) {
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
    return breakers_.find(name);
  }

  /// @param user null if there are none
  /// @returns the cell and whether it is new, or why it can not be.
  expected<std::pair<cell_ptr, bool>, failure>
  get_or_create(std::string_view name, const config& cfg,
                std::shared_ptr<const hooks> user);

  /// As `get_or_create`, but it must be new.
  expected<switchgear::breaker, failure>
  register_new(std::string_view name, const config& cfg,
               std::shared_ptr<const hooks> user);

  /// The hooks of breakers that are made without; null if there are none.
  const std::shared_ptr<const hooks>& default_hooks() const noexcept {
    return hooks_;
  }

  expected<void, failure> remove(std::string_view name);

  telemetry::hub_impl& telemetry() const noexcept {
    return *services_->telemetry;
  }

  /// Serves `self`, whose this is, to those outside, if that is wanted.
  void serve_admin(runtime& self) {
    if (options_.admin)
      admin_ = std::make_unique<admin_server>(self, *options_.admin);
  }

  admin_server* admin() const noexcept {
    return admin_.get();
  }

  const std::shared_ptr<executor>& workers() const noexcept {
    return workers_;
  }

  /// Keeps `who`, and ends it with this; at once, if this has ended.
  void end_with(const caf::actor& who);

  /// Of all that answer, in alphabetical order.
  std::vector<statistics> all_stats() const;

  /// In no order.
  std::vector<cell_ptr> cells() const {
    std::shared_lock guard{mutex_};
    return breakers_.all();
  }

  /// In alphabetical order.
  std::vector<cell_ptr> sorted_cells() const;

  /// Asks nobody, allocates nothing.
  switchgear::health health() const;

  void shutdown();

private:
  static runtime_options options_of(const caf::actor_system_config& cfg);

  static runtime_options checked(runtime_options options) {
    if (auto errors = validate(options); !errors.empty())
      raise(failure{errc::invalid_config, explain(errors)});
    return options;
  }

  void begin();
  void add_sinks();
  actor::start_result start_supervisor();
  cell_ptr make_cell(std::string name, std::shared_ptr<const config> cfg,
                     std::shared_ptr<const hooks> user);
  actor::child_spec spec_of(const cell_ptr& what) const;
  void gave_up();
  caf::actor forget(caf::actor_id guest);

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
  std::shared_ptr<actor::breaker_services> services_
    = std::make_shared<actor::breaker_services>();
  std::shared_ptr<const hooks> hooks_;
  std::unique_ptr<admin_server> admin_;
  caf::actor root_;
  std::vector<caf::actor> guests_; // end with this
  std::shared_ptr<watch> watch_ = std::make_shared<watch>();

  std::mutex shutdown_mutex_;
  mutable std::shared_mutex mutex_;
  registry breakers_;
  shared_settings settings_;
  caf::actor supervisor_;
  std::uint64_t seed_ = std::random_device{}();
  bool stopping_ = false;
};

} // namespace switchgear
