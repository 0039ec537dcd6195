#include "switchgear/policy/pipeline.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <stdexcept>
#include <string>

#include "support/allocation_count.hpp"
#include "support/policies.hpp"

using namespace std::chrono_literals;

namespace switchgear::policy {

namespace {

using test::broken;
using test::cell_breaker;
using test::flaky;
using test::jumping_time;

retry quick_retry(std::uint32_t attempts) {
  return retry{{.max_attempts = attempts,
                .base = 0s,
                .budget = {.share = 10.0, .per_second = 1000}},
               jumping_time()};
}

// -- callables ----------------------------------------------------------------

TEST(pipeline, of_nothing_calls) {
  pipeline<> p;
  EXPECT_EQ(p.call([] { return 7; }), 7);
  EXPECT_TRUE(p.call([] {}));
  EXPECT_EQ(
    p.call([]() -> int { throw std::runtime_error{"x"}; }).error().message(),
    "std::runtime_error: x");
}

TEST(pipeline, takes_the_callable_where_it_is) {
  struct tool {
    tool() = default;
    tool(const tool&) = delete;
    int operator()() {
      return ++calls;
    }
    int calls = 0;
  } here;
  pipeline p{quick_retry(3)};
  EXPECT_EQ(p.call(here), 1);
  EXPECT_EQ(here.calls, 1);
}

TEST(pipeline, results_are_settled_as_with_a_breaker) {
  pipeline p{quick_retry(1)};
  const auto code
    = p.call([] { return std::make_error_code(std::errc::io_error); });
  EXPECT_EQ(code.error(), errc::operation_failed);
  const auto text = p.call(
    []() -> expected<int, std::string> { return make_unexpected("no"); });
  EXPECT_EQ(text.error().message(), "no");
  EXPECT_EQ(**p.call([] { return std::make_unique<int>(3); }), 3);
}

TEST(pipeline, tells_the_callable_of_stop_and_deadline) {
  pipeline p{quick_retry(1)};
  std::stop_source stop;
  const context given{stop.get_token(), clock::now() + 1h};
  EXPECT_TRUE(p.call(
    [&](const context& ctx) {
      EXPECT_EQ(ctx.deadline, given.deadline);
      EXPECT_TRUE(ctx.stop == given.stop);
    },
    given));
  EXPECT_TRUE(p.call(
    [&](std::stop_token token) { EXPECT_TRUE(token == given.stop); }, given));
}

TEST(pipeline, a_call_that_fails_after_it_was_told_to_stop_is_cancelled) {
  cell_breaker db{{.failure_threshold = 1}};
  pipeline p{db};
  std::stop_source stop;
  const auto got = p.call(
    [&]() -> int {
      stop.request_stop();
      throw std::runtime_error{"aborted"};
    },
    {.stop = stop.get_token()});
  EXPECT_EQ(got.error(), errc::cancelled);
  EXPECT_EQ(got.error().message(),
            "told to stop: operation_failed: std::runtime_error: aborted");
  EXPECT_EQ(db.now_in(), state::closed);
  EXPECT_EQ(db.stats().total_cancelled, 1u);
}

// -- composition --------------------------------------------------------------

TEST(pipeline, retry_around_a_breaker_shows_it_each_attempt) {
  cell_breaker db{{.failure_threshold = 100}};
  pipeline p{quick_retry(3), db};
  EXPECT_FALSE(p.call(flaky{10}));
  EXPECT_EQ(db.stats().total_failures, 3u);
}

TEST(pipeline, retry_within_a_breaker_shows_it_one_result) {
  cell_breaker db{{.failure_threshold = 100}};
  pipeline p{db, quick_retry(3)};
  EXPECT_FALSE(p.call(flaky{10}));
  EXPECT_EQ(db.stats().total_failures, 1u);
}

TEST(pipeline, retry_stops_when_the_breaker_opens) {
  cell_breaker db{{.failure_threshold = 2}};
  pipeline p{quick_retry(10), db};
  flaky tool{100};
  EXPECT_EQ(p.call(tool).error(), errc::circuit_open);
  EXPECT_EQ(tool.calls(), 2);
}

TEST(pipeline, a_breaker_ignores_refusals_within_it) {
  cell_breaker db{{.failure_threshold = 1}};
  pipeline p{db, rate_limit{{.permits = 1, .period = 1h}}};
  EXPECT_EQ(p.call([] { return 7; }), 7);
  EXPECT_EQ(p.call([] { return 7; }).error(), errc::rate_limited);
  EXPECT_EQ(db.now_in(), state::closed);
  EXPECT_EQ(db.stats().total_ignored, 1u);
}

TEST(pipeline, a_rate_limit_within_a_retry_counts_each_attempt) {
  pipeline p{quick_retry(10), rate_limit{{.permits = 3, .period = 1h}}};
  flaky tool{100};
  EXPECT_EQ(p.call(tool).error(), errc::rate_limited);
  EXPECT_EQ(tool.calls(), 3);
}

TEST(pipeline, is_a_policy) {
  cell_breaker db{{.failure_threshold = 100}};
  pipeline inner{quick_retry(2), db};
  pipeline p{fallback{1}, quick_retry(2), inner};
  flaky tool{100};
  EXPECT_EQ(p.call(tool), 1);
  EXPECT_EQ(tool.calls(), 4);
  EXPECT_EQ(db.stats().total_failures, 4u);
}

TEST(pipeline, an_inner_one_that_detaches_is_fine) {
  pipeline inner{timeout{1h}};
  pipeline p{fallback{1}, quick_retry(2), inner};
  flaky tool{1};
  EXPECT_EQ(p.call(tool), 7);
}

struct doubling {
  static constexpr kind what = kind::other;

