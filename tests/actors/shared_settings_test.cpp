#include "../../actors/shared_settings.hpp"

#include <gtest/gtest.h>

namespace switchgear::test {

namespace {

config numbered(std::uint32_t x) {
  config cfg;
  cfg.failure_threshold = x;
  return cfg;
}

TEST(shared_settings, equal_ones_are_one) {
  shared_settings known;
  const auto one = known.get(numbered(1)).value();
  EXPECT_EQ(*one, numbered(1));
  EXPECT_NE(known.get(numbered(2)).value(), one);
  EXPECT_EQ(known.get(numbered(1)).value(), one);
}

TEST(shared_settings, says_what_is_wrong) {
  shared_settings known;
  for (int i = 0; i < 2; ++i) { // the second time, too
    const auto got = known.get(numbered(0));
    ASSERT_FALSE(got);
    EXPECT_EQ(got.error().at(0).field, "failure_threshold");
  }
}

TEST(shared_settings, remembers_those_in_use) {
  shared_settings known;
  const auto one = known.get(numbered(1)).value();
  for (std::uint32_t x = 2; x < 100; ++x) {
    ASSERT_EQ(*known.get(numbered(x)).value(), numbered(x));
    ASSERT_EQ(known.get(numbered(1)).value(), one);
  }
}

} // namespace

} // namespace switchgear::test
