#include "http/server.hpp"

#include <gmock/gmock.h>

#include <atomic>
#include <chrono>
#include <deque>
#include <future>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "support/eventually.hpp"
#include "support/hold.hpp"
#include "support/raw_client.hpp"

using namespace std::chrono_literals;

namespace switchgear::http {

namespace {

using test::eventually;
using test::raw_client;
using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

const std::string get = "GET / HTTP/1.1\r\n\r\n";

response text(std::string body, int status = 200) {
  response result;
  result.status = status;
  result.body = std::move(body);
  result.content_type = "text/plain";
  return result;
}

response refusal(int status, const std::string& why) {
  return text("refused: " + why, status);
}

/// Tells what it is given.
class talk final : public event_source {
public:
  std::string next(time_point, std::size_t most) override {
    std::lock_guard guard{mutex_};
    ++asked_;
    if (broken_)
      throw std::runtime_error{"out of words"};
    if (endless_)
      return std::string(most, 'x');
    return std::exchange(text_, {});
  }

  void add(const std::string& more) {
    std::lock_guard guard{mutex_};
    text_ += more;
  }

  void make_endless() {
    std::lock_guard guard{mutex_};
    endless_ = true;
  }

  void break_it() {
    std::lock_guard guard{mutex_};
    broken_ = true;
  }

  int asked() {
    std::lock_guard guard{mutex_};
    return asked_;
  }

private:
  std::mutex mutex_;
  std::string text_;
  bool endless_ = false;
  bool broken_ = false;
  int asked_ = 0;
};

class http_server : public testing::Test {
protected:
  void start(engine::handler handle, server_options how = {},
             engine::error_handler refuse = refusal) {
    tested.emplace(where, std::move(how), std::move(handle), std::move(refuse),
                   [this](const std::string& why) { fault.set_value(why); });
  }

  /// What comes back to some bytes.
  std::string ask(const std::string& bytes = get) {
    raw_client client{where.port()};
    EXPECT_TRUE(client.say(bytes));
    return client.hear_all();
  }

