#include "switchgear/supervision/options.hpp"

#include <gtest/gtest.h>

namespace switchgear::supervision {

namespace {

using namespace std::chrono_literals;

child_spec<int> child(std::string id) {
  return {std::move(id), [] { return 1; }, {}, {}, {}};
}

TEST(supervision_check, accepts_the_defaults) {
  EXPECT_EQ(check(supervisor_options{}, std::vector{child("a"), child("b")}),
            std::nullopt);
}

TEST(supervision_check, wants_ids) {
  EXPECT_EQ(check(child("")),
            "child id \"\" is empty, but must have at least one character");
  EXPECT_EQ(check(supervisor_options{}, std::vector{child("a"), child("a")}),
            "child id \"a\" appears twice, but must be unique within its "
            "supervisor");
}

TEST(supervision_check, wants_a_start_function) {
  auto x = child("a");
  x.start = nullptr;
  EXPECT_EQ(check(x), "child \"a\": start is empty, but must be a function");
}

TEST(supervision_check, wants_a_shutdown_time_that_is_not_negative) {
  auto x = child("a");
  x.shutdown = -1ms;
  EXPECT_EQ(check(x), "child \"a\": shutdown is -1 ms, but must be 0 ms or "
                      "more, infinity, or brutal_kill");
  x.shutdown = 0ms;
  EXPECT_EQ(check(x), std::nullopt);
  x.shutdown = infinity;
  EXPECT_EQ(check(x), std::nullopt);
  x.shutdown = brutal_kill;
  EXPECT_EQ(check(x), std::nullopt);
}

TEST(supervision_check, wants_an_intensity_that_is_not_negative) {
  supervisor_options options;
  options.intensity = -1;
  EXPECT_EQ(check(options), "intensity is -1, but must be 0 or more");
  options.intensity = 0;
  EXPECT_EQ(check(options), std::nullopt);
}

TEST(supervision_check, wants_a_period_above_zero) {
  supervisor_options options;
  options.period = -5s;
  EXPECT_EQ(check(options), "period is -5000 ms, but must be above 0 ms");
  options.period = 0s;
  EXPECT_EQ(check(options), "period is 0 ms, but must be above 0 ms");
  options.period = infinity;
  EXPECT_EQ(check(options), std::nullopt);
}

TEST(shutdown_time, defaults_by_type) {
  EXPECT_EQ(shutdown_time{}.limit(child_type::worker), 5s);
  EXPECT_EQ(shutdown_time{}.limit(child_type::supervisor), infinity);
  EXPECT_EQ(shutdown_time{100ms}.limit(child_type::supervisor), 100ms);
  EXPECT_FALSE(shutdown_time{0ms}.is_brutal());
  EXPECT_TRUE(shutdown_time{brutal_kill}.is_brutal());
}

} // namespace

} // namespace switchgear::supervision
