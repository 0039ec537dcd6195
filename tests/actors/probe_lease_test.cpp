/// A breaker's actor in virtual time: open times and leases to the tick.

#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <stdexcept>
#include <utility>

#include <caf/scoped_actor.hpp>

#include "support/cell_calls.hpp"
#include "support/breaker_printing.hpp"
#include "support/breakers.hpp"
#include "support/deterministic_world.hpp"
#include "switchgear/actor/breaker_actor.hpp"
#include "switchgear/actor/caf.hpp"
#include "switchgear/actor/errors.hpp"
#include "switchgear/executor.hpp"

using namespace std::chrono_literals;

namespace switchgear::test {

namespace {

class virtual_time : public testing::Test {
public:
  ~virtual_time() override {
    ask<void>(stop_v);
  }

  static config settings() {
    auto cfg = trips_after(1);
    cfg.open_timeout = 30s;
    cfg.probe_lease = 10min;
    cfg.half_open_max_calls = 2;
    cfg.success_threshold = 1;
    return cfg;
  }

  caf::actor spawn() {
    auto services = std::make_shared<actor::breaker_services>();
    services->listeners = listeners;
    auto result = actor::spawn_breaker(world.system(), cell, services);
    world.run();
    return result;
  }

  template <class Result, class... Ts>
  expected<Result, failure> ask(const Ts&... xs) {
    expected<Result, failure> result = make_unexpected(errc::cancelled);
    caf::scoped_actor self{world.system(), true};
    auto pending = actor::ask(self, db, caf::infinite, xs...);
    world.run();
    const auto fail = [&](const caf::error& why) {
      result = make_unexpected(actor::to_failure(why));
    };
    if constexpr (std::is_void_v<Result>)
      std::move(pending).receive([&] { result = {}; }, fail);
    else
      std::move(pending).receive([&](Result& got) { result = std::move(got); }, fail);
    return result;
  }

  permit acquire() {
    auto got = ask<permit>(acquire_v);
    EXPECT_TRUE(got) << got.error().to_string();
    return got.value_or(permit{});
  }

  void report(const permit& of, outcome how) {
    EXPECT_TRUE(ask<void>(report_v, of, how, duration{1ms}, std::string{"x"}));
  }

  statistics stats() {
    return ask<statistics>(get_stats_v).value();
  }

  void kill() {
    caf::anon_send_exit(db, caf::exit_reason::kill);
    db = nullptr;
    world.run();
    db = spawn();
  }

  void trip() {
    report(acquire(), outcome::failure);
    ASSERT_EQ(stats().state, state::open);
  }

