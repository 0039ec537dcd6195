#include "one_line.hpp"

#include <gtest/gtest.h>

#include <string>

namespace switchgear {

namespace {

TEST(one_line, leaves_what_is_shown) {
  for (const std::string text : {"", "database", "a b/c?", "naïve", "数据库",
                                 "🔥", "\u00a0", "\u2027", "\u202a", "\u00ff"})
    EXPECT_EQ(one_line(text), text);
}

TEST(one_line, writes_out_what_is_no_text) {
  EXPECT_EQ(one_line("a\xff\xc3"), "a\\xff\\xc3");
}

TEST(one_line, obeys_nobody) {
  EXPECT_EQ(one_line("a\nb\r\nc\td"), "a?b??c?d");
  EXPECT_EQ(one_line("\x1b[31m\x7f"), "?[31m?");
  EXPECT_EQ(one_line(std::string_view{"\0", 1}), "?");
  EXPECT_EQ(one_line("\u0080\u0085\u009b2J\u009f"), "???2J?");
  EXPECT_EQ(one_line("a\u2028b\u2029c"), "a?b?c");
}

} // namespace

} // namespace switchgear