  std::promise<std::string> fault;
  listening_socket where{"127.0.0.1", 0};
  std::optional<server> tested;
};

TEST_F(http_server, understands_requests) {
  start([](const request& asked) {
    return text(asked.method + '|' + asked.target + '|'
                + asked.query.find("q")->second + '|' + asked.body + '|'
                + asked.header("x-NAME") + '|' + asked.header("none") + '|'
                + asked.peer);
  });
  EXPECT_THAT(
    ask("PUT /a%2Fb?q=%26+%00z&r HTTP/1.1\r\nX-Name: v \r\n"
        "Content-Length: 3\r\n\r\na\nb"),
    HasSubstr(std::string{"PUT|/a%2Fb|& \0z|a\nb|v||127.0.0.1:", 30}));
}

TEST_F(http_server, answers) {
  start([](const request&) {
    auto result = text("hello", 418);
    result.headers.emplace_back("X-One", "1");
    return result;
  });
  const auto got = ask();
  EXPECT_THAT(got, StartsWith("HTTP/1.1 418 "));
  EXPECT_THAT(got, HasSubstr("\r\nX-One: 1\r\n"));
  EXPECT_THAT(got, HasSubstr("\r\nContent-Type: text/plain\r\n"));
  EXPECT_THAT(got, HasSubstr("\r\nContent-Length: 5\r\n"));
  EXPECT_THAT(got, HasSubstr("\r\nConnection: close\r\n"));
  EXPECT_THAT(got, EndsWith("\r\n\r\nhello"));
  EXPECT_THAT(ask("HEAD / HTTP/1.1\r\n\r\n"), EndsWith("\r\n\r\n"));
}

TEST_F(http_server, lets_no_header_become_two) {
  start([](const request&) {
    auto result = text("");
    result.headers.emplace_back("X-One", "1\r\nX-Two: 2");
    return result;
  });
  EXPECT_THAT(ask(), Not(HasSubstr("X-Two")));
}

TEST_F(http_server, refuses_what_it_does_not_understand) {
  start([](const request&) { return text("fine"); });
  EXPECT_THAT(ask("\x16\x03\x01"), StartsWith("HTTP/1.1 400 "));
  EXPECT_THAT(ask("BREW / HTTP/1.1\r\n\r\n"), HasSubstr("\r\n\r\nrefused: "));
  EXPECT_THAT(ask("GET / HTTP/1.1\r\nTransfer-Encoding: x\r\n\r\n"),
              StartsWith("HTTP/1.1 411 "));
  EXPECT_THAT(ask(), EndsWith("fine"));
}

TEST_F(http_server, tells_what_a_handler_throws) {
  start([](const request& asked) -> response {
    if (asked.target == "/number")
      throw 42;
    throw std::runtime_error{"no luck"};
  });
  EXPECT_THAT(ask(), StartsWith("HTTP/1.1 500 "));
  EXPECT_THAT(ask(), EndsWith("refused: no luck"));
  EXPECT_THAT(ask("GET /number HTTP/1.1\r\n\r\n"),
              HasSubstr("no std::exception"));
}

// Whose answer cannot even be refused is left, and does not wait for ever.
TEST_F(http_server, leaves_whom_it_cannot_answer) {
  start([](const request&) -> response { throw std::runtime_error{"one"}; }, {},
        [](int, const std::string&) -> response {
          throw std::runtime_error{"two"};
        });
  EXPECT_EQ(ask(), "");
  EXPECT_TRUE(
    eventually([&] { return tested->current_load().connections == 0; }));
}

TEST_F(http_server, reads_a_body_in_small_parts) {
  start([](const request& asked) { return text(asked.body); });
  raw_client client{where.port()};
  client.say("PUT / HTTP/1.1\r\nExpect: 100-continue\r\n"
             "Content-Length: 6\r\n\r\n");
  EXPECT_EQ(client.hear("\r\n\r\n"), "HTTP/1.1 100 Continue\r\n\r\n");
  for (const auto* each : {"a", "b", "", "cd", "e", "fghi"})
    client.say(each);
  const auto got = client.hear_all();
  EXPECT_THAT(got, EndsWith("\r\n\r\nabcdef"));
  EXPECT_EQ(got.find("100 Continue"), got.rfind("100 Continue"));
}

TEST_F(http_server, does_not_wait_for_slow_requests) {
  server_options how;
  how.request_patience = 50ms;
  start([](const request&) { return text("fine"); }, how);
  EXPECT_THAT(ask("GET"), StartsWith("HTTP/1.1 408 "));
  EXPECT_THAT(ask("PUT / HTTP/1.1\r\nContent-Length: 9\r\n\r\n123"),
              StartsWith("HTTP/1.1 408 "));
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

TEST_F(http_server, answers_what_is_urgent_while_all_else_hangs) {
  test::hold held;
  server_options how;
  how.threads = 1;
  how.urgent = [](std::string_view target) { return target == "/health"; };
  start(
    [door = held.door()](const request& asked) {
      if (asked.target != "/health")
        (*door)();
      return text(asked.target);
    },
    how);
  std::deque<raw_client> others;
  for (int i = 0; i < 5; ++i)
    others.emplace_back(where.port()).say(get);
  ASSERT_TRUE(held.await_arrivals(1));
  for (int i = 0; i < 10; ++i)
    EXPECT_THAT(ask("GET /health HTTP/1.1\r\n\r\n"), EndsWith("/health"));
  EXPECT_EQ(held.arrived(), 1u);
  held.release();
  for (auto& each : others)
    EXPECT_THAT(each.hear_all(), EndsWith("/"));
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

TEST_F(http_server, compresses_with_what_is_cheap) {
  start([](const request&) { return text(std::string(10'000, 'x')); });
  const auto head_of = [&](const std::string& accepted) {
    const auto got
      = ask("GET / HTTP/1.1\r\nAccept-Encoding: " + accepted + "\r\n\r\n");
    return got.substr(0, got.find("\r\n\r\n"));
  };
  EXPECT_THAT(head_of("br, gzip"), HasSubstr("Content-Encoding: gzip"));
  EXPECT_THAT(head_of("br\r\nAccept-Encoding: gzip"),
              HasSubstr("Content-Encoding: gzip"));
  EXPECT_THAT(head_of("br"), Not(HasSubstr("Content-Encoding")));
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
