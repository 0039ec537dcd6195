/// A function of the user's that computes the open time.

#include <gtest/gtest.h>

#include <mutex>
#include <optional>
#include <stdexcept>

#include "support/breaker_printing.hpp"
#include "support/breakers.hpp"

using namespace std::chrono_literals;

namespace switchgear::test {

namespace {

class open_time_hook : public testing::Test {
public:
  breaker with(std::function<duration(const trip_cause&)> function) {
    hooks user;
    user.open_time = std::move(function);
    auto cfg = trips_after(1);
    cfg.open_timeout = 1h;
    return rt.breaker("db", cfg, std::move(user));
  }

  /// What is left of the open time, as the breaker's actor sees it.
  static duration left(const breaker& of) {
    return of.stats().value().retry_after;
  }

  runtime rt;
};

TEST_F(open_time_hook, sets_the_open_time) {
  auto db = with([](const trip_cause&) { return 24h; });
  EXPECT_FALSE(db.call(broken));
  EXPECT_TRUE(eventually([&] { return left(db) > 23h; }));
  EXPECT_GT(db.call(fine).error().retry_after(), 23h);
}

TEST_F(open_time_hook, that_is_short_lets_it_probe_soon) {
  auto db = with([](const trip_cause&) { return 5ms; });
  EXPECT_FALSE(db.call(broken));
  EXPECT_TRUE(eventually([&] { return db.state() == state::half_open; }));
}

TEST_F(open_time_hook, is_told_the_cause) {
  std::mutex mutex;
  std::optional<trip_cause> seen;
  auto db = with([&](const trip_cause& cause) {
    std::lock_guard guard{mutex};
    seen = cause;
    return 2h;
  });
  EXPECT_FALSE(db.call(broken));
  ASSERT_TRUE(eventually([&] { return left(db) > 1h; }));
  std::lock_guard guard{mutex};
  ASSERT_TRUE(seen);
  EXPECT_EQ(seen->why, reason::consecutive_failures);
  EXPECT_EQ(seen->last_failure, "std::runtime_error: broken");
  EXPECT_EQ(seen->consecutive_failures, 1u);
  EXPECT_EQ(seen->trips_in_a_row, 1u);
}

TEST_F(open_time_hook, that_throws_leaves_the_configured_one) {
  std::atomic<bool> asked{false};
  auto db = with([&](const trip_cause&) -> duration {
    asked = true;
    throw std::logic_error{"x"};
  });
  EXPECT_FALSE(db.call(broken));
  ASSERT_TRUE(eventually([&] { return asked.load(); }));
  EXPECT_EQ(db.state(), state::open);
  EXPECT_GT(left(db), 59min);
  EXPECT_LE(left(db), 1h);
  EXPECT_EQ(db.stats()->restarts, 0u);
}

TEST_F(open_time_hook, that_makes_no_sense_leaves_the_configured_one) {
  std::atomic<int> asked{0};
  auto db = with([&](const trip_cause&) -> duration {
    return ++asked == 1 ? -1s : 0s;
  });
  for (int i = 1; i <= 2; ++i) {
    EXPECT_FALSE(db.call(broken));
    ASSERT_TRUE(eventually([&] { return asked == i; }));
    EXPECT_GT(left(db), 59min);
    ASSERT_TRUE(db.reset());
  }
}

TEST_F(open_time_hook, is_not_asked_when_isolated) {
  std::atomic<bool> asked{false};
  auto db = with([&](const trip_cause&) {
    asked = true;
    return 2h;
  });
  ASSERT_TRUE(db.isolate());
  ASSERT_TRUE(db.reset());
  EXPECT_FALSE(asked);
  EXPECT_EQ(db.stats()->trip_count, 0u);
}

} // namespace

} // namespace switchgear::test
