#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "redis_server.hpp"
#include "support/breakers.hpp"

using namespace std::chrono_literals;
using namespace switchgear;
using kind = redis_reply::kind;

namespace {

class redis_answers : public testing::Test {
protected:
  std::uint64_t failures() {
    return client.breaker().stats()->total_failures;
  }

  test::redis_server server;
  runtime rt;
  // One failure would trip it.
  redis_client client{rt.breaker("cache", test::trips_after(1)),
                      server.options()};
};

} // namespace

TEST_F(redis_answers, of_each_kind) {
  const std::string bytes{"a\0b\r\n", 5};
  EXPECT_EQ(client.command({"SET", "key", bytes}),
            (redis_reply{.type = kind::status, .text = "OK"}));
  EXPECT_EQ(client.command({"GET", "key"}),
            (redis_reply{.type = kind::string, .text = bytes}));
  EXPECT_EQ(client.command({"INCR", "n"}),
            (redis_reply{.type = kind::integer, .integer = 1}));
  EXPECT_TRUE(client.command({"GET", "nothing"})->is_nil());
  const auto all = client.command({"MGET", "n", "nothing"});
  ASSERT_EQ(all->elements.size(), 2u);
  EXPECT_EQ(all->elements[0].text, "1");
  EXPECT_TRUE(all->elements[1].is_nil());
}

TEST_F(redis_answers, a_large_value) {
  const std::string bytes(20'000'000, 'x');
  ASSERT_TRUE(client.command({"SET", "key", bytes}));
  EXPECT_EQ(client.command({"GET", "key"})->text, bytes);
}

TEST_F(redis_answers, a_wrong_command_is_no_failure) {
  ASSERT_TRUE(client.command({"LPUSH", "list", "x"}));
  EXPECT_EQ(client.command({"GET", "list"})->error_code(), "WRONGTYPE");
  EXPECT_EQ(client.command({"NONSENSE"})->error_code(), "ERR");
  EXPECT_EQ(client.command({"EVALSHA", "0", "0"})->error_code(), "NOSCRIPT");
  EXPECT_EQ(
    client.command({"XGROUP", "CREATE", "list", "g", "$"})->error_code(),
    "WRONGTYPE");
  EXPECT_TRUE(client.command({})->is_error());
  EXPECT_EQ(failures(), 0u);
  EXPECT_EQ(client.breaker().state(), state::closed);
  // A connection and five commands: all on the same one.
  EXPECT_EQ(client.breaker().stats()->total_successes, 5u);
}

TEST_F(redis_answers, what_binds_a_connection_is_not_passed_on) {
  EXPECT_EQ(client.command({"multi"})->text, "OK");
  EXPECT_EQ(client.command({"SET", "key", "x"})->text, "OK"); // not `QUEUED`
  EXPECT_EQ(client.command({"SELECT", "3"})->text, "OK");
  EXPECT_EQ(client.command({"GET", "key"})->text, "x");
  EXPECT_TRUE(client.command({"SUBSCRIBE", "news"}));
  EXPECT_EQ(client.command({"GET", "key"})->text, "x");
}

// Redis says one thing for each channel.
TEST_F(redis_answers, nobody_gets_what_was_said_to_somebody_else) {
  ASSERT_TRUE(client.command({"SET", "key", "x"}));
  for (auto word : {"UNSUBSCRIBE", "punsubscribe", "SUNSUBSCRIBE"}) {
    ASSERT_TRUE(client.command({word, "one", "two"}));
    EXPECT_EQ(client.command({"GET", "key"})->text, "x") << word;
  }
}

TEST_F(redis_answers, another_database_with_a_password) {
  server.ask({"CONFIG", "SET", "requirepass", "secret"});
  auto options = server.options();
  options.password = "secret";
  options.database = 3;
  redis_client other{client.breaker(), options};
  ASSERT_TRUE(other.command({"SET", "key", "three"}));
  EXPECT_EQ(server.ask({"GET", "key"}), "");
  server.ask({"SELECT", "3"});
  EXPECT_EQ(server.ask({"GET", "key"}), "three");
}

TEST_F(redis_answers, many_threads_share_few_connections) {
  auto options = server.options();
  options.connections = 2;
  redis_client few{client.breaker(), options};
  std::atomic<int> good{0};
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 8; ++i)
      threads.emplace_back([&, text = std::to_string(i)] {
        for (int k = 0; k < 200; ++k)
          if (few.command({"ECHO", text})->text == text)
            ++good;
      });
  }
  EXPECT_EQ(good, 1600);
  EXPECT_LE(server.activity(), 1602);
  EXPECT_EQ(failures(), 0u);
}

TEST_F(redis_answers, a_full_pool_says_nothing_about_the_server) {
  auto options = server.options();
  options.connections = 1;
  options.pool_timeout = 1ms;
  redis_client one{client.breaker(), options};
  std::jthread waits{[&] { // it may itself find the pool full at first
    test::eventually([&] {
      return one.command({"BLPOP", "list", "0"}).has_value();
    });
  }};
  expected<redis_reply, failure> full;
  EXPECT_TRUE(test::eventually([&] {
    full = one.command({"PING"});
    return !full;
  }));
  EXPECT_EQ(full.error(), errc::bulkhead_full);
  server.ask({"LPUSH", "list", "x"});
  waits.join();
  EXPECT_EQ(failures(), 0u);
}

TEST(redis_options, what_is_not_allowed) {
  const redis_options bad{
    .host = "", .port = 0, .user = "me", .command_timeout = 0ms};
  const auto errors = explain(validate(bad));
  for (auto each : {"host = \"\": must be an address or a name",
                    "port = 0: must be 1 to 65535",
                    "password = (empty): must be set where user is",
                    "command_timeout = 0 ms: must be 1 ms to 1 h"})
    EXPECT_THAT(errors, testing::HasSubstr(each));
  runtime rt;
  EXPECT_THROW((redis_client{rt.breaker("cache"), bad}), setup_error);
  EXPECT_TRUE(validate(redis_options{}).empty());
}
