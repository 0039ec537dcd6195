#include "support/deterministic_world.hpp"

#include <algorithm>
#include <optional>

#include <caf/config.hpp>

#if CAF_MAJOR_VERSION >= 1
#  include <caf/test/fixture/deterministic.hpp>
#  include <caf/test/reporter.hpp>
#else
#  include <caf/actor_system.hpp>
#  include <caf/actor_system_config.hpp>
#  include <caf/scheduler/test_coordinator.hpp>
#endif

#include "switchgear/actor/init_types.hpp"

namespace switchgear::test {

namespace {

// The tests' clocks of CAF begin at zero, where a time in the past would be
// negative.
constexpr auto beginning = time_point{std::chrono::hours{24}};

struct types {
  types() {
    actor::init_types();
  }
};

} // namespace

#if CAF_MAJOR_VERSION >= 1

namespace {

/// The fixture belongs to a test framework that we don't use. It logs through
/// its reporter, which is to say nothing.
struct no_reporter {
  no_reporter() {
    static const auto quiet = [] {
      auto result = caf::test::reporter::make_default();
      result->verbosity(0);
      return result;
    }();
    caf::test::reporter::instance(quiet.get());
  }
};

} // namespace

struct deterministic_world::impl : types, no_reporter {
  caf::test::fixture::deterministic fixture;

  impl() {
    set_time(beginning);
  }

  ~impl() {
    system().await_actors_before_shutdown(false);
  }

  caf::actor_system& system() noexcept {
    return fixture.sys;
  }

  void dispatch() {
    fixture.dispatch_messages();
  }

  std::optional<time_point> next_due() {
    if (fixture.has_pending_timeout())
      return fixture.next_timeout();
    return std::nullopt;
  }

  void trigger() {
    fixture.trigger_timeout();
  }

  void set_time(time_point when) {
    fixture.set_time(when);
  }
};

#else

struct deterministic_world::impl : types {
  caf::actor_system_config config;
  std::optional<caf::actor_system> sys;

  impl() {
    config.set("caf.scheduler.policy", "testing");
    sys.emplace(config);
    set_time(beginning);
  }

  ~impl() {
    sys->await_actors_before_shutdown(false);
    // What is woken by the end of others may start timers again.
    do {
      auto timers = std::move(clock().schedule);
      clock().schedule.clear();
      for (auto& [due, entry] : timers)
        entry.f.dispose();
    } while (scheduler().run() > 0);
  }

  caf::actor_system& system() noexcept {
    return *sys;
  }

  void dispatch() {
    scheduler().run();
  }

  std::optional<time_point> next_due() {
    for (const auto& [due, entry] : clock().schedule)
      if (!entry.f.disposed())
        return due;
    return std::nullopt;
  }

  void trigger() {
    // Not `trigger_timeout`: if the actor behind a timer has ended, that goes
    // on to the next timer, whenever it is due.
    if (const auto due = next_due(); due && clock().now() < *due)
      set_time(*due);
    clock().advance_time(duration::zero());
  }

  void set_time(time_point when) {
    clock().current_time = when;
  }

private:
  caf::scheduler::test_coordinator& scheduler() {
    return dynamic_cast<caf::scheduler::test_coordinator&>(sys->scheduler());
  }

  caf::detail::test_actor_clock& clock() {
    return scheduler().clock();
  }
};

#endif

deterministic_world::deterministic_world() : impl_(std::make_unique<impl>()) {
  // nop
}

deterministic_world::~deterministic_world() = default;

caf::actor_system& deterministic_world::system() noexcept {
  return impl_->system();
}

void deterministic_world::run() {
  advance(duration::zero());
}

void deterministic_world::advance(duration by) {
  const auto until = now() + by;
  impl_->dispatch();
  for (auto due = impl_->next_due(); due && *due <= until;
       due = impl_->next_due()) {
    impl_->trigger(); // goes to that time, if it is not in the past
    impl_->dispatch();
  }
  if (now() < until)
    impl_->set_time(until);
}

time_point deterministic_world::now() const {
  return impl_->system().clock().now();
}

} // namespace switchgear::test
