#include "runtime_impl.hpp"

#include <caf/scoped_actor.hpp>

#include "asking.hpp"
#include "log.hpp"
#include "switchgear/actor/caf.hpp"
#include "switchgear/actor/courier.hpp"
#include "switchgear/actor/dispatcher.hpp"

namespace switchgear {

using namespace std::chrono_literals;

void raise(const failure& why) {
  throw setup_error{why.code(), why.message()};
}

runtime_options runtime::impl::options_of(const caf::actor_system_config& cfg) {
  auto options = read_options(cfg);
  if (!options)
    raise(options.error());
  return std::move(*options);
}

void runtime::impl::begin() {
  watch_->who = this;
  // `shutdown` waits for jobs; what still runs then has had its time.
  workers_ = std::make_shared<executor>("switchgear.w", options_.workers,
                                        options_.queue, 1s);
  listeners_ = std::make_shared<executor>("switchgear.l", 2, 1'000'000, 1s);
  services_.listeners = listeners_;
  services_.calls = std::make_shared<actor::dispatcher>(workers_);
  services_.courier = actor::spawn_courier(system_, workers_);
  for (const auto& [name, cfg] : options_.breakers) {
    auto what = std::make_shared<actor::actor_cell>(system_, name, cfg, options_.hooks,
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
    // Stopped by a message; a new one takes its place. The supervisor may not
    // have heard of its end yet: terminating waits for that.
    actor::tell(supervisor_, terminate_child_v, i->second->name());
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
  const auto deadline = clock::now() + actor::answer_time;
  cell_ptr what;
  actor::apart([&] {
    caf::scoped_actor self{system_, true};
    std::unique_lock guard{mutex_};
    auto i = cells_.find(name);
    if (i == cells_.end())
      return;
    what = i->second;
    cells_.erase(i);
    std::erase(order_, what);
    // Sent with the lock held, so that a breaker that is made anew meanwhile is
    // not the one that goes.
    auto terminated = actor::ask(self, supervisor_, actor::answer_time,
                                 terminate_child_v, what->name());
    actor::tell_from(self.ptr(), supervisor_, delete_child_v, what->name());
    guard.unlock();
    // A supervisor that ends meanwhile ends its breakers, too.
    std::move(terminated).receive([] {}, [](const caf::error&) {});
  });
  if (!what)
    return make_unexpected(
      failure{errc::not_found, "no breaker " + std::string{name}});
  if (!what->await_no_owner(deadline))
    return make_unexpected(failure{
      errc::timeout, "breaker " + what->name() + " did not end in time"});
  what->abandon(true);
  what->retire();
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
    each->abandon(true);
    each->retire();
  }
}

void runtime::impl::shutdown() {
  std::lock_guard one_at_a_time{shutdown_mutex_};
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
  const auto end = [this](caf::actor& who) {
    if (who)
      actor::apart([&] {
        caf::scoped_actor self{system_, true};
        self->send_exit(who, caf::exit_reason::user_shutdown);
        self->wait_for(who);
        who = nullptr;
      });
  };
  end(root_);
  for (const auto& each : cells()) {
    each->abandon(true);
    each->retire();
  }
  workers_->stop();
  workers_->wait_idle(options_.shutdown_grace);
  services_.calls->close();
  end(services_.courier);
  listeners_->wait_idle(options_.shutdown_grace);
  listeners_->stop();
  supervisor_ = nullptr;
}

} // namespace switchgear
