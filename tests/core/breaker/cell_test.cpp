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
#include "support/cell_calls.hpp"
#include "support/manual_cell.hpp"

using namespace std::chrono_literals;

namespace switchgear {

namespace {

using test::manual_cell;

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
  EXPECT_GT(refused.error().retry_after(), 9s);
  EXPECT_LE(refused.error().retry_after(), 10s);
  tested.pass(10s);
  EXPECT_EQ(tested.current_state(), state::half_open);
  const auto a = tested.admit();
  const auto b = tested.admit();
  EXPECT_TRUE(a->of.is_probe() && b->of.is_probe());
  EXPECT_EQ(tested.admit().error(), errc::too_many_probes);
  tested.end(*a, outcome::success, 1ms);
  tested.end(*b, outcome::success, 1ms);
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
    EXPECT_EQ(tested.admit()->of.is_probe(), i < 2);
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
  tested.publish(tested.now); // whatever comes
  EXPECT_EQ(tested.admit().error(), errc::unavailable);
}

TEST(cell, that_is_retired_keeps_nobody_waiting) {
  class patient_cell : public manual_cell {
  public:
    using manual_cell::manual_cell;

  private:
    duration patience() const noexcept override {
      return 1h;
    }
  };
  patient_cell tested{touchy()};
  const auto given = *tested.admit();
  std::thread before{
    [&] { tested.end(given, outcome::failure, 1ms, "broken"); }};
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
    tested.end(given, outcome::failure, 1ms, "broken");
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
  tested.drain(
    tested.now, [](auto&&, auto&&) {}, [](auto&&) {},
    [](auto&&) {}); // gone with the fault
  EXPECT_FALSE(tested.admit());
  tested.machine().stop(statem::exit_reason::error("fault"), tested.now);
  tested.change_owner();
  EXPECT_TRUE(tested.admit());
  // The result that nobody expects any more does no harm.
  tested.end(probe, outcome::failure, 1ms, "broken");
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
  tested.fail(*given, broken);
  tested.step();
  EXPECT_EQ(tested.current_state(), state::open);
  EXPECT_EQ(tested.data().last_failure->text, "refused");
}

TEST(cell, counts_what_took_longer_than_the_call_timeout_as_timed_out) {
  auto cfg = touchy();
  cfg.failure_threshold = 9;
  cfg.call_timeout = 100ms;
  manual_cell tested{cfg};
  const auto took
    = [&](duration time) { return test::since(*tested.admit(), time); };
  tested.succeed(took(90ms));
  tested.succeed(took(101ms));
  tested.fail(took(101ms), broken);
  tested.fail(took(101ms), errc::cancelled);
  tested.step();
  EXPECT_EQ(tested.data().successes, 1u);
  EXPECT_EQ(tested.data().timeouts, 2u);
  EXPECT_EQ(tested.data().cancelled, 1u);
}

} // namespace

} // namespace switchgear
