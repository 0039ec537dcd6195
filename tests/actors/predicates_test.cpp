/// What the user's predicates make of a call, and what becomes of it if they
/// throw.

#include <gtest/gtest.h>

#include <stdexcept>

#include "support/breaker_printing.hpp"
#include "support/breakers.hpp"

namespace switchgear::test {

namespace {

class predicates : public testing::Test {
public:
  breaker with(hooks user) {
    return rt.breaker("db", trips_after(2), std::move(user));
  }

  runtime rt;
};

void not_found() {
  throw std::out_of_range{"no such row"};
}

bool is_not_found(const failure& why) {
  try {
    if (why.cause())
      std::rethrow_exception(why.cause());
  } catch (const std::out_of_range&) {
    return true;
  } catch (...) {
    // nop: something else
  }
  return false;
}

TEST_F(predicates, what_is_no_failure_counts_as_success) {
  hooks user;
  user.is_failure = [](const failure& why) { return !is_not_found(why); };
  auto db = with(std::move(user));
  for (int i = 0; i < 5; ++i) {
    auto got = db.call(not_found);
    ASSERT_FALSE(got); // there is still no result
    EXPECT_EQ(got.error(), errc::operation_failed);
  }
  EXPECT_EQ(db.stats()->total_successes, 5u);
  EXPECT_FALSE(db.call(broken));
  EXPECT_FALSE(db.call(broken));
  EXPECT_EQ(db.state(), state::open);
}

TEST_F(predicates, what_is_ignored_counts_as_nothing) {
  hooks user;
  user.is_ignored = is_not_found;
  auto db = with(std::move(user));
  EXPECT_FALSE(db.call(broken));
  for (int i = 0; i < 5; ++i)
    EXPECT_FALSE(db.call(not_found));
  const auto s = db.stats().value();
  EXPECT_EQ(s.total_ignored, 5u);
  EXPECT_EQ(s.total_calls, 1u);
  EXPECT_EQ(s.consecutive_failures, 1u);
  EXPECT_FALSE(db.call(broken)); // the second in a row
  EXPECT_EQ(db.state(), state::open);
}

TEST_F(predicates, ignoring_is_asked_first) {
  hooks user;
  user.is_ignored = [](const failure&) { return true; };
  user.is_failure = [](const failure&) { return true; };
  auto db = with(std::move(user));
  for (int i = 0; i < 5; ++i)
    EXPECT_FALSE(db.call(broken));
  EXPECT_EQ(db.state(), state::closed);
}

TEST_F(predicates, one_that_throws_makes_a_failure_and_no_more) {
  hooks user;
  user.is_failure = [](const failure&) -> bool { throw 42; };
  user.is_ignored = [](const failure&) -> bool { throw std::logic_error{"x"}; };
  auto db = with(std::move(user));
  auto got = db.call(broken);
  ASSERT_FALSE(got);
  EXPECT_EQ(got.error().message(), "std::runtime_error: broken");
  EXPECT_FALSE(db.call(broken));
  EXPECT_EQ(db.state(), state::open);
  EXPECT_EQ(db.stats()->trip_count, 1u);
  EXPECT_EQ(db.stats()->restarts, 0u);
}

TEST_F(predicates, an_ignored_probe_gives_its_permit_back) {
  hooks user;
  user.is_ignored = is_not_found;
  auto db = rt.breaker("probed", probes_at_once(), std::move(user));
  EXPECT_FALSE(db.call(broken));
  ASSERT_TRUE(eventually([&] { return db.state() == state::half_open; }));
  for (int i = 0; i < 10; ++i)
    EXPECT_EQ(db.call(not_found).error(), errc::operation_failed);
  EXPECT_EQ(db.state(), state::half_open);
  EXPECT_EQ(db.stats()->probes_out, 0u);
  EXPECT_TRUE(db.call(fine));
}

TEST_F(predicates, may_ask_the_breaker) {
  breaker* self = nullptr;
  hooks user;
  user.is_failure = [&self](const failure&) {
    EXPECT_TRUE(self->stats());
    EXPECT_TRUE(self->call(fine));
    return true;
  };
  auto db = with(std::move(user));
  self = &db;
  EXPECT_FALSE(db.call(broken));
  EXPECT_EQ(db.stats()->total_failures, 1u);
  EXPECT_EQ(db.stats()->total_successes, 1u);
}

} // namespace

} // namespace switchgear::test
