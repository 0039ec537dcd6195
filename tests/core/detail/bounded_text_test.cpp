#include "switchgear/detail/bounded_text.hpp"

#include <gtest/gtest.h>

#include <string>

namespace switchgear::detail {

namespace {

using text = bounded_text<10>;

TEST(bounded_text, keeps_what_fits) {
  EXPECT_EQ(text{}.view(), "");
  EXPECT_TRUE(text{}.empty());
  EXPECT_EQ(text{"refused"}.view(), "refused");
  EXPECT_EQ(text{std::string(10, 'x')}.view(), std::string(10, 'x'));
}

TEST(bounded_text, says_that_something_is_missing) {
  EXPECT_EQ(text{"0123456789a"}.view(), "0123456...");
  EXPECT_EQ(text{std::string(1000, 'x')}.view(), "xxxxxxx...");
}

TEST(bounded_text, cuts_between_characters) {
  EXPECT_EQ(text{"12345\xc3\xa4\xc3\xb6\xc3\xbc"}.view(), "12345\xc3\xa4...");
  EXPECT_EQ(text{"123456\xc3\xa4\xc3\xb6\xc3\xbc"}.view(), "123456...");
  EXPECT_EQ(text{"1234\xf0\x9f\x94\x8c\xf0\x9f\x94\x8c"}.view(), "1234...");
}

TEST(bounded_text, is_copied) {
  const text long_one{"0123456789a"};
  text copy{long_one};
  EXPECT_EQ(copy.view(), long_one.view());
  copy = text{"short"};
  EXPECT_EQ(copy.view(), "short");
}

} // namespace

} // namespace switchgear::detail
