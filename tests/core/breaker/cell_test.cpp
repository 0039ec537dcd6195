/// A cell on one thread: the test is caller and owner in turn.

#include "switchgear/breaker/cell.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <new>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

#include "support/allocation_count.hpp"
#include "support/breaker_printing.hpp"

using namespace std::chrono_literals;

namespace switchgear {

namespace {

/// A cell that has an owner whenever `step` is called.
class manual_cell : public cell, private statem::host<breaker_types> {
public:
  explicit manual_cell(config cfg = {}, hooks user = {})
    : cell("tool", std::move(cfg), std::move(user), 0) {
    machine().attach(this);
    machine().start(now);
    publish();
  }

  void step() {
    drain(
      [this](breaker_types::message&& x, std::shared_ptr<judgement>&& who) {
        awaited.push_back(std::move(who));
        machine().cast(std::move(x), now);
      },
      [this](breaker_types::message&& x) {
        machine().cast(std::move(x), now);
      });
    publish();
    for (auto& each : std::exchange(awaited, {}))
      each->reached();
  }

  void give(breaker_types::message what) {
    tell(std::move(what));
    step();
  }

  void pass(duration by) {
    now += by;
    for (auto due = timers; const auto& [ref, when] : due)
      if (when <= now)
        machine().expire(ref, now);
    publish();
  }

  /// As after an actor's end: another one owns it.
  void change_owner() {
    machine().attach(nullptr);
    timers.clear();
    const bool fault = revive();
    machine().attach(this);
    give(input::restarted{fault});
  }

  bool call(outcome how) {
    const auto given = admit();
    if (given)
      complete(*given, how, 1ms, how == outcome::success ? "" : "broken");
    step();
    return given.has_value();
  }

  time_point now = clock::now();
  std::atomic<int> wakes = 0;
  std::optional<statem::exit_reason> exit;
  std::vector<std::pair<statem::timer_ref, time_point>> timers;
  std::vector<std::shared_ptr<judgement>> awaited;

private:
  void wake() noexcept override {
    ++wakes;
  }

  duration patience() const noexcept override {
    return duration::zero(); // nobody would reach a judgement meanwhile
  }

  void reply(statem::caller, breaker_types::reply) override {
    // nop: all is told as casts
  }

  void arm(statem::timer_ref ref, time_point due) override {
    timers.emplace_back(ref, due);
  }

  void disarm(statem::timer_ref ref) override {
    std::erase_if(timers, [=](const auto& t) { return t.first == ref; });
  }

