#include "admin/history.hpp"

#include <gmock/gmock.h>

#include <chrono>
#include <string>
#include <vector>

using namespace std::chrono_literals;

namespace switchgear::admin {

namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr wall_time epoch{std::chrono::hours{24 * 20'000}};

class admin_history : public testing::Test {
protected:
  admin_history() {
    tool.name = "t";
    tool.created = epoch - 1h;
  }

  void look_at(const std::vector<statistics>& all, duration later = 1s) {
    at += later;
    now += later;
    tested.look(all, now, at);
  }

  void look(duration later = 1s) {
    look_at({tool}, later);
  }

  void calls(std::uint64_t successes, std::uint64_t failures = 0,
             std::size_t bucket = 0) {
    tool.total_successes += successes;
    tool.total_failures += failures;
    tool.durations.buckets.at(bucket) += successes + failures;
    tool.durations.sum += 2ms * (successes + failures);
  }

  std::vector<sample> samples() {
    return tested.past_of("t").samples;
  }

  std::optional<sample> latest() {
    return tested.latest({&tool, 1}).front();
  }

  statistics tool;
  time_point now{1h};
  wall_time at = epoch;
  history tested{5, now, at};
};

TEST_F(admin_history, knows_nothing_at_first) {
  EXPECT_FALSE(latest());
  EXPECT_THAT(samples(), IsEmpty());
  EXPECT_THAT(tested.past_of("t").failures, IsEmpty());
}

// What was before it began is none of what happened since.
TEST_F(admin_history, begins_with_the_first_look) {
  calls(1000, 50);
  look();
  EXPECT_FALSE(latest());
  look();
  ASSERT_TRUE(latest());
  EXPECT_TRUE(latest()->empty());
  EXPECT_THAT(samples(), IsEmpty());
}

TEST_F(admin_history, counts_what_happened_between_looks) {
  look();
  calls(3, 1);
  tool.total_rejected += 2;
  look(1500ms);
  ASSERT_EQ(samples().size(), 1u);
  const auto got = samples().front();
  EXPECT_EQ(got.successes, 3u);
  EXPECT_EQ(got.failures, 1u);
  EXPECT_EQ(got.rejections, 2u);
  EXPECT_EQ(got.span_ms, 1500u);
  EXPECT_EQ(got.at, at);
  EXPECT_FLOAT_EQ(got.mean_ms, 2);
  EXPECT_EQ(latest()->successes, 3u);
  look();
  EXPECT_TRUE(latest()->empty());
  EXPECT_EQ(samples().size(), 1u);
}

TEST_F(admin_history, says_nothing_of_durations_that_are_not_measured) {
  look();
  tool.total_successes += 3;
  look();
  EXPECT_LT(samples().front().mean_ms, 0);
  EXPECT_LT(samples().front().p95_ms, 0);
}

TEST_F(admin_history, estimates_durations_of_the_step_alone) {
  calls(1000, 0, 14);
  look();
  calls(100, 0, 1); // 1 to 5 ms
  look();
  EXPECT_FLOAT_EQ(latest()->p95_ms, 1 + 4 * 0.95F);
}

TEST_F(admin_history, keeps_so_many_samples) {
  look();
  for (int i = 1; i <= 20; ++i) {
    calls(static_cast<std::uint64_t>(i));
    look(100ms);
  }
  std::vector<std::uint32_t> counts;
  for (const auto& each : samples())
    counts.push_back(each.successes);
  EXPECT_THAT(counts, ElementsAre(16, 17, 18, 19, 20));
}

TEST_F(admin_history, keeps_samples_for_so_long) {
  look();
  calls(1);
  look();
  for (int i = 0; i < 5; ++i) {
    EXPECT_EQ(samples().size(), 1u) << i;
    look();
  }
  look();
  EXPECT_THAT(samples(), IsEmpty());
}

TEST_F(admin_history, of_no_length_keeps_none) {
  history none{0, now, at};
  none.look({&tool, 1}, now, at);
  calls(5);
  none.look({&tool, 1}, now + 1s, at + 1s);
  EXPECT_THAT(none.past_of("t").samples, IsEmpty());
  EXPECT_EQ(none.latest({&tool, 1}).front()->successes, 5u);
}

TEST_F(admin_history, has_all_calls_of_breakers_that_are_made_at_once) {
  tool.created = at;
  calls(7, 2);
  look();
  ASSERT_EQ(samples().size(), 1u);
  EXPECT_EQ(samples().front().successes, 7u);
  EXPECT_EQ(samples().front().span_ms, 1000u);
}

TEST_F(admin_history, has_the_first_calls_of_a_breaker) {
  look_at({});
  tool.created = at + 200ms;
  calls(7, 2);
  look();
  ASSERT_EQ(samples().size(), 1u);
  EXPECT_EQ(samples().front().successes, 7u);
  EXPECT_EQ(samples().front().failures, 2u);
  EXPECT_EQ(samples().front().span_ms, 1000u);
  EXPECT_FLOAT_EQ(samples().front().mean_ms, 2);
  calls(1);
  look();
  EXPECT_EQ(samples().back().successes, 1u);
}

// One that failed is known before it is looked at.
TEST_F(admin_history, has_the_first_calls_of_a_breaker_that_failed) {
  look_at({});
  telemetry::event failed;
  failed.breaker = "t";
  tested.note(failed);
  tool.created = at + 200ms;
  calls(0, 1);
  look();
  EXPECT_EQ(samples().front().failures, 1u);
  EXPECT_EQ(tested.past_of("t").failures.size(), 1u);
}

TEST_F(admin_history, begins_anew_with_a_breaker_that_is_made_anew) {
  calls(10, 10, 3);
  look();
  for (const std::uint64_t count : {3U, 50U}) { // fewer and more than before
    tool = {};
    tool.name = "t";
    tool.created = at + 100ms;
    calls(count, count, 2);
    tool.total_rejected = count;
    look();
    const auto got = samples().back();
    EXPECT_EQ(got.successes, count);
    EXPECT_EQ(got.failures, count);
    EXPECT_EQ(got.rejections, count);
    EXPECT_FLOAT_EQ(got.mean_ms, 2);
    EXPECT_FLOAT_EQ(got.p95_ms, 5 + 5 * 0.95F);
  }
}

TEST_F(admin_history, takes_no_count_for_one_that_went_down) {
  calls(10, 10);
  tool.total_rejected = 5;
  look();
  tool.total_successes = 4;
  tool.total_failures = 12;
  tool.durations.buckets = {};
  look();
  EXPECT_EQ(samples().back().successes, 0u);
  EXPECT_EQ(samples().back().failures, 2u);
  EXPECT_EQ(samples().back().rejections, 0u);
  EXPECT_LT(samples().back().p95_ms, 0);
}

TEST_F(admin_history, counts_no_further_than_it_can) {
  look();
  calls(0x1'0000'0005U);
  look();
  EXPECT_EQ(samples().back().successes, 0xffff'ffffU);
}

TEST_F(admin_history, does_not_mind_a_clock_that_is_set_back) {
  look();
  calls(1);
  look();
  at -= 1h;
  calls(2);
  look();
  EXPECT_EQ(latest()->successes, 2u);
  EXPECT_EQ(latest()->span_ms, 1000u);
  at += 2h;
  look();
  EXPECT_THAT(samples(), IsEmpty());
}

TEST_F(admin_history, forgets_what_is_gone) {
  look();
  calls(1);
  telemetry::event failed;
  failed.breaker = "t";
  tested.note(failed);
  look();
  EXPECT_EQ(samples().size(), 1u);
  look_at({});
  EXPECT_THAT(samples(), IsEmpty());
  EXPECT_THAT(tested.past_of("t").failures, IsEmpty());
  EXPECT_FALSE(latest());
  // It may have been made while somebody looked.
  tested.note(failed);
  look_at({});
  EXPECT_EQ(tested.past_of("t").failures.size(), 1u);
  look_at({});
  EXPECT_THAT(tested.past_of("t").failures, IsEmpty());
}

TEST_F(admin_history, keeps_the_last_failures) {
  for (std::uint64_t i = 1; i <= 25; ++i) {
    telemetry::event failed;
    failed.breaker = "t";
    failed.sequence = i;
    failed.how = outcome::timeout;
    failed.error_type = "type";
    failed.text = "text";
    failed.latency = 3ms;
    failed.when = epoch;
    tested.note(failed);
  }
  const auto got = tested.past_of("t").failures;
  ASSERT_EQ(got.size(), 20u);
  EXPECT_EQ(got.front().sequence, 25u);
  EXPECT_EQ(got.back().sequence, 6u);
  EXPECT_EQ(got.front().how, outcome::timeout);
  EXPECT_EQ(got.front().type, "type");
  EXPECT_EQ(got.front().message, "text");
  EXPECT_EQ(got.front().took, 3ms);
  EXPECT_EQ(got.front().at, epoch);
  EXPECT_THAT(tested.past_of("other").failures, IsEmpty());
}

TEST_F(admin_history, tells_the_latest_in_the_order_it_is_asked) {
  auto other = tool;
  other.name = "u";
  look_at({tool, other});
  calls(1);
  other.total_successes = 2;
  look_at({tool, other});
  statistics unknown;
  const auto got = tested.latest(std::vector{other, unknown, tool});
  ASSERT_EQ(got.size(), 3u);
  EXPECT_EQ(got[0]->successes, 2u);
  EXPECT_FALSE(got[1]);
  EXPECT_EQ(got[2]->successes, 1u);
}

TEST(quantile_ms, is_none_of_nothing) {
  EXPECT_EQ(quantile_ms({}, 0.95), std::nullopt);
}

TEST(quantile_ms, lies_within_its_bucket) {
  std::array<std::uint64_t, call_durations::bucket_count> buckets{};
  buckets[0] = 50;
  buckets[2] = 50; // 5 to 10 ms
  EXPECT_DOUBLE_EQ(*quantile_ms(buckets, 0.5), 1);
  EXPECT_DOUBLE_EQ(*quantile_ms(buckets, 0.25), 0.5);
  EXPECT_DOUBLE_EQ(*quantile_ms(buckets, 0.75), 7.5);
  EXPECT_DOUBLE_EQ(*quantile_ms(buckets, 1), 10);
  buckets = {};
  buckets[14] = 1; // longer than all bounds
  EXPECT_DOUBLE_EQ(*quantile_ms(buckets, 0.95), 60'000);
}

} // namespace

} // namespace switchgear::admin
