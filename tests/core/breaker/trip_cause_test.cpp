#include <gtest/gtest.h>

#include "switchgear/breaker/config.hpp"

namespace switchgear {

namespace {

trip_cause cause_of(reason why) {
  return {why, "connection refused", 5, 40, 22, 8, 1};
}

TEST(trip_cause, says_in_words_what_decided) {
  const config cfg{.failure_threshold = 5,
                   .failure_rate_threshold = 0.55,
                   .slow_call_rate_threshold = 0.2};
  const auto text = [&](reason why) { return cause_of(why).to_string(cfg); };
  EXPECT_EQ(text(reason::consecutive_failures),
            "5 failures in a row (threshold 5), last: connection refused");
  EXPECT_EQ(text(reason::failure_rate),
            "22 of the last 40 calls failed (55.0%, threshold 55.0%), last: "
            "connection refused");
  EXPECT_EQ(text(reason::slow_call_rate),
            "8 of the last 40 calls were slow (20.0%, threshold 20.0%), last: "
            "connection refused");
  EXPECT_EQ(text(reason::ready_to_trip),
            "ready_to_trip said so, last: connection refused");
  EXPECT_EQ(text(reason::probe_failed),
            "a probe failed, last: connection refused");
  EXPECT_EQ(text(reason::probe_slow), "a probe was slow");
  EXPECT_EQ(text(reason::probe_lost),
            "a probe did not return within its lease");
  EXPECT_EQ(text(reason::forced_open), "opened by hand");
}

TEST(trip_cause, without_the_text_of_a_failure_says_the_rest) {
  auto cause = cause_of(reason::consecutive_failures);
  cause.last_failure.clear();
  EXPECT_EQ(cause.to_string({}), "5 failures in a row (threshold 5)");
}

TEST(trip_cause, counts_one_failure_as_one) {
  const trip_cause cause{
    reason::consecutive_failures, "refused", 1, 1, 1, 0, 1};
  EXPECT_EQ(cause.to_string({.failure_threshold = 1}),
            "1 failure in a row (threshold 1), last: refused");
}

} // namespace

} // namespace switchgear