  std::shared_ptr<executor> listeners
    = std::make_shared<executor>("test", 1, 10);
  deterministic_world world;
  std::shared_ptr<actor::actor_cell> cell
    = std::make_shared<actor::actor_cell>(
      world.system(), "db", std::make_shared<const config>(settings()), nullptr,
      1);
  caf::actor db = spawn();
};

TEST_F(virtual_time, it_opens_for_the_open_time) {
  trip();
  EXPECT_EQ(stats().retry_after, 30s);
  world.advance(20s);
  auto got = ask<permit>(acquire_v);
  ASSERT_FALSE(got);
  EXPECT_EQ(got.error(), errc::circuit_open);
  EXPECT_EQ(got.error().retry_after(), 10s);
  world.advance(10s - 1ns);
  EXPECT_EQ(stats().state, state::open);
  world.advance(1ns);
  EXPECT_EQ(stats().state, state::half_open);
}

TEST_F(virtual_time, a_probe_that_hangs_counts_as_failed_after_its_lease) {
  trip();
  world.advance(30s);
  const auto hung = acquire();
  EXPECT_TRUE(hung.is_probe());
  world.advance(10min - 1ns);
  EXPECT_EQ(stats().state, state::half_open);
  EXPECT_EQ(stats().probes_out, 1u);
  world.advance(1ns);
  const auto s = stats();
  EXPECT_EQ(s.state, state::open);
  EXPECT_EQ(s.last_reason, reason::probe_lost);
  EXPECT_EQ(s.total_failures, 2u);
  // What it reports after all moves nothing, and is not counted twice.
  world.advance(30s);
  report(hung, outcome::success);
  EXPECT_EQ(stats().state, state::half_open);
  EXPECT_EQ(stats().total_late, 1u);
  EXPECT_EQ(stats().total_successes, 0u);
}

TEST_F(virtual_time, a_hung_probe_can_not_wedge_it) {
  trip();
  for (int round = 0; round < 50; ++round) {
    world.advance(30s);
    ASSERT_EQ(stats().state, state::half_open) << round;
    acquire();
    acquire();
    EXPECT_EQ(ask<permit>(acquire_v).error(), errc::too_many_probes);
    world.advance(10min);
    ASSERT_EQ(stats().state, state::open) << round;
  }
  world.advance(30s);
  report(acquire(), outcome::success);
  EXPECT_EQ(stats().state, state::closed);
}

TEST_F(virtual_time, a_restart_neither_prolongs_nor_shortens_the_open_time) {
  trip();
  world.advance(12s);
  kill();
  EXPECT_EQ(stats().state, state::open);
  EXPECT_EQ(stats().retry_after, 18s);
  EXPECT_EQ(stats().restarts, 1u);
  world.advance(5s);
  kill();
  world.advance(13s - 1ns);
  EXPECT_EQ(stats().state, state::open);
  world.advance(1ns);
  EXPECT_EQ(stats().state, state::half_open);
}

TEST_F(virtual_time, the_open_time_may_be_over_while_there_is_no_actor) {
  trip();
  caf::anon_send_exit(db, caf::exit_reason::kill);
  db = nullptr;
  world.run();
  world.advance(1h);
  EXPECT_EQ(cell->current_state(), state::open);
  db = spawn();
  EXPECT_EQ(stats().state, state::half_open);
}

TEST_F(virtual_time, leases_survive_a_restart) {
  trip();
  world.advance(30s);
  const auto first = acquire();
  const auto hung = acquire();
  world.advance(4min);
  kill();
  EXPECT_EQ(stats().probes_out, 2u);
  EXPECT_EQ(ask<permit>(acquire_v).error(), errc::too_many_probes);
  report(first, outcome::ignored);
  EXPECT_EQ(stats().probes_out, 1u);
  EXPECT_TRUE(acquire().is_probe());
  world.advance(6min - 1ns);
  EXPECT_EQ(stats().state, state::half_open);
  world.advance(1ns);
  EXPECT_EQ(stats().state, state::open);
  EXPECT_EQ(stats().last_reason, reason::probe_lost);
  static_cast<void>(hung);
}

TEST_F(virtual_time, the_closed_interval_goes_on_across_a_restart) {
  auto cfg = settings();
  cfg.failure_threshold = 2;
  cfg.closed_interval = 60s;
  ASSERT_TRUE(ask<void>(reconfigure_v, cfg));
  report(acquire(), outcome::failure);
  world.advance(40s);
  kill();
  EXPECT_EQ(stats().consecutive_failures, 1u);
  world.advance(20s);
  EXPECT_EQ(stats().consecutive_failures, 0u);
}

TEST_F(virtual_time, a_permit_given_before_a_restart_is_good_after_it) {
  const auto given = acquire();
  kill();
  report(given, outcome::failure);
  EXPECT_EQ(stats().state, state::open);
  EXPECT_EQ(stats().total_late, 0u);
}

/// Makes a callback of the machine throw, within the actor.
class throwing_observer : public breaker_observer {
public:
  void emit(const breaker_event&) override {
    throw std::runtime_error{"fault"};
  }
  void consult_ready_to_trip(const counts&, std::uint64_t) override {
    // nop
  }
  void consult_open_time(const trip_cause&, std::uint64_t) override {
    // nop
  }
};

TEST_F(virtual_time, a_fault_in_the_machine_is_healed_by_a_restart) {
  trip();
  world.advance(10s);
  const auto before = stats();
  throwing_observer faulty;
  cell->observe(&faulty);
  actor::tell(std::exchange(db, nullptr), reconfigure_v, settings());
  world.run();
  EXPECT_TRUE(cell->machine().terminated());
  EXPECT_FALSE(cell->over());
  db = spawn();
  auto after = stats();
  EXPECT_EQ(after.state, state::open);
  EXPECT_EQ(after.retry_after, 20s);
  EXPECT_EQ(after.total_failures, before.total_failures);
  EXPECT_EQ(after.trip_count, before.trip_count);
  world.advance(20s);
  EXPECT_EQ(stats().state, state::half_open);
  EXPECT_TRUE(admit(*cell)); // callers are let in again, too
}

} // namespace

} // namespace switchgear::test
