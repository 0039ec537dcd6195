/// Settings as JSON, and back; reasons.

#include <gmock/gmock.h>

#include <chrono>
#include <set>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "admin/json.hpp"
#include "support/breaker_printing.hpp"
#include "switchgear/breaker/config_fields.hpp"

using namespace std::chrono_literals;

namespace switchgear::admin {

namespace {

using texts = std::vector<std::string>;

using testing::HasSubstr;
using testing::SizeIs;
using testing::StartsWith;

/// Reads a body that is fine.
config read(const std::string& body, config settings = {}) {
  const auto errors = read_settings(body, settings);
  EXPECT_EQ(explain(errors), "");
  return settings;
}

/// All that is wrong with a body.
std::vector<config_error> wrong(const std::string& body) {
  config settings;
  return read_settings(body, settings);
}

std::string repeated(const std::string& text, int times) {
  std::string result;
  while (times-- > 0)
    result += text;
  return result;
}

TEST(admin_config_json, has_all_settings) {
  config settings;
  settings.failure_threshold = 7;
  settings.open_timeout = 1500ms;
  settings.failure_rate_threshold = 0.25;
  settings.rejected_in_total = true;
  const auto got = to_json(settings);
  EXPECT_EQ(got["failure_threshold"], 7);
  EXPECT_EQ(got["open_timeout"], "1500ms");
  EXPECT_EQ(got["failure_rate_threshold"], 0.25);
  EXPECT_EQ(got["rejected_in_total"], true);
  std::size_t count = 0;
  for_each_config_field([&](const auto& field) {
    EXPECT_TRUE(got.contains(std::string{field.name})) << field.name;
    ++count;
  });
  EXPECT_EQ(got.size(), count);
}

TEST(admin_config_json, comes_back_as_it_was) {
  config settings;
  settings.failure_threshold = 1'000'000;
  settings.window_duration = 10ms;
  settings.failure_rate_threshold = 0.1;
  settings.slow_call_duration = 1us;
  settings.open_timeout = 30 * 24h;
  settings.open_timeout_jitter = 1.0 / 3;
  settings.count_timeout_as_failure = false;
  EXPECT_EQ(read(to_json(settings).dump()), settings);
  EXPECT_EQ(read(to_json(config{}).dump(), settings), config{});
}

TEST(admin_config_json, changes_what_it_names) {
  config before;
  before.window_size = 42;
  auto expected = before;
  expected.failure_threshold = 3;
  expected.open_timeout = 5s;
  EXPECT_EQ(read(R"({"failure_threshold":3,"open_timeout":"5 s"})", before),
            expected);
  EXPECT_EQ(read("{}", before), before);
  EXPECT_EQ(read(" \n{ } \t", before), before);
  // A whole number is a number.
  EXPECT_EQ(read(R"({"open_timeout_jitter":1})").open_timeout_jitter, 1.0);
}

TEST(admin_config_json, the_last_of_a_name_counts) {
  EXPECT_EQ(
    read(R"({"failure_threshold":0,"failure_threshold":4})").failure_threshold,
    4u);
}

TEST(admin_config_json, says_what_has_another_type) {
  for (const auto& [body, text] :
       std::initializer_list<std::pair<const char*, const char*>>{
         {R"({"failure_threshold":"3"})",
          "failure_threshold = \"3\": must be a whole number"},
         {R"({"failure_threshold":-1})", "a whole number, 0 to 4294967295"},
         {R"({"failure_threshold":1.0})", "a whole number"},
         {R"({"failure_threshold":4294967296})", "a whole number"},
         {R"({"failure_threshold":18446744073709551616})", "a whole number"},
         {R"({"failure_threshold":true})", "a whole number"},
         {R"({"failure_threshold":null})", "a whole number"},
         {R"({"failure_threshold":[3]})", "a whole number"},
         {R"({"open_timeout":5})", "open_timeout = 5: must be a time with"},
         {R"({"open_timeout":""})", "a time with its unit"},
         {R"({"open_timeout":"soon"})", "a time with its unit"},
         {R"({"open_timeout":{"s":5}})", "a time with its unit"},
         {R"({"open_timeout_jitter":"0.5"})", "a number"},
         {R"({"rejected_in_total":0})", "true or false"},
         {R"({"rejected_in_total":"true"})", "true or false"}}) {
    const auto errors = wrong(body);
    EXPECT_THAT(errors, SizeIs(1)) << body;
    EXPECT_THAT(explain(errors), HasSubstr(text)) << body;
  }
}

TEST(admin_config_json, says_what_is_not_allowed) {
  EXPECT_THAT(explain(wrong(R"({"failure_threshold":0})")),
              HasSubstr("failure_threshold = 0: must be 1 to 1000000"));
  EXPECT_THAT(explain(wrong(R"({"window_size":5,"minimum_calls":6})")),
              HasSubstr("minimum_calls"));
  EXPECT_THAT(explain(wrong(R"({"failures":3})")),
              HasSubstr("failures = 3: must be one of failure_threshold, "));
  EXPECT_THAT(explain(wrong(R"({"":3})")), HasSubstr("one of"));
  EXPECT_THAT(explain(wrong(R"({"failure-threshold":3})")),
              HasSubstr("one of"));
}

TEST(admin_config_json, says_all_that_is_wrong) {
  const auto errors = wrong(
    R"({"failure_threshold":"x","window_size":3,"y":1,"open_timeout":2})");
  ASSERT_THAT(errors, SizeIs(3));
  EXPECT_EQ(errors[0].field, "failure_threshold");
  EXPECT_EQ(errors[1].field, "y");
  EXPECT_EQ(errors[2].field, "open_timeout");
}

TEST(admin_config_json, says_what_is_no_object) {
  for (const auto& body :
       texts{std::string{},
             std::string{" "},
             std::string{"{"},
             std::string{"[]"},
             std::string{"1"},
             std::string{"\"x\""},
             std::string{"null"},
             std::string{"{}{}"},
             std::string{"{} x"},
             std::string{"{'a':1}"},
             std::string{R"({"a":1,})"},
             std::string{R"({"a":NaN})"},
             std::string{R"({"a":1e999})"},
             std::string{"{\"a\":\"\xff\"}"},
             std::string{R"({"a":"\ud800"})"},
             std::string{"{\"a\":\"\n\"}"},
             std::string{"\0{}", 3},
             std::string{"{\"a\":/**/1}"},
             repeated("[", 60'000),
             repeated("{\"a\":", 10'000),
             repeated("[", 30'000) + repeated("]", 30'000),
             repeated("{\"a\":", 9'000) + "1" + repeated("}", 9'000)}) {
    const auto errors = wrong(body);
    ASSERT_THAT(errors, SizeIs(1)) << body.substr(0, 50);
    EXPECT_EQ(errors[0].field, "body");
    EXPECT_LE(errors[0].value.size(), 100u);
    EXPECT_THAT(read_reason(body.empty() ? " " : body).error().field, "body");
  }
}

TEST(admin_config_json, shows_the_beginning_of_what_is_long) {
  const auto errors
    = wrong("{\"open_timeout\":\"" + std::string(60'000, '9') + "s\"}");
  ASSERT_THAT(errors, SizeIs(1));
  EXPECT_EQ(errors[0].value.size(), 100u);
  EXPECT_THAT(errors[0].value, StartsWith("\"999"));
  EXPECT_THAT(errors[0].value, testing::EndsWith("9..."));
}

TEST(admin_config_form, has_all_that_a_form_needs) {
  config settings;
  settings.open_timeout = 5s;
  const auto got = form_of(settings);
  EXPECT_EQ(got["values"], to_json(settings));
  auto field = got["fields"].begin();
  for_each_config_field([&](const auto& each) {
    ASSERT_NE(field, got["fields"].end());
    EXPECT_EQ((*field)["name"], each.name);
    EXPECT_EQ((*field)["value"], got["values"][std::string{each.name}]);
    for (const auto* text : {"type", "unit", "allowed", "meaning"})
      EXPECT_NE((*field)[text], "") << each.name << ' ' << text;
    ++field;
  });
  EXPECT_EQ(field, got["fields"].end());
  const auto find = [&](const char* name) {
    for (const auto& each : got["fields"])
      if (each["name"] == name)
        return each;
    return json{};
  };
  EXPECT_EQ(find("open_timeout")["type"], "duration");
  EXPECT_EQ(find("open_timeout")["default"], "1min");
  EXPECT_EQ(find("open_timeout")["value"], "5s");
  EXPECT_EQ(find("failure_threshold")["type"], "integer");
  EXPECT_EQ(find("open_timeout_jitter")["type"], "number");
  EXPECT_EQ(find("rejected_in_total")["type"], "boolean");
}

TEST(admin_reason, is_what_it_says) {
  EXPECT_EQ(read_reason(""), "");
  EXPECT_EQ(read_reason("{}"), "");
  EXPECT_EQ(read_reason(R"({"reason":""})"), "");
  EXPECT_EQ(read_reason(R"({"reason":"why \"not\""})"), "why \"not\"");
  EXPECT_EQ(read_reason(R"({"reason":"\u00fc🔥"})"), "ü🔥");
  EXPECT_TRUE(read_reason("{\"reason\":\"" + std::string(200, 'x') + "\"}"));
}

TEST(admin_reason, is_one_short_line) {
  for (const auto& text :
       texts{std::string(201, 'x'), repeated("ü", 101), std::string{R"(a\nb)"},
             std::string{R"(\r)"}, std::string{R"(\u0000)"},
             std::string{R"(\u001b[2J)"}, std::string{R"(\u007f)"},
             std::string{R"(\u009b2J)"}, std::string{R"(\u2028)"}}) {
    const auto got = read_reason("{\"reason\":\"" + text + "\"}");
    ASSERT_FALSE(got) << text;
    EXPECT_EQ(got.error().field, "reason");
    EXPECT_LE(got.error().value.size(), 100u);
  }
  EXPECT_EQ(read_reason(R"({"reason":1})").error().allowed, "a text");
  EXPECT_EQ(read_reason(R"({"reason":null})").error().allowed, "a text");
  EXPECT_EQ(read_reason(R"({"why":"x"})").error().field, "why");
}

} // namespace

} // namespace switchgear::admin
