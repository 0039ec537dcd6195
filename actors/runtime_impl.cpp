#include "runtime_impl.hpp"

#include <algorithm>

#include <caf/scoped_actor.hpp>

#include "asking.hpp"
#include "log.hpp"
#include "switchgear/actor/caf.hpp"
#include "switchgear/actor/courier.hpp"
#include "switchgear/actor/dispatcher.hpp"
#include "switchgear/policy/order.hpp"
#include "switchgear/telemetry/sinks.hpp"
#include "switchgear/telemetry/tracing.hpp"
#include "timekeeper.hpp"

namespace switchgear {

using namespace std::chrono_literals;

std::shared_ptr<const hooks> share(hooks user) {
  const bool any = user.is_failure || user.is_ignored || user.ready_to_trip
                   || user.open_time || user.on_state_change || user.on_alert;
  return any ? std::make_shared<const hooks>(std::move(user)) : nullptr;
}

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
  policy::set_default_warning_hook(
    [](std::string_view text) { log::warn("policy: " + std::string{text}); });
  watch_->who = this;
  // `shutdown` waits for jobs; what still runs then has had its time.
  workers_ = std::make_shared<executor>("switchgear.w", options_.workers,
                                        options_.queue, 1s);
  listeners_ = std::make_shared<executor>("switchgear.l", 2, 1'000'000, 1s);
  services_->timers = std::make_shared<actor::timekeeper>(system_.clock());
  services_->listeners = listeners_;
  services_->calls = std::make_shared<actor::dispatcher>(workers_);
  services_->courier = actor::spawn_courier(system_, workers_);
  services_->telemetry = std::make_shared<telemetry::hub_impl>(
    system_, telemetry::hub_impl::source{
               [this] { return all_stats(); },
               [this] { static_cast<void>(actor::inquire(cells())); }});
  add_sinks();
  hooks_ = share(options_.hooks);
  for (const auto& [name, cfg] : options_.breakers)
    make_cell(name, *settings_.get(cfg), hooks_);
  // Two levels: should breakers die too often, their supervisor gives up and
  // is started anew with all of them; should that happen too often, the root
  // gives up for good.
  actor::child_spec breakers;
  breakers.id = "breakers";
  breakers.start = [this] { return start_supervisor(); };
  breakers.type = supervision::child_type::supervisor;
  auto root = actor::start_supervisor(system_, {.intensity = 5, .period = 60s},
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

void runtime::impl::add_sinks() {
  using namespace telemetry;
  const auto& chosen = options_.telemetry;
  const auto otlp
    = chosen.otlp ? *chosen.otlp : otlp_options_from_environment();
  const auto add_sink
    = [this](const char* name, sink_factory make, const sink_options& how) {
        if (auto added = telemetry().add(name, std::move(make), how); !added)
          raise(added.error());
      };
  const bool logs = otlp.exports(otlp_signal::logs) && otlp_available();
  if (chosen.log == telemetry_options::log_use::always
      || (chosen.log == telemetry_options::log_use::automatic && !logs)) {
    sink_options how;
    how.wants = interests::changes_only();
    add_sink("log", make_log_sink(), how);
  }
  if (otlp.configured() && !otlp_available())
    log::warn("telemetry: this library was built without OpenTelemetry; "
              "nothing is exported by OTLP, changes go to the log");
  if (logs)
    add_sink("otlp.logs", make_otlp_log_sink(otlp),
             otlp_log_sink_options(otlp));
  if (otlp.exports(otlp_signal::metrics) && otlp_available())
    add_sink("otlp.metrics", make_otlp_metric_sink(otlp),
             otlp_metric_sink_options(otlp));
  if (otlp.exports(otlp_signal::traces))
    trace_calls({.call_spans = otlp.call_spans}, otlp);
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
  children.reserve(breakers_.size());
  for (const auto& each : breakers_.in_order())
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

auto runtime::impl::make_cell(std::string name,
                              std::shared_ptr<const config> cfg,
                              std::shared_ptr<const hooks> user) -> cell_ptr {
  auto what = std::make_shared<actor::actor_cell>(
    system_, std::move(name), std::move(cfg), std::move(user), ++seed_);
  // Calls may come before its actor does.
  if (telemetry().wants(event_kind::call_succeeded))
    what->expect_listeners();
  breakers_.add(what);
  return what;
}

auto runtime::impl::get_or_create(std::string_view name, const config& cfg,
                                  std::shared_ptr<const hooks> user)
  -> expected<std::pair<cell_ptr, bool>, failure> {
  if (auto bad = check_name(name))
    return make_unexpected(std::move(*bad));
  if (auto known = find(name); known && !known->over())
    return std::pair{std::move(known), false};
  std::unique_lock guard{mutex_};
  auto settings = settings_.get(cfg);
  if (!settings)
    return make_unexpected(
      failure{errc::invalid_config, "breaker " + std::string{name} + ": "
                                      + explain(settings.error())});
  if (stopping_)
    return make_unexpected(
      failure{errc::unavailable, "the runtime is shutting down"});
  if (auto known = breakers_.find(name)) {
    if (!known->over())
      return std::pair{std::move(known), false};
    // Stopped by a message; a new one takes its place. The supervisor may not
    // have heard of its end yet: terminating waits for that.
    actor::tell(supervisor_, terminate_child_v, known->name());
    actor::tell(supervisor_, delete_child_v, known->name());
    breakers_.remove(name);
  }
  auto what
    = make_cell(std::string{name}, std::move(*settings), std::move(user));
  // Not waited for: the handle works at once, and the actor finds what has been
  // left in the cell until it runs.
  actor::tell(supervisor_, start_child_v, spec_of(what));
  return std::pair{std::move(what), true};
}

expected<switchgear::breaker, failure>
runtime::impl::register_new(std::string_view name, const config& cfg,
                            std::shared_ptr<const hooks> user) {
  auto got = get_or_create(name, cfg, std::move(user));
  if (!got)
    return make_unexpected(std::move(got.error()));
  if (!got->second)
    return make_unexpected(
      failure{errc::already_exists, "breaker " + std::string{name}});
  return switchgear::breaker{std::move(got->first)};
}

std::vector<statistics> runtime::impl::all_stats() const {
  std::vector<statistics> result;
  for (auto& each : actor::inquire(sorted_cells()))
    result.push_back(std::move(each.stats));
  return result;
}

health runtime::impl::health() const {
  switchgear::health result;
  std::shared_lock guard{mutex_};
  breakers_.for_each([&](const actor::actor_cell& each) {
    ++result.total;
    switch (each.current_state()) {
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
  });
  return result;
}

auto runtime::impl::sorted_cells() const -> std::vector<cell_ptr> {
  auto result = cells();
  std::sort(result.begin(), result.end(),
            [](const auto& x, const auto& y) { return x->name() < y->name(); });
  return result;
}

expected<void, failure> runtime::impl::remove(std::string_view name) {
  const auto deadline = clock::now() + actor::answer_time;
  cell_ptr what;
  actor::apart([&] {
    caf::scoped_actor self{system_, true};
    std::unique_lock guard{mutex_};
    what = breakers_.remove(name);
    if (!what)
      return;
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
    return make_unexpected(failure{errc::timeout, "breaker " + what->name()
                                                    + " did not end in time"});
  what->abandon(true);
  what->retire();
  return {};
}

void runtime::impl::end_with(const caf::actor& who) {
  std::unique_lock guard{mutex_};
  if (stopping_) {
    guard.unlock();
    caf::anon_send_exit(who, caf::exit_reason::user_shutdown);
    return;
  }
  guests_.push_back(who);
  guard.unlock();
  // May be called at once.
  who->attach_functor([link = watch_, id = who.id()](const caf::error&) {
    caf::actor last; // goes without the locks
    std::lock_guard watching{link->mutex};
    if (link->who)
      last = link->who->forget(id);
  });
}

caf::actor runtime::impl::forget(caf::actor_id guest) {
  std::unique_lock guard{mutex_};
  const auto i = std::ranges::find(
    guests_, guest, [](const caf::actor& each) { return each.id(); });
  if (i == guests_.end())
    return {};
  auto result = std::move(*i);
  guests_.erase(i);
  return result;
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
  if (admin_)
    admin_->stop();
  admin_.reset();
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
  telemetry().freeze();
  std::vector<caf::actor> guests;
  {
    std::unique_lock guard{mutex_};
    guests.swap(guests_);
  }
  for (auto& each : guests)
    end(each);
  end(root_);
  services_->timers->stop();
  for (const auto& each : cells()) {
    each->abandon(true);
    each->retire();
  }
  workers_->stop();
  workers_->wait_idle(options_.shutdown_grace);
  services_->calls->close();
  end(services_->courier);
  listeners_->wait_idle(options_.shutdown_grace);
  listeners_->stop();
  supervisor_ = nullptr;
  const auto deadline = clock::now() + options_.shutdown_grace;
  telemetry().close(deadline);
  telemetry::flush_spans(std::max(deadline - clock::now(), duration::zero()));
}

} // namespace switchgear
