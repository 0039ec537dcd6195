#include "switchgear/statem/exit_reason.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <stdexcept>

namespace switchgear::statem::test {

namespace {

TEST(exit_reason, has_one_text_for_each_kind) {
  EXPECT_EQ(exit_reason::normal().to_string(), "normal");
  EXPECT_EQ(exit_reason::shutdown().to_string(), "shutdown");
  EXPECT_EQ(exit_reason::shutdown("why").to_string(), "shutdown:why");
  EXPECT_EQ(exit_reason::stopped("done").to_string(), "done");
  EXPECT_EQ(exit_reason::error("boom").to_string(), "error:boom");
  EXPECT_EQ(exit_reason::killed().to_string(), "killed");
}

TEST(exit_reason, only_normal_and_shutdown_are_orderly) {
  EXPECT_TRUE(exit_reason::normal().orderly());
  EXPECT_TRUE(exit_reason::shutdown().orderly());
  EXPECT_TRUE(exit_reason::shutdown("why").orderly());
  EXPECT_FALSE(exit_reason::stopped("done").orderly());
  EXPECT_FALSE(exit_reason::error("boom").orderly());
  EXPECT_FALSE(exit_reason::killed().orderly());
}

TEST(exit_reason, compares_without_the_cause) {
  const auto cause = std::make_exception_ptr(std::runtime_error{"boom"});
  EXPECT_EQ(exit_reason::error("boom", cause), exit_reason::error("boom"));
  EXPECT_NE(exit_reason::error("boom"), exit_reason::error("bang"));
  EXPECT_NE(exit_reason::error("boom"), exit_reason::stopped("boom"));
}

RC_GTEST_PROP(exit_reason, text_reads_back_as_itself, (std::string detail)) {
  for (const auto& why : {exit_reason::normal(), exit_reason::shutdown(),
                          exit_reason::shutdown(detail),
                          exit_reason::error(detail), exit_reason::killed()})
    RC_ASSERT(exit_reason::parse(why.to_string()) == why);
}

RC_GTEST_PROP(exit_reason, any_text_reads_as_a_reason_with_that_text,
              (std::string text)) {
  RC_ASSERT(exit_reason::parse(text).to_string() == text);
}

} // namespace

} // namespace switchgear::statem::test
