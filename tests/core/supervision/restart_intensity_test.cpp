#include "switchgear/supervision/restart_intensity.hpp"

#include <gtest/gtest.h>

namespace switchgear::supervision {

namespace {

using namespace std::chrono_literals;

constexpr auto start = time_point{1h};

TEST(restart_intensity, allows_as_many_as_it_says) {
  restart_intensity x{2, 5s};
  EXPECT_TRUE(x.add(start));
  EXPECT_TRUE(x.add(start));
  EXPECT_FALSE(x.add(start));
}

TEST(restart_intensity, zero_allows_none) {
  restart_intensity x{0, 5s};
  EXPECT_FALSE(x.add(start));
}

TEST(restart_intensity, one_that_is_exactly_as_old_as_the_period_counts) {
  restart_intensity x{1, 5s};
  EXPECT_TRUE(x.add(start));
  EXPECT_FALSE(x.add(start + 5s));
}

TEST(restart_intensity, one_that_is_older_does_not) {
  restart_intensity x{1, 5s};
  EXPECT_TRUE(x.add(start));
  EXPECT_TRUE(x.add(start + 5s + 1ns));
}

TEST(restart_intensity, the_period_slides) {
  restart_intensity x{2, 5s};
  EXPECT_TRUE(x.add(start));
  EXPECT_TRUE(x.add(start + 4s));
  EXPECT_TRUE(x.add(start + 6s)); // the first is forgotten
  EXPECT_FALSE(x.add(start + 9s));
}

TEST(restart_intensity, an_infinite_period_forgets_nothing) {
  restart_intensity x{1, infinity};
  EXPECT_TRUE(x.add(start));
  EXPECT_FALSE(x.add(start + 10000h));
}

} // namespace

} // namespace switchgear::supervision
