#include "command.hpp"

#include <gmock/gmock.h>

using namespace demo;
using testing::HasSubstr;

namespace {

const std::vector<std::string> tools{"database", "search"};

command understood(std::string_view line) {
  const auto result = parse(line, tools);
  EXPECT_TRUE(std::holds_alternative<command>(result)) << line;
  return std::get<command>(result);
}

std::string complaint(std::string_view line) {
  const auto result = parse(line, tools);
  EXPECT_TRUE(std::holds_alternative<misunderstanding>(result)) << line;
  return std::get<misunderstanding>(result).text;
}

chaos_order ordered(std::string_view line) {
  const auto result = parse(line, tools);
  EXPECT_TRUE(std::holds_alternative<chaos_order>(result)) << line;
  return std::get<chaos_order>(result);
}

request asked(std::string_view line) {
  const auto result = parse(line, tools);
  EXPECT_TRUE(std::holds_alternative<request>(result)) << line;
  return std::get<request>(result);
}

} // namespace

TEST(command, an_action_on_a_tool) {
  EXPECT_EQ(understood("call database"), (command{action::call, 0}));
  EXPECT_EQ(understood("  heal \t search \r"), (command{action::heal, 1}));
}

TEST(command, without_a_tool_it_is_for_all) {
  EXPECT_EQ(understood("heal"), (command{action::heal, std::nullopt}));
  EXPECT_EQ(understood("call all"), (command{action::call, std::nullopt}));
}

TEST(command, four_ways_to_break) {
  EXPECT_EQ(understood("break search errors"), (command{action::errors, 1}));
  EXPECT_EQ(understood("break search hang"), (command{action::hang, 1}));
  EXPECT_EQ(understood("break search pause"), (command{action::pause, 1}));
  EXPECT_EQ(understood("break search kill"), (command{action::kill, 1}));
}

TEST(command, every_binding_has_a_word) {
  for (const auto& entry : bindings()) {
    const std::string word{entry.word};
    EXPECT_EQ(understood(breaks_service(entry.what) ? "break search " + word
                                                    : word + " search"),
              (command{entry.what, 1}));
  }
}

TEST(command, chaos) {
  using switchgear::chaos::fault;
  using namespace std::chrono_literals;
  EXPECT_EQ(ordered("chaos search latency"),
            (chaos_order{fault::latency, 1, 10s}));
  EXPECT_EQ(ordered("chaos database errors 2"),
            (chaos_order{fault::error, 0, 2s}));
  EXPECT_EQ(ordered("chaos all hangs 600"),
            (chaos_order{fault::hang, std::nullopt, 600s}));
  for (const auto& entry : chaos_bindings())
    EXPECT_EQ(ordered("chaos search " + std::string{entry.word}).what,
              entry.what);
}

TEST(command, requests) {
  EXPECT_EQ(asked(""), request::none);
  EXPECT_EQ(asked("  "), request::none);
  EXPECT_EQ(asked("stats"), request::stats);
  EXPECT_EQ(asked("events"), request::events);
  EXPECT_EQ(asked("help"), request::help);
  EXPECT_EQ(asked("quit"), request::quit);
}

TEST(command, what_makes_no_sense_is_answered_with_what_would) {
  EXPECT_THAT(complaint("cal database"), HasSubstr("try help"));
  EXPECT_THAT(complaint("call disk"), HasSubstr("database, search"));
  EXPECT_THAT(complaint("break search"),
              HasSubstr("errors, hang, pause or kill"));
  EXPECT_THAT(complaint("break search isolate"), HasSubstr("how?"));
  EXPECT_THAT(complaint("kill search"), HasSubstr("unknown command"));
  EXPECT_THAT(complaint("call database twice"), HasSubstr("too many words"));
  EXPECT_THAT(complaint("quit now"), HasSubstr("stands alone"));
  EXPECT_THAT(complaint("chaos"), HasSubstr("latency, errors or hangs"));
  EXPECT_THAT(complaint("chaos search kill"), HasSubstr("how?"));
  EXPECT_THAT(complaint("chaos disk hangs"), HasSubstr("database, search"));
  for (const auto* time : {"0", "601", "soon", "2s", "-1"})
    EXPECT_THAT(complaint("chaos search hangs " + std::string{time}),
                HasSubstr("1 to 600"));
  EXPECT_THAT(complaint("chaos search hangs 2 3"), HasSubstr("too many words"));
}

TEST(command, help_names_all) {
  const auto help = line_mode_help(tools);
  for (const auto& entry : bindings())
    EXPECT_THAT(help, HasSubstr(std::string{entry.word}));
  for (const auto& entry : chaos_bindings())
    EXPECT_THAT(help, HasSubstr("chaos TOOL " + std::string{entry.word}));
  EXPECT_THAT(help, HasSubstr("database, search"));
}