  void terminated(const statem::exit_reason& why) override {
    exit = why;
  }
};

config touchy() {
  return {.failure_threshold = 1,
          .open_timeout = 10s,
          .half_open_max_calls = 2,
          .success_threshold = 2};
}

// -- what callers see ---------------------------------------------------------

TEST(cell, lets_callers_see_what_the_machine_decided) {
  manual_cell tested{touchy()};
  EXPECT_EQ(tested.current_state(), state::closed);
  EXPECT_TRUE(tested.call(outcome::success));
  EXPECT_TRUE(tested.call(outcome::failure));
  EXPECT_EQ(tested.current_state(), state::open);
  const auto refused = tested.admit();
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error(), errc::circuit_open);
  EXPECT_GT(refused.error().retry_after(), 0s);
  EXPECT_LE(refused.error().retry_after(), 10s);
  tested.pass(10s);
  EXPECT_EQ(tested.current_state(), state::half_open);
  const auto a = tested.admit();
  const auto b = tested.admit();
  EXPECT_TRUE(a->is_probe() && b->is_probe());
  EXPECT_EQ(tested.admit().error(), errc::too_many_probes);
  tested.complete(*a, outcome::success, 1ms);
  tested.complete(*b, outcome::success, 1ms);
  tested.step();
  EXPECT_EQ(tested.current_state(), state::closed);
  EXPECT_EQ(tested.data().successes, 3u);
  EXPECT_EQ(tested.data().rejected, 2u);
}

TEST(cell, knows_of_probes_that_hang) {
  manual_cell tested{touchy()};
  tested.call(outcome::failure);
  tested.pass(10s);
  static_cast<void>(tested.admit());
  tested.step();
  tested.pass(10s);
  EXPECT_EQ(tested.data().why, reason::probe_lost);
  EXPECT_EQ(tested.admit().error(), errc::circuit_open);
}

TEST(cell, lets_everybody_pass_in_metrics_only) {
  manual_cell tested{touchy()};
  tested.give(input::set_mode{mode::metrics_only});
  EXPECT_EQ(tested.current_mode(), mode::metrics_only);
  tested.call(outcome::failure);
  ASSERT_EQ(tested.current_state(), state::open);
  EXPECT_TRUE(tested.call(outcome::success));
  EXPECT_EQ(tested.data().would_reject, 1u);
  tested.pass(10s);
  for (int i = 0; i < 5; ++i)
    EXPECT_EQ(tested.admit()->is_probe(), i < 2);
}

TEST(cell, takes_over_a_changed_number_of_probes) {
  manual_cell tested{touchy()};
  tested.call(outcome::failure);
  tested.pass(10s);
  auto cfg = touchy();
  cfg.half_open_max_calls = 1;
  tested.give(input::reconfigure{std::make_shared<const config>(cfg)});
  EXPECT_TRUE(tested.admit());
  EXPECT_FALSE(tested.admit());
}

TEST(cell, that_is_retired_refuses_as_unavailable) {
  manual_cell tested{touchy()};
  tested.retire();
  EXPECT_EQ(tested.admit().error(), errc::unavailable);
  tested.publish(); // whatever comes
  EXPECT_EQ(tested.admit().error(), errc::unavailable);
}

TEST(cell, that_is_retired_keeps_nobody_waiting) {
  class patient_cell : public manual_cell {
    duration patience() const noexcept override {
      return 1h;
    }
  };
  patient_cell tested;
  const auto given = *tested.admit();
  std::thread before{
    [&] { tested.complete(given, outcome::failure, 1ms, "broken"); }};
  while (tested.wakes == 0)
    std::this_thread::yield();
  tested.retire();
  before.join();
}

TEST(cell, allocates_nothing_to_reject) {
  manual_cell tested{touchy()};
  tested.call(outcome::failure);
  const auto before = test::allocations();
  for (int i = 0; i < 100; ++i)
    if (tested.admit())
      FAIL();
  EXPECT_EQ(test::allocations(), before);
}

// -- the owner ----------------------------------------------------------------

TEST(cell, wakes_its_owner_once_for_all_that_waits) {
  manual_cell tested{touchy()};
  const auto given = tested.admit();
  for (int i = 0; i < 10; ++i)
    tested.complete(*given, outcome::success, 1ms);
  EXPECT_EQ(tested.wakes, 1);
  tested.step();
  tested.complete(*given, outcome::success, 1ms);
  EXPECT_EQ(tested.wakes, 2);
}

// How many results are waited for.
std::size_t awaited(manual_cell& tested, const permit& of, outcome how,
                    duration latency) {
  tested.complete(of, how, latency);
  std::size_t result = 0;
  tested.drain([&](auto&&, auto&&) { ++result; }, [](auto&&) {});
  return result;
}

TEST(cell, waits_for_results_that_may_change_the_state) {
  auto cfg = touchy();
  cfg.slow_call_duration = 100ms;
  manual_cell tested{cfg};
  const permit plain{1, 0};
  const permit probe{1, 1};
  EXPECT_EQ(awaited(tested, plain, outcome::success, 99ms), 0u);
  EXPECT_EQ(awaited(tested, plain, outcome::ignored, 1ms), 0u);
  EXPECT_EQ(awaited(tested, plain, outcome::cancelled, 1ms), 0u);
  EXPECT_EQ(awaited(tested, plain, outcome::success, 100ms), 1u);
  EXPECT_EQ(awaited(tested, plain, outcome::failure, 1ms), 1u);
  EXPECT_EQ(awaited(tested, plain, outcome::timeout, 1ms), 1u);
  EXPECT_EQ(awaited(tested, probe, outcome::success, 1ms), 1u);
  EXPECT_EQ(awaited(tested, probe, outcome::ignored, 1ms), 1u);
}

/// Has no owner yet: counts for what its callers wait.
class unowned_cell : public cell {
public:
  explicit unowned_cell(config cfg) : cell("tool", std::move(cfg), {}, 0) {
    // nop
  }

  mutable int waits = 0;

private:
  void wake() noexcept override {
    // nop: nobody
  }

  duration patience() const noexcept override {
    ++waits;
    return duration::zero();
  }
};

TEST(cell, knows_which_calls_are_slow_before_it_has_an_owner) {
  auto cfg = touchy();
  cfg.slow_call_duration = 100ms;
  unowned_cell tested{cfg};
  tested.finish(*tested.admit(), 99ms, nullptr);
  EXPECT_EQ(tested.waits, 0);
  tested.finish(*tested.admit(), 100ms, nullptr);
  EXPECT_EQ(tested.waits, 1);
}

TEST(cell, makes_callers_wait_when_there_is_too_much_to_judge) {
  manual_cell tested{touchy()};
  for (int i = 0; i < 5000; ++i)
    tested.complete({1, 0}, outcome::success, 1ms);
  std::size_t waiting = 0;
  std::size_t others = 0;
  tested.drain([&](auto&&, auto&&) { ++waiting; }, [&](auto&&) { ++others; });
  EXPECT_EQ(waiting + others, 5000u);
  EXPECT_GT(waiting, 0u);
  EXPECT_GT(others, 4000u);
}

/// Makes the machine fail when it tells of rejected calls.
class faulty : public breaker_observer {
public:
  void emit(const breaker_event& event) override {
    if (event.kind == event_kind::call_rejected)
      throw std::bad_alloc{};
  }

  void consult_ready_to_trip(const counts&, std::uint64_t) override {
    // nop
  }

