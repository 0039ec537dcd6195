/// What a Prometheus server reads from the demo, compared with what the demo
/// prints.

#include <gmock/gmock.h>

#include "end_to_end/demo_run.hpp"
#include "support/eventually.hpp"
#include "support/prometheus_server.hpp"

namespace demo {

namespace {

using switchgear::test::labels;
using switchgear::test::prometheus_server;

std::map<labels, double> by_tool(double test_tool, double database,
                                 double search) {
  return {{{{"name", "test_tool"}}, test_tool},
          {{{"name", "database"}}, database},
          {{{"name", "search"}}, search},
          {{{"name", "payments"}}, 0},
          {{{"name", "llm"}}, 0}};
}

TEST(demo_by_prometheus, its_counts_can_be_queried) {
  demo_run demo{{"--plain", "--metrics", "0"}};
  const auto port
    = demo.wait_for("\nMetrics: http://127\\.0\\.0\\.1:(\\d+)/metrics\n");
  ASSERT_NE(port, "") << demo.output();
  prometheus_server server{static_cast<std::uint16_t>(std::stoul(port))};
  const auto becomes
    = [&](const std::string& what, const std::map<labels, double>& expected) {
        std::map<labels, double> got;
        const bool done = switchgear::test::eventually([&] {
          got = server.query(what);
          return got == expected;
        });
        EXPECT_TRUE(done) << what << ": " << testing::PrintToString(got) << '\n'
                          << server.complaints();
      };

  ASSERT_NE(demo.wait_for("(try help)"), "") << demo.output();
  for (const auto* line :
       {"call search", "call database", "call database", "break database kill",
        "call database", "call database", "call database", "call database"})
    demo.say(line);
  ASSERT_NE(demo.wait_for("(database: rejected)"), "") << demo.output();
  const auto phases
    = [&](const char* name) { return static_cast<double>(demo.number(name)); };
  becomes("circuit_breaker_successful_calls_total",
          by_tool(phases("Successes"), 2, 1));
  becomes("circuit_breaker_failed_calls_total",
          by_tool(phases("Failures"), 3, 0));
  becomes("circuit_breaker_rejected_calls_total",
          by_tool(phases("Rejected"), 1, 0));
  becomes("circuit_breaker_call_duration_seconds_count",
          by_tool(phases("Total calls") - phases("Rejected"), 5, 1));
  becomes("sum by (name) (circuit_breaker_calls_total)",
          by_tool(phases("Total calls"), 6, 1));
  becomes("circuit_breaker_state_transitions_total{name='database',"
          "from_state='closed'}",
          {{{{"name", "database"},
             {"from_state", "closed"},
             {"to_state", "open"},
             {"reason", "consecutive_failures"}},
            1}});

  // It follows, until the end.
  demo.say("call search");
  becomes("circuit_breaker_successful_calls_total",
          by_tool(phases("Successes"), 2, 2));
  demo.say("quit");
  ASSERT_EQ(demo.wait(), 0) << demo.output();
  becomes("up", {{{}, 0}});
}

} // namespace

} // namespace demo
