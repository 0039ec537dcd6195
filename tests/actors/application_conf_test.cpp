/// The configuration file that shows all options tells the truth.

#include <gmock/gmock.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "support/breaker_printing.hpp"
#include "switchgear/actor/runtime_config.hpp"

using namespace std::chrono_literals;

namespace switchgear::test {

namespace {

std::vector<std::string> lines() {
  const auto path = std::filesystem::path{__FILE__}.parent_path() / ".." / ".."
                    / "examples" / "caf-application.conf";
  std::ifstream file{path};
  EXPECT_TRUE(file) << path;
  std::vector<std::string> result;
  for (std::string line; std::getline(file, line);)
    result.push_back(line);
  return result;
}

std::string join(const std::vector<std::string>& all) {
  std::string result;
  for (const auto& each : all)
    result += each + "\n";
  return result;
}

bool in_key(char c) {
  return (c >= 'a' && c <= 'z') || c == '-';
}

/// Whether `text` begins with `key = `.
bool is_option(std::string_view text) {
  const auto end = std::find_if_not(text.begin(), text.end(), in_key);
  return end != text.begin()
         && std::string_view{end, text.end()}.starts_with(" = ");
}

/// The file with its options in force. Those of the examples stand further to
/// the right.
std::string with_options() {
  auto all = lines();
  for (auto& each : all) {
    const auto mark = each.find("# ");
    if (mark == each.find_first_not_of(' ') && mark != std::string::npos
        && is_option(std::string_view{each}.substr(mark + 2)))
      each.erase(mark, 2);
  }
  return join(all);
}

/// The file with an example of a section in force.
std::string with_section(const std::string& indent, const std::string& name) {
  auto all = lines();
  bool within = false;
  for (auto& each : all) {
    within = within || each == indent + "# " + name + " {";
    if (within && each.starts_with(indent + "# "))
      each.erase(indent.size(), 2);
    within = within && each != indent + "}";
  }
  return join(all);
}

runtime_options options(const std::string& text) {
  runtime_config cfg;
  std::istringstream file{text};
  const auto err = cfg.parse(std::vector<std::string>{}, file);
  EXPECT_FALSE(err) << to_string(err);
  auto got = read_options(cfg);
  EXPECT_TRUE(got) << got.error().message();
  return got.value_or(runtime_options{});
}

void expect_defaults(const runtime_options& got) {
  const runtime_options expected;
  EXPECT_EQ(got.workers, expected.workers);
  EXPECT_EQ(got.queue, expected.queue);
  EXPECT_EQ(got.restart_intensity, expected.restart_intensity);
  EXPECT_EQ(got.restart_period, expected.restart_period);
  EXPECT_EQ(got.shutdown_grace, expected.shutdown_grace);
  EXPECT_EQ(got.defaults, expected.defaults);
  EXPECT_TRUE(got.breakers.empty());
}

/// The keys that are known where `unknown` stands.
std::vector<std::string> keys(const std::string& text) {
  runtime_config cfg;
  std::istringstream file{text};
  EXPECT_FALSE(cfg.parse(std::vector<std::string>{}, file));
  auto list = read_options(cfg).error().message();
  std::istringstream words{list.substr(list.find("one of ") + 7)};
  std::vector<std::string> result;
  for (std::string each; words >> each;)
    result.push_back(each.back() == ',' ? each.substr(0, each.size() - 1)
                                        : each);
  return result;
}

TEST(application_conf, as_it_stands_changes_nothing) {
  expect_defaults(options(join(lines())));
}

TEST(application_conf, shows_each_default) {
  expect_defaults(options(with_options()));
}

TEST(application_conf, shows_each_option) {
  const auto text = with_options();
  auto known = keys("switchgear { unknown = 1 }");
  EXPECT_EQ(known.size(), 9u);
  const auto of_breakers = keys("switchgear { defaults { unknown = 1 } }");
  EXPECT_EQ(of_breakers.size(), 25u);
  known.insert(known.end(), of_breakers.begin(), of_breakers.end());
  for (const auto& key : known)
    EXPECT_THAT(text, testing::AnyOf(testing::HasSubstr(" " + key + " = "),
                                     testing::HasSubstr(" " + key + " {")));
}

TEST(application_conf, has_an_example_of_export_that_works) {
  const auto got = options(with_section("    ", "otlp")).telemetry.otlp;
  ASSERT_TRUE(got);
  EXPECT_EQ(got->endpoint, "http://localhost:4318");
  ASSERT_TRUE(got->headers);
  EXPECT_EQ(got->headers->at("authorization"), "Bearer 1234");
  EXPECT_EQ(got->service_name, "shop");
  EXPECT_EQ(got->resource_attributes.at("deployment.environment"), "test");
  EXPECT_TRUE(telemetry::validate(*got).empty());
}

TEST(application_conf, shows_how_to_look_from_outside) {
  const auto text = with_section("  ", "admin");
  const auto got = options(text).admin;
  ASSERT_TRUE(got);
  const admin_options expected;
  EXPECT_EQ(got->address, expected.address);
  EXPECT_EQ(got->port, expected.port);
  EXPECT_EQ(got->token, expected.token);
  EXPECT_EQ(got->token_file, expected.token_file);
  EXPECT_EQ(got->hosts, expected.hosts);
  EXPECT_EQ(got->title, expected.title);
  EXPECT_EQ(got->history, expected.history);
  EXPECT_EQ(got->events, expected.events);
  EXPECT_EQ(got->threads, expected.threads);
  EXPECT_EQ(got->connections, expected.connections);
  EXPECT_EQ(got->streams, expected.streams);
  for (const auto& key : keys("switchgear { admin { unknown = 1 } }"))
    EXPECT_THAT(text, testing::HasSubstr("\n    " + key + " = ")) << key;
}

TEST(application_conf, has_examples_that_work) {
  const auto got = options(with_section("  ", "breakers"));
  ASSERT_EQ(got.breakers.size(), 2u);
  EXPECT_EQ(got.breakers.at("database").failure_threshold, 10u);
  EXPECT_EQ(got.breakers.at("database").open_timeout, 10s);
  EXPECT_EQ(got.breakers.at("https://search.example.org/v1").call_timeout, 2s);
}

} // namespace

} // namespace switchgear::test
