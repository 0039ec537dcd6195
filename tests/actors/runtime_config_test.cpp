#include "switchgear/actor/runtime_config.hpp"

#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace switchgear::test {

namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

expected<runtime_options, failure> read(const std::string& file,
                                        std::vector<std::string> args = {}) {
  runtime_config cfg;
  std::istringstream content{file};
  if (auto err = cfg.parse(std::move(args), content))
    return make_unexpected(failure{errc::invalid_config, to_string(err)});
  return read_options(cfg);
}

std::string error_of(const std::string& file) {
  const auto got = read(file);
  return got ? "no error" : got.error().message();
}

std::string shipped_file() {
  std::ifstream in{SWITCHGEAR_SOURCE_DIR "/examples/caf-application.conf"};
  std::stringstream content;
  content << in.rdbuf();
  return content.str();
}

void expect_same(const runtime_options& x, const runtime_options& y) {
  EXPECT_EQ(x.workers, y.workers);
  EXPECT_EQ(x.queue, y.queue);
  EXPECT_EQ(x.restart_intensity, y.restart_intensity);
  EXPECT_EQ(x.restart_period, y.restart_period);
  EXPECT_EQ(x.shutdown_grace, y.shutdown_grace);
  EXPECT_EQ(x.defaults, y.defaults);
  EXPECT_EQ(x.breakers, y.breakers);
}

} // namespace

TEST(runtime_config, without_options_gives_the_defaults) {
  const auto got = read("");
  ASSERT_TRUE(got) << got.error().to_string();
  expect_same(*got, {});
}

TEST(runtime_config, the_file_that_is_shipped_says_the_defaults) {
  const auto file = shipped_file();
  const auto got = read(file);
  ASSERT_TRUE(got) << got.error().to_string();
  expect_same(*got, {});
  // All of them: a field that the file leaves out would go unnoticed above.
  const auto complaint = error_of("switchgear { defaults { nonsense = 1 } }");
  const auto list = complaint.substr(complaint.find("one of ") + 7);
  std::istringstream keys{list};
  for (std::string key; std::getline(keys >> std::ws, key, ',');)
    EXPECT_THAT(file, HasSubstr("\n    " + key + " = "));
}

TEST(runtime_config, reads_the_command_line) {
  const auto got = read("switchgear { workers = 3, queue = 7 }",
                        {"--switchgear.workers=8",
                         "--switchgear.shutdown-grace=250ms"});
  ASSERT_TRUE(got) << got.error().to_string();
  EXPECT_EQ(got->workers, 8u);
  EXPECT_EQ(got->queue, 7u);
  EXPECT_EQ(got->shutdown_grace, 250ms);
}

TEST(runtime_config, breakers_begin_with_the_defaults) {
  const auto got = read(R"(switchgear {
    defaults { failure-threshold = 7, open-timeout = 3s }
    breakers {
      database { open-timeout = 10s, rejected-in-total = true }
      odd { name = "payments.example/v2", failure-rate-threshold = 0.25 }
    }
  })");
  ASSERT_TRUE(got) << got.error().to_string();
  auto expected = config{.failure_threshold = 7, .open_timeout = 10s};
  expected.rejected_in_total = true;
  EXPECT_EQ(got->breakers.at("database"), expected);
  EXPECT_EQ(got->breakers.at("payments.example/v2").failure_rate_threshold,
            0.25);
  EXPECT_EQ(got->breakers.at("payments.example/v2").open_timeout, 3s);
  EXPECT_EQ(got->breakers.size(), 2u);
}

TEST(runtime_config, says_what_is_wrong) {
  EXPECT_THAT(error_of("switchgear { wokers = 3 }"),
              testing::AllOf(HasSubstr("wokers = 3"), HasSubstr("workers")));
  EXPECT_THAT(error_of("switchgear { defaults { open-timeout = 12 } }"),
              testing::AllOf(HasSubstr("defaults.open-timeout = 12"),
                             HasSubstr("unit")));
  EXPECT_THAT(
    error_of("switchgear { breakers { db { failure-threshold = \"x\" } } }"),
    testing::AllOf(HasSubstr("breakers.db.failure-threshold"),
                   HasSubstr("whole number")));
  EXPECT_THAT(
    error_of("switchgear { breakers { db { failure-threshold = 0 } } }"),
    testing::AllOf(HasSubstr("breakers.db.failure_threshold = 0"),
                   HasSubstr("1 to 1000000")));
  EXPECT_THAT(error_of("switchgear { breakers { db = 3 } }"),
              testing::AllOf(HasSubstr("breakers.db = 3"),
                             HasSubstr("section")));
  EXPECT_THAT(error_of("switchgear { queue = -1 }"), HasSubstr("queue = -1"));
  EXPECT_THAT(error_of("switchgear { workers = 0 }"),
              testing::AllOf(HasSubstr("workers = 0"),
                             HasSubstr("1 to 10000")));
}

TEST(runtime_config, makes_the_breakers_of_the_file) {
  runtime_config cfg;
  std::istringstream file{
    "switchgear { breakers { db { failure-threshold = 1 } } }"};
  ASSERT_FALSE(cfg.parse({}, file));
  runtime rt{cfg};
  EXPECT_EQ(rt.names(), std::vector<std::string>{"db"});
  auto db = rt.find("db");
  ASSERT_TRUE(db);
  EXPECT_EQ(db->settings()->failure_threshold, 1u);
  EXPECT_FALSE(db->call([]() -> int { throw 1; }));
  EXPECT_EQ(db->state(), state::open);
}

} // namespace switchgear::test
