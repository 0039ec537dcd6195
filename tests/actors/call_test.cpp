/// `breaker::call`: what the callable does, and what comes of it.

#include <gtest/gtest.h>

#include <memory>
#include <stdexcept>
#include <string>
#include <system_error>

#include "support/breaker_printing.hpp"
#include "support/breakers.hpp"

namespace {

struct http_response {
  int status = 200;
};

} // namespace

template <>
struct switchgear::returned<http_response> {
  static std::optional<failure> failed(const http_response& r) {
    if (r.status < 500)
      return std::nullopt;
    return failure{errc::operation_failed, "status " + std::to_string(r.status)};
  }
};

namespace switchgear::test {

namespace {

class call : public testing::Test {
public:
  statistics stats() {
    return db.stats().value();
  }

  runtime rt;
  breaker db = rt.breaker("db", trips_after(3));
};

TEST_F(call, gives_back_what_the_callable_returns) {
  auto got = db.call([] { return std::string{"rows"}; });
  ASSERT_TRUE(got);
  EXPECT_EQ(*got, "rows");
  EXPECT_EQ(stats().total_successes, 1u);
}

TEST_F(call, of_a_callable_that_returns_nothing) {
  int calls = 0;
  auto got = db.call([&] { ++calls; });
  static_assert(std::is_same_v<decltype(got), expected<void, failure>>);
  EXPECT_TRUE(got);
  EXPECT_EQ(calls, 1);
  EXPECT_EQ(stats().total_successes, 1u);
}

TEST_F(call, runs_on_the_callers_thread) {
  EXPECT_EQ(db.call([] { return std::this_thread::get_id(); }),
            std::this_thread::get_id());
}

TEST_F(call, gives_back_an_exception_and_does_not_throw_it) {
  auto got = db.call([]() -> int { throw std::out_of_range{"far"}; });
  ASSERT_FALSE(got);
  EXPECT_EQ(got.error(), errc::operation_failed);
  EXPECT_EQ(got.error().message(), "std::out_of_range: far");
  EXPECT_THROW(std::rethrow_exception(got.error().cause()), std::out_of_range);
  EXPECT_EQ(stats().total_failures, 1u);
  EXPECT_EQ(stats().last_failure, "std::out_of_range: far");
}

TEST_F(call, takes_anything_that_is_thrown) {
  EXPECT_FALSE(db.call([] { throw 42; }));
  EXPECT_FALSE(db.call([] { throw "text"; }));
  EXPECT_EQ(stats().total_failures, 2u);
}

TEST_F(call, an_expected_without_a_value_is_a_failure) {
  using result = expected<int, std::string>;
  EXPECT_EQ(db.call([]() -> result { return 7; }), 7);
  auto bad = db.call([]() -> result { return make_unexpected("refused"); });
  ASSERT_FALSE(bad);
  EXPECT_EQ(bad.error().message(), "refused");
  EXPECT_EQ(stats().total_successes, 1u);
  EXPECT_EQ(stats().total_failures, 1u);
}

TEST_F(call, an_error_code_that_is_set_is_a_failure) {
  EXPECT_TRUE(db.call([] { return std::error_code{}; }));
  EXPECT_FALSE(
    db.call([] { return std::make_error_code(std::errc::timed_out); }));
  EXPECT_EQ(stats().total_failures, 1u);
}

TEST_F(call, a_type_of_the_users_says_itself_what_failed) {
  EXPECT_EQ(db.call([] { return http_response{404}; })->status, 404);
  auto bad = db.call([] { return http_response{503}; });
  ASSERT_FALSE(bad);
  EXPECT_EQ(bad.error().message(), "status 503");
  EXPECT_EQ(stats().total_failures, 1u);
}

TEST_F(call, what_can_only_be_moved_is_moved) {
  auto got = db.call([] { return std::make_unique<int>(7); });
  ASSERT_TRUE(got);
  EXPECT_EQ(**got, 7);
}

TEST_F(call, of_a_callable_that_can_only_be_moved_or_changes_itself) {
  EXPECT_EQ(db.call([n = std::make_unique<int>(1)] { return *n; }), 1);
  auto counter = [n = 0]() mutable { return ++n; };
  EXPECT_EQ(db.call(counter), 1);
  EXPECT_EQ(db.call(counter), 2); // the very same callable was called
}

TEST_F(call, a_fallback_is_asked_only_if_there_is_no_result) {
  EXPECT_EQ(db.call(fine, [](const failure&) { return -1; }), 7);
  EXPECT_EQ(db.call([]() -> int { throw 1; },
                    [](const failure& why) {
                      EXPECT_EQ(why, errc::operation_failed);
                      return -1;
                    }),
            -1);
  bool told = false;
  db.call(broken, [&](const failure&) { told = true; });
  EXPECT_TRUE(told);
}

TEST_F(call, a_fallback_is_asked_for_a_call_that_was_not_made) {
  ASSERT_TRUE(db.force_open());
  EXPECT_EQ(db.call(fine,
                    [](const failure& why) {
                      EXPECT_EQ(why, errc::circuit_open);
                      EXPECT_GT(why.retry_after(), duration::zero());
                      return -1;
                    }),
            -1);
}

TEST_F(call, the_fallbacks_exception_is_the_callers) {
  EXPECT_THROW(db.call(broken, [](const failure&) { throw 42; }), int);
  EXPECT_EQ(stats().total_failures, 1u);
}

TEST_F(call, after_the_failure_that_trips_is_turned_away) {
  for (int round = 0; round < 20; ++round) {
    EXPECT_FALSE(db.call(broken));
    EXPECT_FALSE(db.call(broken));
    EXPECT_EQ(db.state(), state::closed);
    EXPECT_FALSE(db.call(broken));
    EXPECT_EQ(db.state(), state::open);
    bool called = false;
    auto got = db.call([&] { called = true; });
    ASSERT_FALSE(got);
    EXPECT_EQ(got.error(), errc::circuit_open);
    EXPECT_FALSE(called);
    ASSERT_TRUE(db.reset());
  }
  EXPECT_EQ(stats().total_rejected, 20u);
  EXPECT_EQ(stats().total_failures, 60u);
}

TEST_F(call, after_the_slow_call_that_trips_is_turned_away) {
  auto cfg = trips_after(100);
  cfg.window_size = 3;
  cfg.slow_call_duration = std::chrono::microseconds{1};
  auto slow = rt.breaker("slow", cfg);
  const auto dawdle = [] {
    EXPECT_TRUE(eventually(
      [end = clock::now() + std::chrono::microseconds{50}] {
        return clock::now() >= end;
      }));
  };
  for (int round = 0; round < 20; ++round) {
    for (int i = 0; i < 3; ++i)
      EXPECT_TRUE(slow.call(dawdle));
    EXPECT_EQ(slow.call(fine).error(), errc::circuit_open) << round;
    ASSERT_TRUE(slow.reset());
  }
}

TEST_F(call, may_be_made_within_a_call) {
  auto cache = rt.breaker("cache", trips_after(3));
  auto got = db.call([&] {
    return cache.call([] { return 20; }).value() + 1;
  });
  EXPECT_EQ(got, 21);
  EXPECT_EQ(cache.stats()->total_successes, 1u);
  EXPECT_EQ(stats().total_successes, 1u);
}

TEST_F(call, may_use_its_own_breaker) {
  auto got = db.call([&] {
    EXPECT_FALSE(db.call(broken));
    EXPECT_EQ(db.stats()->total_failures, 1u);
    return db.call(fine).value();
  });
  EXPECT_EQ(got, 7);
  EXPECT_EQ(stats().total_successes, 2u);
}

TEST_F(call, whose_callable_trips_its_own_breaker_is_late) {
  auto got = db.call([&] {
    EXPECT_TRUE(db.force_open());
    return 7;
  });
  EXPECT_EQ(got, 7);
  EXPECT_EQ(stats().total_late, 1u);
  EXPECT_EQ(db.state(), state::open);
}

TEST_F(call, a_refusal_of_a_breaker_within_is_not_the_tools_failure) {
  auto inner = rt.breaker("inner", trips_after(1));
  ASSERT_TRUE(inner.force_open());
  for (int i = 0; i < 10; ++i) {
    auto got = db.call([&] { return inner.call(fine); });
    ASSERT_FALSE(got);
    EXPECT_EQ(got.error(), errc::circuit_open);
  }
  EXPECT_EQ(db.state(), state::closed);
  EXPECT_EQ(stats().total_ignored, 10u);
}

TEST_F(call, longer_than_the_call_timeout_is_a_timeout_but_keeps_its_result) {
  auto cfg = trips_after(1);
  cfg.call_timeout = std::chrono::milliseconds{1};
  auto slow = rt.breaker("slow", cfg);
  auto got = slow.call([] {
    eventually([end = clock::now() + std::chrono::milliseconds{2}] {
      return clock::now() >= end;
    });
    return 7;
  });
  EXPECT_EQ(got, 7);
  EXPECT_EQ(slow.state(), state::open);
  EXPECT_EQ(slow.stats()->total_timeouts, 1u);
  EXPECT_EQ(slow.stats()->last_failure, "took longer than the call timeout");
}

} // namespace

} // namespace switchgear::test
