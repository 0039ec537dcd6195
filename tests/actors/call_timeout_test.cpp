/// Call messages that take too long.

#include <gtest/gtest.h>

#include <optional>
#include <thread>

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
  const auto got = call(db, hanging());
  ASSERT_FALSE(got);
  EXPECT_EQ(got.error(), errc::timeout);
  EXPECT_EQ(tool.arrived(), 1u);
  EXPECT_TRUE(eventually([&] { return db.stats()->total_timeouts == 1; }));
  EXPECT_EQ(db.stats()->total_failures, 1u);
  EXPECT_EQ(db.stats()->last_failure, "no result within the call timeout");
}

TEST_F(call_timeout, counts_as_a_failure_that_may_trip) {
  EXPECT_FALSE(call(db, hanging()));
  EXPECT_FALSE(call(db, hanging()));
  // The next message finds it open, both threads are still stuck.
  EXPECT_EQ(call(db, task{[] {}}).error(), errc::circuit_open);
  EXPECT_EQ(db.state(), state::open);
}

TEST_F(call_timeout, the_result_that_comes_after_all_counts_as_late) {
  EXPECT_FALSE(call(db, hanging()));
  ASSERT_TRUE(eventually([&] { return db.stats()->total_timeouts == 1; }));
  EXPECT_EQ(db.stats()->total_late, 0u);
  tool.release();
  EXPECT_TRUE(eventually([&] { return db.stats()->total_late == 1; }));
  const auto s = db.stats().value();
  EXPECT_EQ(s.total_successes, 0u); // it has been counted once
  EXPECT_EQ(s.total_calls, 1u);
  EXPECT_EQ(db.state(), state::closed);
}

TEST_F(call_timeout, may_be_configured_to_count_as_nothing) {
  auto cfg = settings();
  cfg.count_timeout_as_failure = false;
  auto lenient = rt.breaker("lenient", cfg);
  for (int i = 0; i < 2; ++i)
    EXPECT_EQ(call(lenient, hanging()).error(), errc::timeout);
  EXPECT_TRUE(
    eventually([&] { return lenient.stats()->total_timeouts == 2; }));
  EXPECT_EQ(lenient.stats()->total_ignored, 2u);
  EXPECT_EQ(lenient.stats()->total_failures, 0u);
  EXPECT_EQ(lenient.state(), state::closed);
}

TEST_F(call_timeout, in_the_queue_says_nothing_about_the_tool) {
  for (int i = 0; i < 2; ++i)
    EXPECT_EQ(call(db, hanging()).error(), errc::timeout);
  ASSERT_TRUE(tool.await_arrivals(2));
  auto other = rt.breaker("other", settings());
  bool called = false;
  for (int i = 0; i < 5; ++i)
    EXPECT_EQ(call(other, task{[&] { called = true; }}).error(), errc::timeout);
  EXPECT_EQ(other.state(), state::closed);
  EXPECT_TRUE(
    eventually([&] { return other.stats()->total_cancelled == 5; }));
  EXPECT_EQ(other.stats()->total_failures, 0u);
  tool.release();
  ASSERT_TRUE(tool.await_departures(2));
  EXPECT_TRUE(call(other, task{[] {}}));
  EXPECT_FALSE(called); // nobody waits for it any more
}

TEST_F(call_timeout, of_a_probe_re_opens) {
  auto cfg = probes_at_once(1);
  cfg.call_timeout = 20ms;
  auto probed = rt.breaker("probed", cfg);
  EXPECT_FALSE(probed.call(broken));
  ASSERT_TRUE(eventually([&] { return probed.state() == state::half_open; }));
  EXPECT_EQ(call(probed, hanging()).error(), errc::timeout);
  EXPECT_TRUE(eventually([&] { return probed.stats()->trip_count >= 2; }));
}

TEST_F(call_timeout, of_a_result_that_was_to_come_later) {
  std::optional<promise<void>> kept;
  EXPECT_EQ(call(db, task::deferred<void>(
                       [&](promise<void> later) { kept = later; }))
              .error(),
            errc::timeout);
  ASSERT_TRUE(eventually([&] { return db.stats()->total_timeouts == 1; }));
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
