/// Options that are not allowed are refused, with the policy, the field, the
/// value and what is allowed.

#include <gmock/gmock.h>

#include <functional>
#include <string>

#include "support/policies.hpp"
#include "switchgear/setup_error.hpp"

using namespace std::chrono_literals;
using testing::IsEmpty;

namespace switchgear::policy {

namespace {

// What making it says.
std::string refusal(const std::function<void()>& make) {
  try {
    make();
  } catch (const setup_error& ex) {
    EXPECT_EQ(ex.code(), errc::invalid_config);
    return ex.what();
  }
  return "nothing";
}

template <class P, class O>
std::string refused(O how) {
  EXPECT_FALSE(validate(how).empty());
  return refusal([&] { P{how}; });
}

TEST(policy_options, the_defaults_are_allowed) {
  EXPECT_THAT(validate(budget_options{}), IsEmpty());
  EXPECT_THAT(validate(bulkhead_options{}), IsEmpty());
  EXPECT_THAT(validate(hedge_options{}), IsEmpty());
  EXPECT_THAT(validate(rate_limit_options{}), IsEmpty());
  EXPECT_THAT(validate(retry_options{}), IsEmpty());
  EXPECT_THAT(validate(timeout_options{}), IsEmpty());
}

TEST(policy_options, of_retry) {
  const auto bad = [](auto change) {
    retry_options how;
    change(how);
    return refused<retry>(how);
  };
  EXPECT_EQ(bad([](auto& x) { x.max_attempts = 0; }),
            "retry: max_attempts = 0: must be 1 to 1000");
  EXPECT_EQ(bad([](auto& x) { x.base = -1ms; }),
            "retry: base = -1 ms: must be 0 to 24 h");
  EXPECT_EQ(bad([](auto& x) { x.multiplier = 0.5; }),
            "retry: multiplier = 0.5: must be 1 to 100");
  EXPECT_EQ(bad([](auto& x) { x.maximum = 1ms; }),
            "retry: maximum = 1 ms: must be base to 24 h");
  EXPECT_EQ(bad([](auto& x) { x.max_wait = -1s; }),
            "retry: max_wait = -1000 ms: must be 0 to 30 days");
  EXPECT_EQ(bad([](auto& x) { x.total = -1s; }),
            "retry: total = -1000 ms: must be 0 (no limit) to 30 days");
  EXPECT_EQ(bad([](auto& x) { x.budget.share = 11; }),
            "retry: budget.share = 11: must be 0 to 10");
}

TEST(policy_options, of_a_budget) {
  EXPECT_EQ(refused<budget>(budget_options{.share = -0.1}),
            "budget: share = -0.1: must be 0 to 10");
  EXPECT_EQ(refused<budget>(budget_options{.per_second = 1'000'001}),
            "budget: per_second = 1000001: must be 0 to 1000000");
  EXPECT_EQ(refused<budget>(budget_options{.burst = 0}),
            "budget: burst = 0: must be 1 to 1000000");
}

TEST(policy_options, of_a_rate_limit) {
  EXPECT_EQ(refused<rate_limit>(rate_limit_options{.permits = 0}),
            "rate_limit: permits = 0: must be 1 to 1000000");
  EXPECT_EQ(refused<rate_limit>(rate_limit_options{.period = 0s}),
            "rate_limit: period = 0 ms: must be 1 us to 24 h");
  EXPECT_EQ(refused<rate_limit>(rate_limit_options{.burst = 2'000'000}),
            "rate_limit: burst = 2000000: must be 0 (permits), or 1 to "
            "1000000");
  EXPECT_EQ(refused<rate_limit>(rate_limit_options{.max_wait = -1s}),
            "rate_limit: max_wait = -1000 ms: must be 0 (no wait) to 24 h");
}

TEST(policy_options, of_a_bulkhead) {
  EXPECT_EQ(refused<bulkhead>(bulkhead_options{.concurrency = 0}),
            "bulkhead: concurrency = 0: must be 1 to 1000000");
  EXPECT_EQ(refused<bulkhead>(bulkhead_options{.queue = 1}),
            "bulkhead: max_wait = 0 ms: must be above 0, to 24 h, where queue "
            "is set");
  EXPECT_EQ(refused<bulkhead>(bulkhead_options{.max_wait = 1s}),
            "bulkhead: max_wait = 1000 ms: must be 0 where queue is not set");
}

TEST(policy_options, of_a_timeout) {
  EXPECT_EQ(refused<timeout>(timeout_options{.limit = 0s}),
            "timeout: limit = 0 ms: must be 1 us to 24 h");
  EXPECT_EQ(refused<timeout>(timeout_options{.workers = 0}),
            "timeout: workers = 0: must be 1 to 10000; max_abandoned = 16: "
            "must be 1 to workers");
  EXPECT_EQ(refused<timeout>(timeout_options{.max_abandoned = 65}),
            "timeout: max_abandoned = 65: must be 1 to workers");
  EXPECT_EQ(refusal([] { timeout{-1s}; }),
            "timeout: limit = -1000 ms: must be 1 us to 24 h");
}

TEST(policy_options, of_a_hedge) {
  const auto bad = [](auto change) {
    hedge_options how;
    change(how);
    return refused<hedge>(how);
  };
  EXPECT_EQ(bad([](auto& x) { x.delay = -1s; }),
            "hedge: delay = -1000 ms: must be 0 to 24 h");
  EXPECT_EQ(bad([](auto& x) { x.max_attempts = 1; }),
            "hedge: max_attempts = 1: must be 2 to 16");
  EXPECT_EQ(bad([](auto& x) { x.workers = 0; }),
            "hedge: workers = 0: must be 1 to 10000");
  EXPECT_EQ(bad([](auto& x) { x.budget.burst = 0; }),
            "hedge: budget.burst = 0: must be 1 to 1000000");
}

} // namespace

} // namespace switchgear::policy
