#include "switchgear/detail/utf8.hpp"

#include <gtest/gtest.h>

using namespace std::string_literals;

namespace switchgear::detail {

namespace {

TEST(utf8, stays_as_it_is) {
  for (const auto& text : {""s, "tool"s, "\0\x1f\x7f"s, "\xc2\x80\xdf\xbf"s,
                           "\xe0\xa0\x80\xed\x9f\xbf\xee\x80\x80\xef\xbf\xbf"s,
                           "\xf0\x90\x80\x80\xf4\x8f\xbf\xbf"s})
    EXPECT_EQ(to_utf8(text), text);
}

TEST(utf8, anything_else_is_written_out) {
  EXPECT_EQ(to_utf8("a\xff"
                    "b"),
            "a\\xffb");
  EXPECT_EQ(to_utf8("\x80"), "\\x80");          // goes on with nothing
  EXPECT_EQ(to_utf8("\xc3"), "\\xc3");          // cut short
  EXPECT_EQ(to_utf8("\xe2\x82"), "\\xe2\\x82"); // cut short
  EXPECT_EQ(to_utf8("\xe2\x82"
                    "A"),
            "\\xe2\\x82"
            "A");                                        // not gone on with
  EXPECT_EQ(to_utf8("\xc1\xbf"), "\\xc1\\xbf");          // too long a form
  EXPECT_EQ(to_utf8("\xe0\x9f\xbf"), "\\xe0\\x9f\\xbf"); // too long a form
  EXPECT_EQ(to_utf8("\xf0\x8f\xbf\xbf"), "\\xf0\\x8f\\xbf\\xbf");
  EXPECT_EQ(to_utf8("\xed\xa0\x80"), "\\xed\\xa0\\x80");          // a surrogate
  EXPECT_EQ(to_utf8("\xf4\x90\x80\x80"), "\\xf4\\x90\\x80\\x80"); // beyond
  EXPECT_EQ(to_utf8("\xc3\xc3\xa4"), "\\xc3\xc3\xa4");            // begins anew
}

} // namespace

} // namespace switchgear::detail
