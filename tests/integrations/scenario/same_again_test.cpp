/// Chaos can be had again: the same seed, and calls one after the other, give
/// the same faults and the same outcomes.

#include <gmock/gmock.h>

#include <string>
#include <vector>

#include "protected_tool.hpp"
#include "switchgear/test_kit/virtual_time.hpp"

namespace switchgear::test {

namespace {

using namespace std::chrono_literals;
using chaos::fault;
using testing::Contains;
using testing::HasSubstr;

using log = std::vector<std::string>;

protection plan(std::uint64_t seed) {
  protection result;
  result.seed = seed;
  result.time = std::make_shared<test_kit::virtual_time>();
  result.retry = {.max_attempts = 2, .seed = seed};
  result.rate_limit = {.permits = 10, .burst = 5, .max_wait = 10s};
  result.breaker.failure_threshold = 3;
  result.breaker.open_timeout = 1h; // it probes when the test says so
  result.breaker.success_threshold = 1;
  // In virtual time it can only judge.
  result.timeout = {.limit = 2s, .inline_only = true};
  return result;
}

std::string describe(const chaos::tool_counts& x) {
  return std::to_string(x.delayed) + " delayed, " + std::to_string(x.failed)
         + " failed, " + std::to_string(x.hung) + " hung, "
         + std::to_string(x.crashed) + " crashed";
}

/// What has happened to each of some hundred calls, and after it.
log run(std::uint64_t seed) {
  protected_tool world{plan(seed)};
  const auto& monkey = world.monkey;
  monkey.inject(fault::latency, {.latency = 1s, .rate = 0.1});
  monkey.inject(fault::error, {.rate = 0.1});
  monkey.inject(fault::hang, {.hang_limit = 30s, .rate = 0.1});
  monkey.inject(fault::crash, {.rate = 0.1});
  log result;
  for (int i = 0; i < 600; ++i) {
    if (i == 200)
      world.server.behave("status 503\tRetry-After: 1");
    if (i == 280)
      world.server.behave("healthy");
    if (i % 50 == 0) {
      static_cast<void>(world.tool.reset());
    } else if (i % 10 == 0 && world.tool.state() == state::open) {
      // Probes at once.
      static_cast<void>(world.tool.isolate());
      static_cast<void>(world.tool.automatic());
    }
    const auto got = world.call('/' + std::to_string(i));
    result.push_back((got ? *got : got.error().to_string()) + "; "
                     + std::string{to_string(world.tool.state())} + "; "
                     + describe(monkey.stats()["tool"]));
  }
  result.push_back(std::to_string(world.seen->requests) + " requests");
  return result;
}

class same_again : public testing::TestWithParam<std::uint64_t> {};

TEST_P(same_again, with_the_same_seed) {
  const auto first = run(GetParam());
  EXPECT_EQ(run(GetParam()), first);
  EXPECT_NE(run(GetParam() + 1), first);
  for (const auto* what :
       {"GET", protected_tool::instead, "operation_failed: HTTP 503",
        "chaos: tool fails", "crashed", "no result within", "; open;"})
    EXPECT_THAT(first, Contains(HasSubstr(what)));
}

INSTANTIATE_TEST_SUITE_P(seeds, same_again, testing::Values(1u, 7u, 2024u));

} // namespace

} // namespace switchgear::test
