/// A predicate of the user's in place of the rules for tripping.

#include <gtest/gtest.h>

#include <atomic>
#include <mutex>
#include <stdexcept>
#include <vector>

#include "support/breaker_printing.hpp"
#include "support/breakers.hpp"
#include "support/hold.hpp"

using namespace std::chrono_literals;

namespace switchgear::test {

namespace {

class ready_to_trip : public testing::Test {
public:
  breaker with(std::function<bool(const counts&)> predicate,
               const config& cfg = trips_after(1)) {
    hooks user;
    user.ready_to_trip = std::move(predicate);
    return rt.breaker("db", cfg, std::move(user));
  }

  runtime rt;
};

TEST_F(ready_to_trip, decides_in_place_of_the_rules) {
  auto db = with([](const counts& so_far) {
    return so_far.total_failures >= 4 && so_far.requests >= 6;
  });
  for (int round = 0; round < 20; ++round) {
    for (int i = 0; i < 4; ++i)
      EXPECT_FALSE(db.call(broken));
    EXPECT_TRUE(db.call(fine)); // only a failure asks
    EXPECT_EQ(db.state(), state::closed);
    EXPECT_FALSE(db.call(broken));
    // The call after the one that decided is turned away.
    EXPECT_EQ(db.call(fine).error(), errc::circuit_open) << round;
    ASSERT_TRUE(db.reset());
  }
  EXPECT_EQ(db.stats()->transitions.front().why, reason::ready_to_trip);
}

TEST_F(ready_to_trip, is_told_the_counts) {
  std::mutex mutex;
  std::vector<counts> seen;
  auto db = with([&](const counts& so_far) {
    std::lock_guard guard{mutex};
    seen.push_back(so_far);
    return false;
  });
  EXPECT_TRUE(db.call(fine));
  EXPECT_TRUE(db.call(fine));
  EXPECT_FALSE(db.call(broken));
  EXPECT_FALSE(db.call(broken));
  ASSERT_TRUE(db.stats());
  std::lock_guard guard{mutex};
  ASSERT_EQ(seen.size(), 2u);
  EXPECT_EQ(seen[0], (counts{3, 2, 1, 0, 1}));
  EXPECT_EQ(seen[1], (counts{4, 2, 2, 0, 2}));
}

TEST_F(ready_to_trip, that_throws_leaves_it_to_the_rules) {
  auto db = with([](const counts&) -> bool { throw std::logic_error{"x"}; },
                 trips_after(3));
  EXPECT_FALSE(db.call(broken));
  EXPECT_FALSE(db.call(broken));
  EXPECT_EQ(db.state(), state::closed);
  EXPECT_FALSE(db.call(broken));
  EXPECT_EQ(db.state(), state::open);
  EXPECT_EQ(db.stats()->last_reason, reason::consecutive_failures);
  EXPECT_EQ(db.stats()->restarts, 0u);
}

TEST_F(ready_to_trip, does_not_run_in_the_actor) {
  hold slow;
  auto db = with([door = slow.door()](const counts&) {
    (*door)();
    return true;
  });
  std::thread caller{[&] { EXPECT_FALSE(db.call(broken)); }};
  ASSERT_TRUE(slow.await_arrivals(1));
  // While the predicate thinks the breaker answers, and others may call.
  EXPECT_EQ(db.stats()->total_failures, 1u);
  EXPECT_TRUE(db.call(fine));
  slow.release();
  caller.join();
  EXPECT_TRUE(eventually([&] { return db.state() == state::open; }));
}

TEST_F(ready_to_trip, of_an_epoch_that_is_over_moves_nothing) {
  hold slow;
  auto db = with([door = slow.door()](const counts&) {
    (*door)();
    return true;
  });
  std::thread caller{[&] { EXPECT_FALSE(db.call(broken)); }};
  ASSERT_TRUE(slow.await_arrivals(1));
  ASSERT_TRUE(db.reset());
  slow.release();
  caller.join();
  EXPECT_EQ(db.stats()->trip_count, 0u);
  EXPECT_EQ(db.state(), state::closed);
}

TEST_F(ready_to_trip, may_ask_and_change_the_breaker) {
  breaker* self = nullptr;
  auto db = with([&self](const counts&) {
    EXPECT_TRUE(self->stats());
    EXPECT_TRUE(self->call(fine));
    return true;
  });
  self = &db;
  EXPECT_FALSE(db.call(broken));
  EXPECT_EQ(db.state(), state::open);
}

TEST_F(ready_to_trip, whose_own_call_fails_does_not_hang) {
  breaker* self = nullptr;
  std::atomic<int> asked{0};
  auto db = with([&](const counts&) {
    // This failure is to be judged by the predicate that is waiting for it.
    if (++asked == 1) {
      EXPECT_LT(shortest_time_of([&] { EXPECT_FALSE(self->call(broken)); }),
                500ms);
    }
    return asked >= 2;
  });
  self = &db;
  EXPECT_FALSE(db.call(broken));
  EXPECT_TRUE(eventually([&] { return db.state() == state::open; }));
  EXPECT_EQ(db.stats()->total_failures, 6u);
}

} // namespace

} // namespace switchgear::test
