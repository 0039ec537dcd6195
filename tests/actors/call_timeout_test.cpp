/// Call messages that take too long.

#include <gtest/gtest.h>

#include <optional>
#include <thread>
#include <utility>

#include "support/breaker_printing.hpp"
#include "support/breakers.hpp"
#include "support/hold.hpp"
#include "support/request.hpp"
#include "switchgear/actor.hpp"

using namespace std::chrono_literals;

namespace switchgear::test {

namespace {

class call_timeout : public testing::Test {
public:
  static config settings() {
    auto cfg = trips_after(2);
    cfg.call_timeout = 20ms;
    return cfg;
  }

  /// A task that hangs until the hold is released.
  task hanging() const {
    return task{[door = tool.door()] { (*door)(); }};
  }

  expected<void, caf::error> call(const breaker& of, task what) {
    return request<void>(rt.system(), of.actor(), call_v, what);
  }

  /// Makes a call whose callable does not come back in time. On a slow machine
  /// one may be given up before a thread has begun with it: then another one is
  /// made.
  template <class F>
  void expect_timeout(const breaker& of, F make) {
    const auto given_up = [&of] {
      const auto s = of.stats().value();
      return std::pair{s.total_timeouts, s.total_cancelled};
    };
    const auto before = given_up();
    auto now = before;
    while (now.first == before.first) {
      const auto last = now;
      const auto got = call(of, make());
      ASSERT_FALSE(got);
      EXPECT_EQ(got.error(), errc::timeout);
      ASSERT_TRUE(eventually([&] { return (now = given_up()) != last; }));
    }
  }

  void expect_timeout(const breaker& of) {
    expect_timeout(of, [this] { return hanging(); });
  }

  runtime rt{[] {
    runtime_options options;
    options.workers = 2;
    options.queue = 100;
    return options;
  }()};
  breaker db = rt.breaker("db", settings());
  hold tool; // ends first: the runtime need not wait for hung callables
};

TEST_F(call_timeout, is_answered_at_once_though_the_callable_hangs) {
  expect_timeout(db);
  EXPECT_TRUE(tool.await_arrivals(1));
  EXPECT_EQ(tool.arrived(), 1u);
  EXPECT_EQ(db.stats()->total_failures, 1u);
  EXPECT_EQ(db.stats()->last_failure, "no result within the call timeout");
}

TEST_F(call_timeout, counts_as_a_failure_that_may_trip) {
  expect_timeout(db);
  expect_timeout(db);
  // The next message finds it open, both threads are still stuck.
  EXPECT_EQ(call(db, task{[] {}}).error(), errc::circuit_open);
  EXPECT_EQ(db.state(), state::open);
}

TEST_F(call_timeout, the_result_that_comes_after_all_counts_as_late) {
  expect_timeout(db);
  EXPECT_EQ(db.stats()->total_late, 0u);
  tool.release();
  EXPECT_TRUE(eventually([&] { return db.stats()->total_late == 1; }));
  const auto s = db.stats().value();
  EXPECT_EQ(s.total_successes, 0u); // it has been counted once
  EXPECT_EQ(s.total_calls - s.total_cancelled, 1u);
  EXPECT_EQ(db.state(), state::closed);
}

TEST_F(call_timeout, may_be_configured_to_count_as_nothing) {
  auto cfg = settings();
  cfg.count_timeout_as_failure = false;
  auto lenient = rt.breaker("lenient", cfg);
  expect_timeout(lenient);
  expect_timeout(lenient);
  EXPECT_EQ(lenient.stats()->total_ignored, 2u);
  EXPECT_EQ(lenient.stats()->total_failures, 0u);
  EXPECT_EQ(lenient.state(), state::closed);
}

TEST_F(call_timeout, in_the_queue_says_nothing_about_the_tool) {
  expect_timeout(db);
  expect_timeout(db);
  ASSERT_TRUE(tool.await_arrivals(2));
  auto other = rt.breaker("other", settings());
  bool called = false;
  for (int i = 0; i < 5; ++i)
    EXPECT_EQ(call(other, task{[&] { called = true; }}).error(), errc::timeout);
  EXPECT_EQ(other.state(), state::closed);
  EXPECT_TRUE(eventually([&] { return other.stats()->total_cancelled == 5; }));
  EXPECT_EQ(other.stats()->total_failures, 0u);
  tool.release();
  ASSERT_TRUE(tool.await_departures(2));
  auto patient = settings();
  patient.call_timeout = 1h;
  ASSERT_TRUE(other.reconfigure(patient));
  EXPECT_TRUE(call(other, task{[] {}}));
  EXPECT_FALSE(called); // nobody waits for it any more
}

TEST_F(call_timeout, of_a_probe_re_opens) {
  auto cfg = probes_at_once(1);
  cfg.call_timeout = 20ms;
  auto probed = rt.breaker("probed", cfg);
  EXPECT_FALSE(probed.call(broken));
  ASSERT_TRUE(eventually([&] { return probed.state() == state::half_open; }));
  expect_timeout(probed);
  EXPECT_TRUE(eventually([&] { return probed.stats()->trip_count >= 2; }));
}

TEST_F(call_timeout, of_a_result_that_was_to_come_later) {
  std::optional<promise<void>> kept;
  expect_timeout(db, [&] {
    return task::deferred<void>([&](promise<void> later) { kept = later; });
  });
  kept->deliver();
  EXPECT_TRUE(eventually([&] { return db.stats()->total_late == 1; }));
  EXPECT_EQ(db.stats()->total_successes, 0u);
}

TEST_F(call_timeout, does_not_touch_calls_that_are_in_time) {
  auto cfg = settings();
  cfg.call_timeout = 1h;
  auto quick = rt.breaker("quick", cfg);
  for (int i = 0; i < 50; ++i)
    EXPECT_TRUE(call(quick, task{[] {}}));
  EXPECT_EQ(quick.stats()->total_successes, 50u);
  EXPECT_EQ(quick.stats()->total_timeouts, 0u);
}

} // namespace

} // namespace switchgear::test
