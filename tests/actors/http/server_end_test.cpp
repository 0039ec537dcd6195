#include <gmock/gmock.h>

#include <chrono>
#include <future>
#include <memory>
#include <string>
#include <string_view>

#include "server_fixture.hpp"
#include "support/eventually.hpp"
#include "support/hold.hpp"

using namespace std::chrono_literals;

namespace switchgear::http {

namespace {

using test::eventually;
using test::raw_client;
using testing::EndsWith;

TEST_F(http_server, ends_while_requests_are_answered) {
  test::hold held;
  start([door = held.door()](const request&) {
    (*door)();
    return text("fine");
  });
  raw_client client{where.port()};
  client.say(get);
  raw_client idle{where.port()};
  ASSERT_TRUE(held.await_arrivals(1));
  auto ending = std::async(std::launch::async, [&] { tested.reset(); });
  EXPECT_EQ(ending.wait_for(20ms), std::future_status::timeout);
  held.release();
  EXPECT_THAT(client.hear_all(), EndsWith("fine")); // it still gets its answer
  EXPECT_EQ(idle.hear_all(), "");
  ending.get();
}

TEST_F(http_server, answers_who_has_asked_before_it_ends) {
  test::hold held;
  server_options how;
  how.lane_of = [](std::string_view) { return lane::at_once; };
  start(
    [door = held.door()](const request& asked) {
      if (asked.target == "/hang")
        (*door)();
      return text("fine");
    },
    how);
  raw_client client{where.port()};
  ASSERT_TRUE(
    eventually([&] { return tested->current_load().connections == 1; }));
  raw_client hangs{where.port()};
  hangs.say("GET /hang HTTP/1.1\r\n\r\n");
  ASSERT_TRUE(held.await_arrivals(1));
  client.say(get); // is not read yet
  auto ending = std::async(std::launch::async, [&] { tested->stop(0s); });
  EXPECT_EQ(ending.wait_for(20ms), std::future_status::timeout);
  held.release();
  EXPECT_THAT(client.hear_all(), EndsWith("fine"));
  EXPECT_THAT(hangs.hear_all(), EndsWith("fine"));
}

TEST_F(http_server, ends_at_once_if_nobody_is_there_to_wait_for) {
  start([](const request&) {
    auto result = text("");
    result.events = std::make_shared<talk>();
    return result;
  });
  raw_client follows{where.port()};
  follows.say(get);
  follows.hear("\r\n\r\n");
  raw_client idle{where.port()};
  idle.say("GET");
  EXPECT_LT(test::time_of([&] { tested.reset(); }), 4s);
}

TEST_F(http_server, ends_at_once_if_it_has_no_patience) {
  start([](const request&) { return text(std::string(10'000'000, 'x')); });
  raw_client slow{where.port(), 4096};
  slow.say(get);
  slow.hear("\r\n\r\n"); // it is on its way
  tested->stop(0s);
  EXPECT_LT(slow.hear_all().size(), 10'000'000u);
  tested->stop(0s);
}

TEST_F(http_server, another_one_takes_over) {
  start([](const request&) { return text("first"); });
  EXPECT_THAT(ask(), EndsWith("first"));
  tested.reset();
  raw_client waits{where.port()}; // nobody serves now
  waits.say(get);
  start([](const request&) { return text("second"); });
  EXPECT_THAT(waits.hear_all(), EndsWith("second"));
}

TEST_F(http_server, says_why_it_cannot_go_on) {
  const auto story = std::make_shared<talk>();
  start([&](const request&) {
    auto result = text("");
    result.events = story;
    return result;
  });
  raw_client client{where.port()};
  client.say(get);
  client.hear("\r\n\r\n");
  story->break_it();
  tested->wake_streams();
  EXPECT_EQ(fault.get_future().get(), "out of words");
  EXPECT_TRUE(client.is_left());
  EXPECT_TRUE(
    eventually([&] { return tested->current_load().connections == 0; }));
}

} // namespace

} // namespace switchgear::http
