/// What is posted, what answers mean, and one channel in place of another.

#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "integrations/support/tool_server.hpp"
#include "support/breaker_printing.hpp"
#include "support/breakers.hpp"
#include "switchgear/integrations/notifications.hpp"

namespace switchgear::test {

namespace {

using namespace std::chrono_literals;
using json = nlohmann::json;

class posted_notifications : public testing::Test {
public:
  webhook_options options(tool_server& at) {
    webhook_options result;
    result.url = at.url("/hook");
    result.proxy = "";
    return result;
  }

  webhook_options options() {
    return options(server);
  }

  json posted() {
    const auto request = json::parse(server.last_request());
    EXPECT_EQ(request["method"], "POST");
    EXPECT_EQ(request["target"], "/hook");
    EXPECT_EQ(request["headers"]["content-type"], "application/json");
    return json::parse(request["body"].get<std::string>());
  }

  statistics stats() {
    return tool.stats().value();
  }

  static notification outage() {
    return {"<Database> & co", "No connection", notification_level::critical,
            "db1-down",        false,           {{"host", "db1"}}};
  }

  static notification recovery() {
    auto result = outage();
    result.resolved = true;
    return result;
  }

  pagerduty_options pagerduty() {
    pagerduty_options result;
    static_cast<webhook_options&>(result) = options();
    result.routing_key = "R0";
    result.source = "checkout";
    return result;
  }

