#include "log.hpp"

#include <gtest/gtest.h>

#include "support/captured_log.hpp"

namespace switchgear::log {

namespace {

// Names of tools and texts of errors come from anywhere; no terminal is to obey
// them, and nobody is to write lines of his own.
TEST(log, writes_lines_whatever_they_are_made_of) {
  test::captured_log log;
  debug("a\nb");
  info("\x1b[2J");
  warn("\u009b2J");
  error("\xff");
  EXPECT_EQ(log.text(), "debug a?b\ninfo ?[2J\nwarning ?2J\nerror \\xff\n");
}

TEST(log, takes_no_text_for_a_format) {
  test::captured_log log;
  info("{} {0}");
  EXPECT_EQ(log.text(), "info {} {0}\n");
}

} // namespace

} // namespace switchgear::log
