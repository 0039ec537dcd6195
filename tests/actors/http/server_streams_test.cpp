#include <gmock/gmock.h>

#include <chrono>
#include <memory>
#include <string>

#include "server_fixture.hpp"
#include "support/eventually.hpp"

using namespace std::chrono_literals;

namespace switchgear::http {

namespace {

using test::eventually;
using test::raw_client;
using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

TEST_F(http_server, tells_stories) {
  const auto story = std::make_shared<talk>();
  start([&](const request&) {
    auto result = text("not this");
    result.events = story;
    return result;
  });
  raw_client client{where.port()};
  client.say(get);
  const auto head = client.hear("\r\n\r\n");
  EXPECT_THAT(head, StartsWith("HTTP/1.1 200 "));
  EXPECT_THAT(head, Not(HasSubstr("Content-Length")));
  EXPECT_EQ(tested->current_load().streams, 1u);
  story->add("once ");
  EXPECT_THAT(client.hear("once "), EndsWith("once ")); // sooner or later
  story->add("upon");
  tested->wake_streams();
  EXPECT_THAT(client.hear("upon"), EndsWith("once upon"));
  tested.reset();
  EXPECT_THAT(client.hear_all(), EndsWith("once upon"));
}

TEST_F(http_server, tells_so_many_stories_and_no_more) {
  server_options how;
  how.streams = 2;
  start(
    [](const request&) {
      auto result = text("");
      result.events = std::make_shared<talk>();
      return result;
    },
    how);
  raw_client first{where.port()};
  {
    raw_client second{where.port()};
    for (auto* each : {&first, &second}) {
      each->say(get);
      EXPECT_THAT(each->hear("\r\n\r\n"), HasSubstr(" 200 "));
    }
    const auto got = ask();
    EXPECT_THAT(got, StartsWith("HTTP/1.1 503 "));
    EXPECT_THAT(got, EndsWith("refused: all 2 streams are taken"));
  }
  EXPECT_TRUE(eventually([&] { return tested->current_load().streams == 1; }));
  raw_client third{where.port()};
  third.say(get);
  EXPECT_THAT(third.hear("\r\n\r\n"), HasSubstr(" 200 "));
}

TEST_F(http_server, leaves_who_does_not_listen_and_goes_on_with_others) {
  const auto endless = std::make_shared<talk>();
  endless->make_endless();
  server_options how;
  how.response_patience = 100ms;
  start(
    [&](const request& asked) {
      auto result = text(asked.target);
      if (asked.target == "/talk")
        result.events = endless;
      return result;
    },
    how);
  raw_client deaf{where.port(), 4096};
  deaf.say("GET /talk HTTP/1.1\r\n\r\n");
  EXPECT_TRUE(eventually([&] {
    EXPECT_THAT(ask(), EndsWith("/"));
    return endless->asked() > 0 && tested->current_load().streams == 0;
  }));
  // Nobody asks for what nobody hears.
  EXPECT_EQ(endless.use_count(), 1);
}

} // namespace

} // namespace switchgear::http
