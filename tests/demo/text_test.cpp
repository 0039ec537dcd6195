#include "text.hpp"

#include <gtest/gtest.h>

using namespace demo;
using namespace std::chrono_literals;

TEST(text, width_counts_columns) {
  EXPECT_EQ(display_width(""), 0u);
  EXPECT_EQ(display_width("database"), 8u);
  EXPECT_EQ(display_width("●╱ ●"), 4u);
  EXPECT_EQ(display_width("データ"), 6u);
  EXPECT_EQ(display_width("e\u0301"), 1u); // a combining accent
  EXPECT_EQ(display_width("🔥"), 2u);
  EXPECT_EQ(display_width("\xff\xc3"), 2u); // not UTF-8
}

TEST(text, printable_lets_nothing_move_the_cursor) {
  EXPECT_EQ(printable("a\x1b[2Jb\n\x7f", true), "a?[2Jb??");
  EXPECT_EQ(printable("\u009b31m", true), "?31m"); // CSI in one character
  EXPECT_EQ(printable("a\u202eb", true), "a?b");   // right to left
  EXPECT_EQ(printable("\xff ok", true), "? ok");
  EXPECT_EQ(printable("\xed\xa0\x80", true), "???"); // a surrogate
  EXPECT_EQ(printable("\xc0\xaf", true), "??");      // longer than need be
}

TEST(text, printable_in_ascii) {
  EXPECT_EQ(printable("größe", true), "größe");
  EXPECT_EQ(printable("größe", false), "gr??e");
}

TEST(text, shorten_keeps_within_the_columns) {
  EXPECT_EQ(shorten("payments", 8, "…"), "payments");
  EXPECT_EQ(shorten("payments", 7, "…"), "paymen…");
  EXPECT_EQ(shorten("payments", 7, ""), "payment");
  EXPECT_EQ(shorten("payments", 0, "…"), "");
  // A wide character is not cut in two.
  EXPECT_EQ(shorten("データ", 4, "…"), "デ…");
}

TEST(text, brief_durations) {
  EXPECT_EQ(brief(420ns), "420 ns");
  EXPECT_EQ(brief(12us), "12 us");
  EXPECT_EQ(brief(3140us), "3.1 ms");
  EXPECT_EQ(brief(42ms), "42 ms");
  EXPECT_EQ(brief(999600us), "1.0 s");
  EXPECT_EQ(brief(2s), "2.0 s");
  EXPECT_EQ(brief(180s), "3 min");
  EXPECT_EQ(brief(7200s), "2 h");
  EXPECT_EQ(brief(switchgear::duration{-1}), "0 us");
}

TEST(text, countdown_keeps_its_length) {
  EXPECT_EQ(countdown(400ms), "0.4 s");
  EXPECT_EQ(countdown(9900ms), "9.9 s");
  EXPECT_EQ(countdown(12s), "12 s");
  EXPECT_EQ(countdown(-1s), "0.0 s");
  EXPECT_EQ(countdown(30min), "30 min");
}

TEST(text, brief_counts) {
  EXPECT_EQ(brief(std::size_t{0}), "0");
  EXPECT_EQ(brief(std::size_t{999}), "999");
  EXPECT_EQ(brief(std::size_t{1523}), "1,523");
  EXPECT_EQ(brief(std::size_t{999999}), "999,999");
  EXPECT_EQ(brief(std::size_t{12345678}), "12.3M");
}
