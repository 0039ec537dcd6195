/// What Prometheus itself makes of our metrics.

#include <gtest/gtest.h>

#include <map>
#include <stdexcept>
#include <string>
#include <vector>

#include "support/eventually.hpp"
#include "support/process.hpp"
#include "support/prometheus_server.hpp"
#include "support/temporary_directory.hpp"
#include "switchgear/detail/utf8.hpp"
#include "switchgear/runtime.hpp"
#include "switchgear/telemetry/metrics_endpoint.hpp"
#include "switchgear/telemetry/prometheus.hpp"

using namespace std::chrono_literals;

namespace switchgear::telemetry {

namespace {

snapshot all_of(const runtime& rt) {
  snapshot all;
  all.breakers = rt.all_stats();
  return all;
}

/// Breakers' names with all that could confuse somebody.
const std::vector<std::string> odd_names{
  "quote\"d",  "back\\slash", "new\nline",    "{a=\"b\"} 1",
  "\xff\xfe",  "\xc3",        "\xe2\x9a\xa1", std::string{"nul\0!", 5},
  "tab\tcr\r", " ",           "\x01\x7f",     "# EOF"};

using test::labels;
using test::prometheus_server;

TEST(prometheus_server, has_the_counts_of_all_breakers) {
  runtime rt;
  auto db = rt.breaker("db", {.failure_threshold = 3});
  auto mail = rt.breaker("mail");
  for (int i = 0; i < 20; ++i)
    EXPECT_TRUE(db.call([] { return 1; }));
  for (int i = 0; i < 3; ++i)
    EXPECT_FALSE(db.call([]() -> int { throw std::runtime_error{"refused"}; }));
  for (int i = 0; i < 7; ++i)
    EXPECT_EQ(db.call([] { return 1; }).error(), errc::circuit_open);
  EXPECT_TRUE(mail.call([] { return 1; }));

  metrics_endpoint endpoint{[&] { return all_of(rt); }, {.port = 0}};
  prometheus_server server{endpoint.port()};
  const auto becomes
    = [&](const std::string& what, const std::map<labels, double>& expected) {
        std::map<labels, double> got;
        const bool done = test::eventually([&] {
          got = server.query(what);
          return got == expected;
        });
        ASSERT_TRUE(done) << what << ": " << testing::PrintToString(got) << '\n'
                          << server.complaints();
      };
  const auto outcomes
    = [](const char* name, double success, double failure, double rejected) {
        std::map<labels, double> result;
        for (auto each : {"timeout", "ignored", "cancelled", "late"})
          result[{{"name", name}, {"outcome", each}}] = 0;
        result[{{"name", name}, {"outcome", "success"}}] = success;
        result[{{"name", name}, {"outcome", "failure"}}] = failure;
        result[{{"name", name}, {"outcome", "rejected"}}] = rejected;
        return result;
      };
  auto expected = outcomes("db", 20, 3, 7);
  expected.merge(outcomes("mail", 1, 0, 0));
  becomes("circuit_breaker_calls_total", expected);
  becomes("circuit_breaker_successful_calls_total{name='db'}",
          {{{{"name", "db"}}, 20}});
  becomes("circuit_breaker_failed_calls_total{name='db'}",
          {{{{"name", "db"}}, 3}});
  becomes("circuit_breaker_rejected_calls_total{name='db'}",
          {{{{"name", "db"}}, 7}});
  becomes("circuit_breaker_call_duration_seconds_count",
          {{{{"name", "db"}}, 23}, {{{"name", "mail"}}, 1}});
  becomes("circuit_breaker_call_duration_seconds_bucket{name='db',le='60.0'}",
          {{{{"name", "db"}, {"le", "60.0"}}, 23}});
  becomes("circuit_breaker_state == 1",
          {{{{"name", "db"}, {"state", "open"}}, 1},
           {{{"name", "mail"}, {"state", "closed"}}, 1}});
  becomes("circuit_breaker_state_transitions_total",
          {{{{"name", "db"},
             {"from_state", "closed"},
             {"to_state", "open"},
             {"reason", "consecutive_failures"}},
            1}});
  EXPECT_EQ(server
              .query("histogram_quantile(0.5, "
                     "circuit_breaker_call_duration_seconds_bucket)")
              .size(),
            2u);

  // It follows.
  ASSERT_TRUE(db.reset());
  EXPECT_TRUE(db.call([] { return 1; }));
  becomes("circuit_breaker_calls_total{name='db',outcome='success'}",
          {{{{"name", "db"}, {"outcome", "success"}}, 21}});
  becomes("circuit_breaker_state{name='db'} == 1",
          {{{{"name", "db"}, {"state", "closed"}}, 1}});
}

TEST(prometheus_server, takes_any_names) {
  runtime rt;
  std::map<labels, double> expected;
  double calls = 0;
  for (const auto& name : odd_names) {
    auto tool = rt.breaker(name);
    for (int i = 0; i <= calls; ++i)
      EXPECT_TRUE(tool.call([] { return 1; }));
    expected[{{"name", detail::to_utf8(name)}}] = ++calls;
  }
  metrics_endpoint endpoint{[&] { return all_of(rt); }, {.port = 0}};
  prometheus_server server{endpoint.port()};
  std::map<labels, double> got;
  EXPECT_TRUE(test::eventually([&] {
    got = server.query("circuit_breaker_successful_calls_total");
    return got == expected;
  }))
    << server.complaints();
  EXPECT_EQ(got, expected);
}

// -- by its rules -------------------------------------------------------------

void expect_approved(const snapshot& all, text_format format) {
  const test::temporary_directory files;
  const auto text = to_prometheus(all, format);
  test::process promtool{{"promtool", "check", "metrics"},
                         files.file("output"),
                         files.write("metrics", text)};
  EXPECT_EQ(promtool.wait(), 0) << text;
  EXPECT_EQ(files.read("output"), "");
}

TEST(promtool, finds_nothing_to_complain_about) {
  runtime rt;
  for (const auto& name : odd_names) {
    auto tool = rt.breaker(name, {.failure_threshold = 1});
    EXPECT_FALSE(
      tool.call([]() -> int { throw std::runtime_error{"refused"}; }));
  }
  auto all = all_of(rt);
  all.sinks.resize(1);
  all.sinks[0].name = "log";
  expect_approved(all, text_format::plain);
  expect_approved({}, text_format::plain);
}

} // namespace

} // namespace switchgear::telemetry
