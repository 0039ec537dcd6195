#include "conformance/line_reader.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "conformance/scenario.hpp"

namespace switchgear::conformance {

namespace {

/// The error that `f` gives.
template <class F>
std::string error_of(F f) {
  try {
    f();
  } catch (const bad_scenario& ex) {
    return ex.what();
  }
  return "none";
}

std::string error_of_statem(const lines& scenario) {
  return error_of([&] { run_statem(scenario, driver::virtual_time); });
}

TEST(line_reader, reads_word_by_word) {
  line_reader in{1, "reply  @ x 20"};
  EXPECT_EQ(in.any("action"), "reply");
  EXPECT_TRUE(in.accept("@"));
  EXPECT_FALSE(in.accept("y"));
  EXPECT_EQ(in.name("reply"), "x");
  EXPECT_EQ(in.number("time", 0, 20), 20);
  EXPECT_TRUE(in.at_end());
  in.end();
}

TEST(line_reader, skips_comments) {
  EXPECT_TRUE((line_reader{1, "# cast x"}.at_end()));
  EXPECT_TRUE((line_reader{1, ""}.at_end()));
}

TEST(line_reader, names_the_line_and_what_is_allowed) {
  EXPECT_EQ(error_of([] {
              line_reader{7, "21"}.number("time", 0, 20);
            }),
            "line 7: time is '21'; allowed: 0 to 20");
  EXPECT_EQ(error_of([] {
              line_reader{7, "2x"}.number("time", 0, 20);
            }),
            "line 7: time is '2x'; allowed: 0 to 20");
  EXPECT_EQ(error_of([] {
              line_reader{7, "X"}.name("content");
            }),
            "line 7: content is 'X'; allowed: a-z, 0-9 and _");
  EXPECT_EQ(error_of([] {
              line_reader{7, ""}.name("content");
            }),
            "line 7: content is missing");
  EXPECT_EQ(error_of([] {
              line_reader{7, "of"}.one_of("x", {"on", "off"});
            }),
            "line 7: x is 'of'; allowed: on, off");
  EXPECT_EQ(error_of([] {
              line_reader{7, "more"}.end();
            }),
            "line 7: unexpected 'more'; allowed: the end of the line");
}

TEST(line_reader, statem_scenarios_are_checked) {
  EXPECT_EQ(
    error_of_statem({"init a", "", "# x", "rule i cast x -> stop", "run"}),
    "line 4: state is 'i'; allowed: a to h");
  EXPECT_EQ(error_of_statem({"init a", "rule a cast x -> stop ; reply"}),
            "line 2: id is missing");
  EXPECT_EQ(error_of_statem({"init a", "run", "wait 1s"}),
            "line 3: time is '1s'; allowed: 0 to 1000000000");
  EXPECT_EQ(error_of_statem({"init a", "run", "call 1 x", "call 1 y"}),
            "line 4: call id '1' was used before");
  EXPECT_EQ(error_of_statem({"init a"}),
            "line 1: the scenario ends before 'run'");
  EXPECT_THAT(error_of_statem({"run"}),
              testing::StartsWith("line 1: 'run' before an init; allowed: "));
  EXPECT_THAT(error_of_statem({"init a ; timeout abs5 x", "run"}),
              testing::StartsWith("line 1: time is 'abs5'"));
  EXPECT_THAT(error_of_statem({"init a", "rule a cast x -> stay", "run"}),
              testing::StartsWith("line 2: transition is 'stay'; allowed: "));
  EXPECT_THAT(error_of_statem({"init a", "run", "jump"}),
              testing::StartsWith("line 3: step is 'jump'; allowed: cast, "));
}

} // namespace

} // namespace switchgear::conformance
