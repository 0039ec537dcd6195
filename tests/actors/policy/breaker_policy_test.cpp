/// Breakers of a runtime among policies; what a tool asks for, all the way.

#include <gtest/gtest.h>

#include <memory>
#include <stdexcept>
#include <string>

#include "support/breakers.hpp"
#include "support/eventually.hpp"
#include "support/request.hpp"
#include "switchgear/actor.hpp"
#include "switchgear/policies.hpp"
#include "switchgear/switchgear.hpp"

using namespace std::chrono_literals;

namespace switchgear::test {

namespace {

failure asks(duration wait) {
  return failure::retry_later(errc::operation_failed, "HTTP 429", wait);
}

config opens_for_a_second() {
  return {
    .failure_threshold = 1, .open_timeout = 1s, .open_timeout_maximum = 100s};
}

TEST(breaker_policy, stands_in_a_pipeline_by_value) {
  runtime rt;
  auto db = rt.breaker("db", {.failure_threshold = 2});
  policy::pipeline p{policy::fallback{0}, db, policy::bulkhead{}};
  EXPECT_EQ(p.call([] { return 7; }), 7);
  for (int i = 0; i < 3; ++i)
    EXPECT_EQ(p.call([]() -> int { throw std::runtime_error{"refused"}; }), 0);
  EXPECT_EQ(db.state(), state::open);
  EXPECT_EQ(db.stats()->total_rejected, 1u);
}

TEST(breaker_policy, answers_unavailable_when_its_runtime_is_gone) {
  auto rt = std::make_unique<runtime>();
  policy::pipeline p{rt->breaker("db")};
  EXPECT_EQ(p.call([] { return 7; }), 7);
  rt.reset();
  EXPECT_EQ(p.call([] { return 7; }).error(), errc::unavailable);
}

TEST(retry_after, of_a_call_keeps_the_breaker_open) {
  runtime rt;
  auto llm = rt.breaker("llm", opens_for_a_second());
  EXPECT_FALSE(llm.call([]() -> int { throw asks(30s); }));
  EXPECT_EQ(llm.state(), state::open);
  const auto stats = llm.stats().value();
  EXPECT_GT(stats.retry_after, 20s);
  EXPECT_NE(stats.why.find("asked to be left alone for"), std::string::npos);
  const auto rejected = llm.call([] { return 7; });
  EXPECT_EQ(rejected.error(), errc::circuit_open);
  EXPECT_GT(rejected.error().retry_after(), 20s);
}

TEST(retry_after, of_a_call_message_keeps_the_breaker_open) {
  runtime rt;
  auto llm = rt.breaker("llm", opens_for_a_second());
  const auto got = request<int>(rt.system(), llm.actor(), call_v,
                                task{[]() -> expected<int, failure> {
                                  return make_unexpected(asks(30s));
                                }});
  const auto why = actor::to_failure(got.error());
  EXPECT_EQ(why.message(), "HTTP 429");
  EXPECT_EQ(why.retry_after(), 30s);
  EXPECT_GT(llm.stats()->retry_after, 20s);
}

TEST(retry_after, of_a_call_message_with_a_timeout_keeps_the_breaker_open) {
  runtime rt;
  auto cfg = opens_for_a_second();
  cfg.call_timeout = 1h; // by way of the courier
  auto llm = rt.breaker("llm", cfg);
  EXPECT_FALSE((request<int>(rt.system(), llm.actor(), call_v,
                             task{[]() -> int { throw asks(30s); }})));
  EXPECT_GT(llm.stats()->retry_after, 20s);
}

TEST(retry_after, of_a_report_message_keeps_the_breaker_open) {
  runtime rt;
  auto llm = rt.breaker("llm", opens_for_a_second());
  const auto given = request<permit>(rt.system(), llm.actor(), acquire_v);
  ASSERT_TRUE(given);
  EXPECT_TRUE(request<void>(rt.system(), llm.actor(), report_v, *given,
                            outcome::failure, duration{1ms},
                            std::string{"HTTP 429"}, duration{30s}));
  EXPECT_GT(llm.stats()->retry_after, 20s);
}

TEST(retry_after, of_an_admission_keeps_the_breaker_open) {
  runtime rt;
  auto llm = rt.breaker("llm", opens_for_a_second());
  llm.acquire().value().fail(asks(30s));
  EXPECT_GT(llm.stats()->retry_after, 20s);
}

} // namespace

} // namespace switchgear::test
