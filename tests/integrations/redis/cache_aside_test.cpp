#include <gtest/gtest.h>

#include "redis_server.hpp"
#include "support/breakers.hpp"

using namespace std::chrono_literals;
using namespace switchgear;

namespace {

class redis_cache_aside : public testing::Test {
protected:
  expected<std::string, failure> get(duration expiry = {}) {
    return client.get_or(
      "key", [this] { return load(); }, expiry);
  }

  std::string load() {
    return "loaded " + std::to_string(++loads);
  }

  int loads = 0;
  test::redis_server server;
  runtime rt;
  redis_client client{rt.breaker("cache", test::trips_after(1)),
                      server.options()};
};

} // namespace

TEST_F(redis_cache_aside, loads_once) {
  for (int i = 0; i < 3; ++i)
    EXPECT_EQ(get(), "loaded 1");
  EXPECT_EQ(server.ask({"GET", "key"}), "loaded 1");
  EXPECT_EQ(server.ask({"PTTL", "key"}), "-1");
}

TEST_F(redis_cache_aside, what_is_written_expires) {
  EXPECT_EQ(get(1h), "loaded 1");
  const auto left = std::stoll(server.ask({"PTTL", "key"}));
  EXPECT_GT(left, 3'000'000);
  EXPECT_LE(left, 3'600'000);
}

TEST_F(redis_cache_aside, what_has_expired_already_is_not_written) {
  EXPECT_EQ(get(-1s), "loaded 1");
  EXPECT_EQ(server.ask({"EXISTS", "key"}), "0");
}

TEST_F(redis_cache_aside, loads_without_writing_while_the_breaker_is_open) {
  ASSERT_TRUE(client.breaker().isolate());
  for (int i = 1; i <= 10; ++i)
    EXPECT_EQ(get(), "loaded " + std::to_string(i));
  EXPECT_EQ(server.activity(), 0);
  EXPECT_EQ(client.breaker().stats()->total_rejected, 10u);
}

TEST_F(redis_cache_aside, loads_while_the_server_is_down) {
  server.kill();
  EXPECT_EQ(get(), "loaded 1");
  EXPECT_EQ(client.breaker().state(), state::open);
  EXPECT_EQ(client.breaker().stats()->total_failures, 1u);
  server.start();
  EXPECT_EQ(get(), "loaded 2");
  EXPECT_EQ(server.activity(), 0);
  EXPECT_EQ(server.ask({"EXISTS", "key"}), "0");
}

TEST_F(redis_cache_aside, leaves_what_is_no_text_alone) {
  server.ask({"LPUSH", "key", "x"});
  EXPECT_EQ(get(), "loaded 1");
  EXPECT_EQ(server.ask({"LLEN", "key"}), "1");
  EXPECT_EQ(client.breaker().state(), state::closed);
}

TEST_F(redis_cache_aside, writing_may_fail) {
  server.ask({"CONFIG", "SET", "maxmemory", "1"});
  EXPECT_EQ(get(), "loaded 1");
  EXPECT_EQ(client.breaker().stats()->total_failures, 1u); // it is -OOM
}

TEST_F(redis_cache_aside, a_loader_that_fails) {
  auto bad = client.get_or("key", []() -> expected<std::string, failure> {
    return make_unexpected(failure{errc::operation_failed, "database"});
  });
  ASSERT_FALSE(bad);
  EXPECT_EQ(bad.error().message(), "database");
  bad = client.get_or("key", []() -> expected<std::string, failure> {
    throw std::runtime_error{"thrown"};
  });
  ASSERT_FALSE(bad);
  EXPECT_THROW(std::rethrow_exception(bad.error().cause()), std::runtime_error);
  EXPECT_EQ(client.breaker().stats()->total_failures, 0u);
}