  void consult_open_time(const trip_cause&, std::uint64_t) override {
    // nop
  }
};

TEST(cell, goes_on_after_a_fault_in_its_machine) {
  manual_cell tested{touchy()};
  tested.call(outcome::failure);
  tested.pass(6s);
  faulty observer;
  tested.observe(&observer);
  tested.give(input::turned_away{1});
  ASSERT_TRUE(tested.exit);
  ASSERT_TRUE(tested.machine().terminated());
  tested.observe(nullptr);
  tested.change_owner();
  EXPECT_FALSE(tested.machine().terminated());
  EXPECT_EQ(tested.current_state(), state::open);
  EXPECT_FALSE(tested.admit());
  EXPECT_EQ(tested.data().failures, 1u);
  tested.pass(4s);
  EXPECT_EQ(tested.current_state(), state::half_open);
}

TEST(cell, keeps_for_the_successor_what_a_failed_machine_has_not_seen) {
  auto cfg = touchy();
  cfg.failure_threshold = 9;
  manual_cell tested{cfg};
  const auto given = *tested.admit();
  faulty observer;
  tested.observe(&observer);
  tested.tell(input::turned_away{1});
  for (int i = 0; i < 3; ++i)
    tested.complete(given, outcome::failure, 1ms, "broken");
  tested.step();
  ASSERT_TRUE(tested.exit);
  tested.observe(nullptr);
  tested.change_owner();
  EXPECT_EQ(tested.data().failures, 3u);
}

TEST(cell, is_not_wedged_by_a_fault_that_lost_a_probe) {
  auto cfg = touchy();
  cfg.half_open_max_calls = 1;
  manual_cell tested{cfg};
  tested.call(outcome::failure);
  tested.pass(10s);
  ASSERT_EQ(tested.current_state(), state::half_open);
  const auto probe = *tested.admit();
  tested.drain([](auto&&, auto&&) {}, [](auto&&) {}); // gone with the fault
  EXPECT_FALSE(tested.admit());
  tested.machine().stop(statem::exit_reason::error("fault"), tested.now);
  tested.change_owner();
  EXPECT_TRUE(tested.admit());
  // The result that nobody expects any more does no harm.
  tested.complete(probe, outcome::failure, 1ms, "broken");
  tested.step();
  EXPECT_EQ(tested.current_state(), state::half_open);
}

TEST(cell, keeps_its_machine_if_only_the_owner_is_gone) {
  manual_cell tested{touchy()};
  tested.call(outcome::failure);
  const auto* before = &tested.machine();
  tested.change_owner();
  EXPECT_EQ(&tested.machine(), before);
  EXPECT_EQ(tested.data().restarts, 1u);
  tested.pass(10s); // its timers run under the new owner
  EXPECT_EQ(tested.current_state(), state::half_open);
}

// -- what a result means ------------------------------------------------------

const failure broken{errc::operation_failed, "refused"};

TEST(cell, judges_by_the_users_predicates) {
  hooks user;
  user.is_ignored = [](const failure& f) { return f.message() == "skip"; };
  user.is_failure = [](const failure& f) { return f.message() != "fine"; };
  manual_cell tested{touchy(), user};
  EXPECT_EQ(tested.judge(broken), outcome::failure);
  EXPECT_EQ(tested.judge({errc::operation_failed, "skip"}), outcome::ignored);
  EXPECT_EQ(tested.judge({errc::operation_failed, "fine"}), outcome::success);
  EXPECT_EQ(tested.judge({errc::timeout}), outcome::timeout);
  EXPECT_EQ(tested.judge({errc::cancelled}), outcome::cancelled);
}

TEST(cell, judges_without_predicates) {
  manual_cell tested{touchy()};
  EXPECT_EQ(tested.judge(broken), outcome::failure);
  EXPECT_EQ(tested.judge({errc::timeout}), outcome::timeout);
  EXPECT_EQ(tested.judge({errc::cancelled}), outcome::cancelled);
}

TEST(cell, takes_a_predicate_that_throws_for_one_that_says_nothing) {
  hooks user;
  user.is_ignored = [](const failure&) -> bool { throw 1; };
  user.is_failure = [](const failure&) -> bool { throw 2; };
  manual_cell tested{touchy(), user};
  EXPECT_EQ(tested.judge(broken), outcome::failure);
  const auto given = tested.admit();
  tested.finish(*given, 1ms, &broken);
  tested.step();
  EXPECT_EQ(tested.current_state(), state::open);
  EXPECT_EQ(tested.data().last_failure, "refused");
}

TEST(cell, counts_what_took_longer_than_the_call_timeout_as_timed_out) {
  auto cfg = touchy();
  cfg.failure_threshold = 9;
  cfg.call_timeout = 100ms;
  manual_cell tested{cfg};
  const auto given = *tested.admit();
  tested.finish(given, 100ms, nullptr);
  tested.finish(given, 101ms, nullptr);
  tested.finish(given, 101ms, &broken);
  const failure skipped{errc::cancelled};
  tested.finish(given, 101ms, &skipped);
  tested.step();
  EXPECT_EQ(tested.data().successes, 1u);
  EXPECT_EQ(tested.data().timeouts, 2u);
  EXPECT_EQ(tested.data().cancelled, 1u);
}

} // namespace

} // namespace switchgear
