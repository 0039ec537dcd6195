#include <gmock/gmock.h>

#include <atomic>
#include <chrono>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "server_fixture.hpp"
#include "support/eventually.hpp"
#include "support/hold.hpp"

using namespace std::chrono_literals;

namespace switchgear::http {

namespace {

using test::eventually;
using test::raw_client;
using testing::EndsWith;
using testing::HasSubstr;

TEST_F(http_server, does_not_wait_for_slow_requests) {
  server_options how;
  how.request_patience = 50ms;
  start([](const request&) { return text("fine"); }, how);
  for (const auto* half :
       {"GET", "PUT / HTTP/1.1\r\nContent-Length: 9\r\n\r\n123"})
    EXPECT_TRUE(eventually([&] { // where a machine lets clients begin in time
      raw_client client{where.port()};
      client.say(half);
      return client.hear_all().starts_with("HTTP/1.1 408 ");
    }));
  EXPECT_EQ(ask(""), ""); // who has not begun is not told
}

TEST_F(http_server, makes_room_by_closing_the_slowest) {
  server_options how;
  how.connections = 3;
  how.request_patience = 1h;
  start([](const request&) { return text("fine"); }, how);
  const auto connected = [&](std::size_t count) {
    return eventually(
      [&] { return tested->current_load().connections == count; });
  };
  std::deque<raw_client> clients;
  for (std::size_t i = 1; i <= 3; ++i) {
    clients.emplace_back(where.port());
    ASSERT_TRUE(connected(i));
  }
  clients.emplace_back(where.port());
  EXPECT_TRUE(clients[0].is_left());
  clients.emplace_back(where.port());
  EXPECT_TRUE(clients[1].is_left());
  // The others are still there.
  for (std::size_t i = 2; i < clients.size(); ++i) {
    EXPECT_TRUE(clients[i].say(get));
    EXPECT_THAT(clients[i].hear_all(), EndsWith("fine"));
  }
}

// All of them are taken at once, and one by one they have to go.
TEST_F(http_server, makes_room_for_the_last_of_many_who_come_at_once) {
  server_options how;
  how.connections = 3;
  how.request_patience = 1h;
  std::deque<raw_client> clients;
  for (int i = 0; i < 30; ++i)
    clients.emplace_back(where.port());
  start([](const request&) { return text("fine"); }, how);
  for (std::size_t i = 0; i < 27; ++i)
    EXPECT_TRUE(clients[i].is_left()) << i;
  for (std::size_t i = 27; i < 30; ++i) {
    EXPECT_TRUE(clients[i].say(get));
    EXPECT_THAT(clients[i].hear_all(), EndsWith("fine"));
  }
}

TEST_F(http_server, does_not_drive_out_those_who_are_answered_or_follow) {
  test::hold held;
  server_options how;
  how.connections = 3;
  how.request_patience = 1h;
  const auto story = std::make_shared<talk>();
  start(
    [&, door = held.door()](const request& asked) {
      auto result = text("fine");
      if (asked.target == "/talk")
        result.events = story;
      else
        (*door)();
      return result;
    },
    how);
  raw_client follows{where.port()};
  follows.say("GET /talk HTTP/1.1\r\n\r\n");
  follows.hear("\r\n\r\n");
  raw_client waits{where.port()};
  waits.say(get);
  ASSERT_TRUE(held.await_arrivals(1));
  for (int i = 0; i < 5; ++i) {
    raw_client idle{where.port()};
    raw_client another{where.port()};
    EXPECT_TRUE(idle.is_left());
  }
  held.release();
  EXPECT_THAT(waits.hear_all(), EndsWith("fine"));
  story->add("the end");
  tested->wake_streams();
  EXPECT_THAT(follows.hear("the end"), EndsWith("the end"));
}

TEST_F(http_server, answers_each_lane_while_the_others_hang) {
  server_options how;
  how.threads = 1;
  how.lane_of = [](std::string_view target) {
    return target == "/at_once" ? lane::at_once
           : target == "/watch" ? lane::watch
           : target == "/slow"  ? lane::slow
                                : lane::common;
  };
  // Of each lane that is to hang.
  std::map<std::string, test::hold> holds;
  std::mutex mutex;
  start(
    [&](const request& asked) {
      std::shared_ptr<test::hold::way> door;
      {
        std::lock_guard guard{mutex};
        if (const auto i = holds.find(asked.target); i != holds.end())
          door = i->second.door();
      }
      if (door)
        (*door)();
      return text(asked.target);
    },
    how);
  const auto request_for = [](const std::string& path) {
    return "GET " + path + " HTTP/1.1\r\n\r\n";
  };
  const std::vector<std::string> lanes{"/common", "/watch", "/slow"};
  for (const auto& chosen : lanes) {
    std::deque<raw_client> others;
    {
      std::lock_guard guard{mutex};
      for (const auto& each : lanes)
        if (each != chosen)
          holds[each]; // hangs
    }
    for (auto& [path, held] : holds) {
      for (int i = 0; i < 3; ++i)
        others.emplace_back(where.port()).say(request_for(path));
      ASSERT_TRUE(held.await_arrivals(1));
    }
    for (int i = 0; i < 5; ++i) {
      EXPECT_THAT(ask(request_for(chosen)), EndsWith(chosen));
      EXPECT_THAT(ask(request_for("/at_once")), EndsWith("/at_once"));
    }
    for (auto& [path, held] : holds) {
      EXPECT_EQ(held.arrived(), 1u) << path;
      held.release();
    }
    for (auto& each : others)
      EXPECT_THAT(each.hear_all(), HasSubstr("HTTP/1.1 200 "));
    std::lock_guard guard{mutex};
    holds.clear();
  }
}

TEST_F(http_server, keeps_no_more_answers_than_there_is_memory_for) {
  constexpr std::size_t size = 8 * 1024 * 1024; // more than the system takes
  server_options how;
  how.memory = 3 * size;
  how.response_patience = 1h;
  start([](const request&) { return text(std::string(size, 'x')); }, how);
  std::deque<raw_client> clients;
  for (int i = 0; i < 10; ++i) {
    clients.emplace_back(where.port(), 4096).say(get);
    clients.back().hear("\r\n\r\n"); // it is under way
  }
  EXPECT_TRUE(
    eventually([&] { return tested->current_load().connections <= 3; }));
  // The last one can have all of it.
  EXPECT_THAT(clients.back().hear_all(), HasSubstr(std::string(size, 'x')));
}

TEST_F(http_server, gives_an_answer_that_is_larger_than_its_memory) {
  server_options how;
  how.memory = 1000;
  start([](const request&) { return text(std::string(10'000'000, 'x')); }, how);
  EXPECT_GT(ask().size(), 10'000'000u);
  EXPECT_GT(ask().size(), 10'000'000u);
}

TEST_F(http_server, does_not_wait_for_those_who_do_not_read) {
  server_options how;
  how.response_patience = 50ms;
  start([](const request&) { return text(std::string(10'000'000, 'x')); }, how);
  raw_client client{where.port(), 4096};
  client.say(get);
  EXPECT_TRUE(eventually([&] {
    client.hear("HTTP"); // it has begun
    return tested->current_load().connections == 0;
  }));
}

TEST_F(http_server, is_there_for_many_at_once) {
  std::atomic<int> answered = 0;
  server_options how;
  how.connections = 50;
  start([](const request&) { return text("fine"); }, how);
  {
    std::vector<std::jthread> clients;
    for (int i = 0; i < 8; ++i)
      clients.emplace_back([&] {
        for (int n = 0; n < 50; ++n)
          if (ask().ends_with("fine"))
            ++answered;
      });
  }
  EXPECT_EQ(answered, 8 * 50);
  EXPECT_TRUE(
    eventually([&] { return tested->current_load().connections == 0; }));
}

} // namespace

} // namespace switchgear::http