  template <class Next>
  auto run(const context& ctx, const Next& next) const
    -> std::invoke_result_t<const Next&, const context&> {
    auto result = next(ctx);
    if (result)
      *result *= 2;
    return result;
  }
};

TEST(pipeline, takes_policies_of_the_user_s) {
  pipeline p{doubling{}, quick_retry(2)};
  EXPECT_EQ(p.call([] { return 7; }), 14);
  EXPECT_EQ(p.stages()[0].what, kind::other);
}

struct faulty {
  static constexpr kind what = kind::other;

  template <class Next>
  auto run(const context&, const Next&) const
    -> std::invoke_result_t<const Next&, const context&> {
    throw std::logic_error{"a fault of the policy's"};
  }
};

TEST(pipeline, a_policy_that_throws_is_a_failure) {
  pipeline p{faulty{}};
  EXPECT_EQ(p.call([] { return 7; }).error().message(),
            "std::logic_error: a fault of the policy's");
  EXPECT_EQ((pipeline{timeout{1h}, faulty{}}).call([] { return 7; }).error(),
            errc::operation_failed);
}

TEST(pipeline, all_at_once) {
  cell_breaker db;
  pipeline p{fallback{1}, rate_limit{}, quick_retry(3), hedge{},
             db,          bulkhead{},   timeout{1h}};
  EXPECT_EQ(p.call([] { return 7; }), 7);
  EXPECT_EQ(p.call(flaky{100}), 1);
  EXPECT_EQ(db.stats().total_failures, 3u);
  EXPECT_TRUE(p.warnings().empty());
}

TEST(pipeline, copies_share_their_policies) {
  pipeline p{rate_limit{{.permits = 1, .period = 1h}}};
  const auto copy = p;
  EXPECT_TRUE(p.call([] {}));
  EXPECT_FALSE(copy.call([] {}));
}

TEST(pipeline, a_success_allocates_nothing) {
  cell_breaker db{{.latency_sampling = 0}};
  pipeline p{fallback{1}, rate_limit{{.permits = 1'000'000}}, retry{}, db,
             bulkhead{}};
  EXPECT_EQ(p.call([] { return 7; }), 7);
  const auto before = test::allocations();
  for (int i = 0; i < 100; ++i)
    EXPECT_EQ(p.call([] { return 7; }), 7);
  EXPECT_EQ(test::allocations(), before);
}

} // namespace

} // namespace switchgear::policy
