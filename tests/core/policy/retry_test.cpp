#include "switchgear/policy/retry.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <set>
#include <thread>
#include <vector>

#include "support/policies.hpp"

using namespace std::chrono_literals;

namespace switchgear::policy {

namespace {

using test::broken;
using test::flaky;
using test::jumping_time;
using test::still_time;

// Waits of 1, 2, 4 ... s, and all the retries one may want.
retry_options plain(std::uint32_t attempts) {
  return {.max_attempts = attempts,
          .base = 1s,
          .multiplier = 2.0,
          .maximum = 1h,
          .jitter = false,
          .budget = {.share = 10.0, .per_second = 1000}};
}

TEST(retry, leaves_a_success_alone) {
  auto time = jumping_time();
  pipeline p{retry{plain(3), time}};
  EXPECT_EQ(p.call(flaky{0}), 7);
  EXPECT_EQ(time->passed(), 0s);
  EXPECT_EQ(p.get<retry>().stats().attempts(), 1u);
}

TEST(retry, tries_again_until_it_works) {
  auto time = jumping_time();
  pipeline p{retry{plain(5), time}};
  flaky tool{2};
  EXPECT_EQ(p.call(tool), 7);
  EXPECT_EQ(tool.calls(), 3);
  EXPECT_EQ(time->passed(), 3s); // 1 + 2
  const auto stats = p.get<retry>().stats();
  EXPECT_EQ(stats.calls, 1u);
  EXPECT_EQ(stats.retries, 2u);
  EXPECT_EQ(stats.recovered, 1u);
  EXPECT_EQ(stats.exhausted, 0u);
}

TEST(retry, gives_up_after_its_attempts) {
  auto time = jumping_time();
  pipeline p{retry{plain(3), time}};
  flaky tool{100};
  const auto got = p.call(tool);
  EXPECT_EQ(got.error(), errc::operation_failed);
  EXPECT_EQ(got.error().message(), "broken");
  EXPECT_EQ(tool.calls(), 3);
  EXPECT_EQ(p.get<retry>().stats().exhausted, 1u);
}

TEST(retry, of_one_attempt_retries_nothing) {
  pipeline p{retry{plain(1), jumping_time()}};
  flaky tool{1};
  EXPECT_FALSE(p.call(tool));
  EXPECT_EQ(tool.calls(), 1);
}

TEST(retry, waits_grow_up_to_the_maximum) {
  auto how = plain(6);
  how.maximum = 3s;
  auto time = jumping_time();
  pipeline p{retry{how, time}};
  EXPECT_FALSE(p.call(flaky{100}));
  EXPECT_EQ(time->passed(), 1s + 2s + 3s + 3s + 3s);
}

TEST(retry, without_a_base_it_never_waits) {
  auto how = plain(1000);
  how.base = 0s;
  how.multiplier = 100.0; // to powers that no number can hold
  auto time = jumping_time();
  pipeline p{retry{how, time}};
  flaky tool{999};
  EXPECT_EQ(p.call(tool), 7);
  EXPECT_EQ(tool.calls(), 1000);
  EXPECT_EQ(time->passed(), 0s);
}

TEST(retry, jitter_takes_any_part_of_a_wait_and_is_the_same_for_a_seed) {
  auto how = plain(2);
  how.jitter = true;
  std::set<duration> waits;
  duration sum{};
  for (std::uint64_t seed = 1; seed <= 1000; ++seed) {
    how.seed = seed;
    const auto wait = [&] {
      auto time = jumping_time();
      pipeline p{retry{how, time}};
      EXPECT_TRUE(p.call(flaky{1}));
      return time->passed();
    };
    const auto first = wait();
    EXPECT_EQ(wait(), first);
    EXPECT_LT(first, 1s);
    waits.insert(first);
    sum += first;
  }
  EXPECT_GT(waits.size(), 990u);
  EXPECT_LT(*waits.begin(), 10ms);
  EXPECT_GT(*waits.rbegin(), 990ms);
  EXPECT_GT(sum / 1000, 450ms);
  EXPECT_LT(sum / 1000, 550ms);
}

// -- what is not worth it -----------------------------------------------------

TEST(retry, never_retries_refusals_and_what_was_given_up) {
  for (auto code : {errc::circuit_open, errc::too_many_probes,
                    errc::bulkhead_full, errc::rate_limited, errc::restarting,
                    errc::unavailable, errc::cancelled}) {
    pipeline p{retry{plain(3), jumping_time()}};
    flaky tool{1, failure{code}};
    EXPECT_EQ(p.call(tool).error(), code);
    EXPECT_EQ(tool.calls(), 1);
    EXPECT_EQ(p.get<retry>().stats().not_retried, 1u);
  }
}

TEST(retry, asks_the_predicate_about_the_rest) {
  auto how = plain(3);
  how.retry_if = [](const failure& why) { return why.message() == "HTTP 503"; };
  pipeline p{retry{how, jumping_time()}};
  flaky bad_request{1, broken("HTTP 400")};
  EXPECT_FALSE(p.call(bad_request));
  EXPECT_EQ(bad_request.calls(), 1);
  flaky down{1, broken("HTTP 503")};
  EXPECT_EQ(p.call(down), 7);
}

TEST(retry, a_predicate_that_throws_means_no) {
  auto how = plain(3);
  how.retry_if = [](const failure&) -> bool { throw 1; };
  pipeline p{retry{how, jumping_time()}};
  flaky tool{1};
  EXPECT_FALSE(p.call(tool));
  EXPECT_EQ(tool.calls(), 1);
}

TEST(retry, retries_what_was_thrown) {
  pipeline p{retry{plain(3), jumping_time()}};
  int calls = 0;
  EXPECT_EQ(p.call([&]() -> int {
    if (++calls < 3)
      throw std::runtime_error{"refused"};
    return calls;
  }),
            3);
}

TEST(retry, of_a_callable_that_returns_nothing) {
  pipeline p{retry{plain(3), jumping_time()}};
  int calls = 0;
  EXPECT_TRUE(p.call([&] {
    if (++calls < 3)
      throw std::runtime_error{"refused"};
  }));
  EXPECT_EQ(calls, 3);
}

TEST(retry, of_a_callable_whose_result_can_only_be_moved) {
  pipeline p{retry{plain(3), jumping_time()}};
  int calls = 0;
  const auto got = p.call([&] {
    if (++calls < 2)
      throw std::runtime_error{"refused"};
    return std::make_unique<int>(calls);
  });
  EXPECT_EQ(**got, 2);
}

// -- what the tool asks for ---------------------------------------------------

TEST(retry, waits_at_least_as_long_as_the_tool_asks_for) {
  auto time = jumping_time();
  pipeline p{retry{plain(3), time}};
  EXPECT_EQ(p.call(flaky{1, failure::retry_later(errc::operation_failed,
                                                 "HTTP 429", 30s)}),
            7);
  EXPECT_EQ(time->passed(), 30s);
}

TEST(retry, waits_its_own_time_if_that_is_longer) {
  auto time = jumping_time();
  pipeline p{retry{plain(3), time}};
  EXPECT_EQ(p.call(flaky{1, failure::retry_later(errc::operation_failed,
                                                 "HTTP 429", 1ms)}),
            7);
  EXPECT_EQ(time->passed(), 1s);
}

TEST(retry, callers_who_were_told_the_same_do_not_come_back_in_step) {
  auto how = plain(2);
  how.jitter = true;
  std::set<duration> waits;
  for (int i = 0; i < 100; ++i) {
    auto time = jumping_time();
    pipeline p{retry{how, time}};
    EXPECT_TRUE(p.call(
      flaky{1, failure::retry_later(errc::operation_failed, "HTTP 429", 30s)}));
    EXPECT_GE(time->passed(), 30s);
    EXPECT_LT(time->passed(), 31s);
    waits.insert(time->passed());
  }
  EXPECT_GT(waits.size(), 90u);
}

TEST(retry, gives_up_if_the_tool_asks_for_too_much) {
  auto how = plain(3);
  how.max_wait = 10s;
  auto time = jumping_time();
  pipeline p{retry{how, time}};
  const auto got = p.call(
    flaky{1, failure::retry_later(errc::operation_failed, "HTTP 429", 11s)});
  EXPECT_EQ(got.error().retry_after(), 11s);
  EXPECT_EQ(time->passed(), 0s);
  EXPECT_EQ(p.get<retry>().stats().too_long, 1u);
}

// -- deadlines ----------------------------------------------------------------

TEST(retry, begins_no_attempt_after_its_total_time) {
  auto how = plain(100);
  how.total = 7s;
  auto time = jumping_time();
  pipeline p{retry{how, time}};
  flaky tool{100};
  EXPECT_FALSE(p.call(tool));
  EXPECT_EQ(tool.calls(), 4); // at 0, 1, 3 and 7 s
  EXPECT_EQ(time->passed(), 7s);
  EXPECT_EQ(p.get<retry>().stats().too_long, 1u);
}

TEST(retry, does_not_wait_past_a_deadline_around_it) {
  auto time = jumping_time();
  pipeline p{retry{plain(100), time}};
  flaky tool{100};
  EXPECT_FALSE(p.call(tool, {.deadline = time->now() + 3s}));
  EXPECT_EQ(tool.calls(), 2);
  EXPECT_EQ(time->passed(), 1s);
}

TEST(retry, can_be_told_to_stop_waiting) {
  auto time = still_time();
  pipeline p{retry{plain(3), time}};
  std::stop_source stop;
  test::answer got;
  {
    std::jthread waiting{
      [&] { got = p.call(flaky{1}, {.stop = stop.get_token()}); }};
    ASSERT_TRUE(time->await_waiting(1));
    EXPECT_EQ(p.get<retry>().stats().waiting, 1u);
    stop.request_stop();
  }
  EXPECT_EQ(got.error(), errc::cancelled);
  EXPECT_NE(got.error().message().find("broken"), std::string::npos);
  EXPECT_EQ(p.get<retry>().stats().cancelled, 1u);
}

// -- the budget ---------------------------------------------------------------

TEST(retry, stays_within_its_budget) {
  auto how = plain(10);
  how.budget = {.share = 0.2, .per_second = 0};
  pipeline p{retry{how, jumping_time()}};
  flaky tool{1'000'000};
  for (int i = 0; i < 1000; ++i)
    EXPECT_FALSE(p.call(tool));
  const auto stats = p.get<retry>().stats();
  EXPECT_EQ(stats.retries, 200u);
  EXPECT_EQ(stats.attempts(), 1200u);
  EXPECT_EQ(tool.calls(), 1200);
  EXPECT_GT(stats.budget_refusals, 0u);
}

TEST(retry, copies_share_the_budget) {
  auto how = plain(10);
  how.budget = {.share = 0.5, .per_second = 0};
  const retry shared{how, jumping_time()};
  pipeline one{shared};
  pipeline other{shared};
  flaky tool{1'000'000};
  for (int i = 0; i < 100; ++i) {
    EXPECT_FALSE(one.call(tool));
    EXPECT_FALSE(other.call(tool));
  }
  EXPECT_EQ(shared.stats().retries, 100u);
  EXPECT_EQ(shared.stats().calls, 200u);
}

TEST(retry, keeps_its_budget_under_threads) {
  auto how = plain(10);
  how.base = 0s;
  how.budget = {.share = 0.2, .per_second = 0, .burst = 1'000'000};
  const retry shared{how};
  {
    std::vector<std::jthread> all;
    for (int t = 0; t < 4; ++t)
      all.emplace_back([p = pipeline{shared}] {
        for (int i = 0; i < 1000; ++i)
          EXPECT_FALSE(
            p.call([]() -> test::answer { return make_unexpected(broken()); }));
      });
  }
  EXPECT_LE(shared.stats().retries, 800u);
  EXPECT_GE(shared.stats().retries, 799u);
}

RC_GTEST_PROP(retry, never_makes_more_attempts_than_it_may, ()) {
  auto how = plain(*rc::gen::inRange<std::uint32_t>(1, 20));
  how.multiplier = *rc::gen::inRange(100, 400) / 100.0;
  how.jitter = *rc::gen::arbitrary<bool>();
  const auto failures = *rc::gen::inRange(0, 30);
  pipeline p{retry{how, jumping_time()}};
  flaky tool{failures};
  const auto got = p.call(tool);
  RC_ASSERT(got.has_value() == (failures < static_cast<int>(how.max_attempts)));
  RC_ASSERT(tool.calls()
            == std::min(failures + 1, static_cast<int>(how.max_attempts)));
}

} // namespace

} // namespace switchgear::policy