  runtime rt;
  tool_server server;
  breaker tool = rt.breaker("hook", trips_after(3));
};

TEST_F(posted_notifications, to_a_webhook) {
  ASSERT_TRUE(webhook_notifier(tool, options())->send(outage()));
  EXPECT_EQ(posted(), json::parse(R"({"title": "<Database> & co",
    "text": "No connection", "level": "critical", "key": "db1-down",
    "resolved": false, "details": {"host": "db1"}})"));
  EXPECT_EQ(stats().total_successes, 1u);
}

TEST_F(posted_notifications, to_slack) {
  ASSERT_TRUE(slack_notifier(tool, options())->send(outage()));
  EXPECT_EQ(posted(), json::parse(R"({"text": "&lt;Database&gt; &amp; co",
    "attachments": [{"color": "danger", "text": "No connection",
      "fields": [{"title": "host", "value": "db1", "short": true}]}]})"));
  ASSERT_TRUE(slack_notifier(tool, options())->send(recovery()));
  EXPECT_EQ(posted()["text"], "Resolved: &lt;Database&gt; &amp; co");
  EXPECT_EQ(posted()["attachments"][0]["color"], "good");
}

TEST_F(posted_notifications, to_pagerduty) {
  const auto to = pagerduty_notifier(tool, pagerduty());
  server.behave("status 202");
  ASSERT_TRUE(to->send(outage()));
  EXPECT_EQ(posted(), json::parse(R"({"routing_key": "R0",
    "event_action": "trigger", "dedup_key": "db1-down",
    "payload": {"summary": "<Database> & co", "source": "checkout",
      "severity": "critical",
      "custom_details": {"host": "db1", "text": "No connection"}}})"));
  ASSERT_TRUE(to->send(recovery()));
  EXPECT_EQ(posted(), json::parse(R"({"routing_key": "R0",
    "event_action": "resolve", "dedup_key": "db1-down"})"));
  auto endless = outage();
  endless.title = std::string(1023, 'x') + "äöü";
  ASSERT_TRUE(to->send(endless));
  EXPECT_EQ(posted()["payload"]["summary"], std::string(1023, 'x'));
}

TEST_F(posted_notifications, with_bytes_that_are_no_text) {
  ASSERT_TRUE(webhook_notifier(tool, options())->send({"a\xff", "\"\n"}));
  EXPECT_EQ(posted()["title"], "a\uFFFD");
  EXPECT_EQ(posted()["text"], "\"\n");
}

TEST_F(posted_notifications, that_are_not_wanted_say_nothing_of_the_channel) {
  const auto to = slack_notifier(tool, options());
  for (int status : {302, 400, 403, 404, 410}) {
    server.behave("status " + std::to_string(status));
    const auto sent = to->send(outage());
    ASSERT_FALSE(sent);
    EXPECT_EQ(sent.error().message(), "HTTP " + std::to_string(status));
    EXPECT_EQ(http_error_of(sent.error())->response().status, status);
  }
  EXPECT_EQ(stats().total_successes, 5u);
  EXPECT_EQ(stats().total_failures, 0u);
}

TEST_F(posted_notifications, trip_their_breaker_and_come_back) {
  auto cfg = trips_after(2);
  cfg.open_timeout = 1h;
  cfg.success_threshold = 1;
  ASSERT_TRUE(tool.reconfigure(cfg));
  const auto to = pagerduty_notifier(tool, pagerduty());
  server.behave("status 429\tRetry-After: 30");
  for (int i = 0; i < 2; ++i)
    EXPECT_EQ(to->send(outage()).error().retry_after(), 30s);
  ASSERT_EQ(tool.state(), state::open);
  const auto connections = server.connections();
  for (int i = 0; i < 10; ++i)
    EXPECT_EQ(to->send(outage()).error(), errc::circuit_open);
  EXPECT_EQ(server.connections(), connections);
  EXPECT_EQ(server.requests(), 2u);
  server.behave("healthy");
  ASSERT_TRUE(tool.isolate());
  ASSERT_TRUE(tool.automatic()); // probes at once
  EXPECT_TRUE(to->send(outage()));
  EXPECT_EQ(tool.state(), state::closed);
}

TEST_F(posted_notifications, that_are_not_fit_are_not_sent) {
  const auto to = webhook_notifier(tool, options());
  EXPECT_EQ(to->send({""}).error(), errc::invalid_config);
  auto nameless = recovery();
  nameless.key.clear();
  EXPECT_EQ(to->send(nameless).error(), errc::invalid_config);
  EXPECT_EQ(server.connections(), 0u);
  EXPECT_EQ(stats().total_calls, 0u);
}

TEST_F(posted_notifications, with_options_that_are_not_allowed) {
  const auto refused = [&](auto change) {
    auto with = pagerduty();
    change(with);
    return explain(validate(with));
  };
  EXPECT_EQ(refused([](auto&) {}), "");
  EXPECT_EQ(refused([](auto& o) { o.url = ""; }), ""); // there is a default
  EXPECT_EQ(refused([](auto& o) { o.url = "smtp://secret"; }),
            "url = ...: must be a URL that begins with http:// or https://");
  EXPECT_EQ(refused([](auto& o) { o.routing_key = ""; }),
            "routing_key = : must be set");
  EXPECT_EQ(
    refused([](auto& o) {
      o.headers = {{"A", "b\r\nc: d"}};
    }),
    "headers = A: must be names without blanks, and values in one line");
  EXPECT_EQ(refused([](auto& o) { o.total_timeout = 0s; }),
            "total_timeout = 0 ms: must be 1 ms to 24 h");
  webhook_options none;
  EXPECT_THROW(webhook_notifier(tool, none), setup_error);
  EXPECT_THROW(slack_notifier(tool, none), setup_error);
  EXPECT_THROW(fallback_notifier{{}}, setup_error);
  EXPECT_THROW((fallback_notifier{{nullptr}}), setup_error);
}

TEST_F(posted_notifications, the_first_channel_that_works_gets_it) {
  tool_server second;
  auto other = rt.breaker("other", trips_after(3));
  fallback_notifier both{{slack_notifier(tool, options()),
                          webhook_notifier(other, options(second))}};
  EXPECT_EQ(both.deliver(outage())->channel, "slack");
  EXPECT_EQ(second.requests(), 0u);

  server.behave("status 500");
  for (int i = 0; i < 3; ++i)
    ASSERT_TRUE(both.send(outage()));
  ASSERT_EQ(tool.state(), state::open);
  const auto requests = server.requests();
  const auto sent = both.deliver(outage());
  ASSERT_TRUE(sent);
  EXPECT_EQ(sent->channel, "webhook");
  ASSERT_EQ(sent->failed.size(), 1u);
  EXPECT_EQ(sent->failed[0].first, "slack");
  EXPECT_EQ(sent->failed[0].second, errc::circuit_open);
  EXPECT_EQ(server.requests(), requests);
  EXPECT_EQ(second.requests(), 4u);

  second.kill();
  const auto lost = both.deliver(outage());
  ASSERT_FALSE(lost);
  EXPECT_EQ(lost.error().message(),
            "no channel took it; slack: circuit_open; webhook: "
            "operation_failed: connection refused");
}

// One of the user's own.
struct throwing_notifier : notifier {
  const std::string& name() const noexcept override {
    static const std::string result = "own";
    return result;
  }

  expected<void, failure> send(const notification&) override {
    throw std::runtime_error{"no paper"};
  }
};

TEST_F(posted_notifications, a_channel_that_throws_has_not_taken_it) {
  const auto own = std::make_shared<throwing_notifier>();
  fallback_notifier both{{own, webhook_notifier(tool, options())}};
  const auto sent = both.deliver(outage());
  ASSERT_TRUE(sent);
  EXPECT_EQ(sent->channel, "webhook");
  ASSERT_EQ(sent->failed.size(), 1u);
  EXPECT_EQ(sent->failed[0].second.message(), "std::runtime_error: no paper");
}

} // namespace

} // namespace switchgear::test
