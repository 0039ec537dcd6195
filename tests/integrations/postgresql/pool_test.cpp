#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "postgresql_server.hpp"
#include "support/breakers.hpp"

using namespace std::chrono_literals;
using namespace switchgear;

TEST(postgresql_pool, many_threads_share_few_connections) {
  test::postgresql_server server;
  runtime rt;
  auto options = server.options();
  options.connections = 2;
  postgresql_client client{rt.breaker("database", test::trips_after(1)),
                           options};
  std::atomic<int> good{0};
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 8; ++i)
      threads.emplace_back([&, i] {
        for (int k = 0; k < 50; ++k)
          if (const auto rows = client.query("select $1::int", {i});
              rows && (*rows)[0][0] == std::to_string(i))
            ++good;
      });
  }
  EXPECT_EQ(good, 400);
  // Two connections, two timeouts set, and the statements; or fewer.
  EXPECT_LE(server.activity(), 404u);
}

TEST(postgresql_pool, a_full_pool_says_nothing_about_the_server) {
  test::postgresql_server server;
  runtime rt;
  auto options = server.options();
  options.connections = 1;
  options.pool_timeout = 1ms;
  postgresql_client client{rt.breaker("database", test::trips_after(1)),
                           options};
  const auto outer = client.transaction([&](pg_transaction& tx) {
    const auto inner = client.query("select 1");
    EXPECT_EQ(inner.error(), errc::bulkhead_full);
    EXPECT_EQ(inner.error().message(), "all 1 connections are in use");
    return tx.query("select 2");
  });
  EXPECT_TRUE(outer);
  const auto stats = client.breaker().stats();
  EXPECT_EQ(stats->total_failures, 0u);
  EXPECT_EQ(stats->total_ignored, 1u);
}

TEST(postgresql_options, what_is_not_allowed) {
  postgresql_options bad{.connection = "hostname=x password=secret",
                         .connections = 0,
                         .connect_timeout = 0ms};
  const auto errors = explain(validate(bad));
  EXPECT_THAT(errors, testing::HasSubstr("connection = (hidden): must be what "
                                         "libpq understands"));
  EXPECT_THAT(errors, testing::Not(testing::HasSubstr("secret")));
  EXPECT_THAT(errors, testing::HasSubstr("connections = 0: must be 1 to 1000"));
  EXPECT_THAT(
    errors, testing::HasSubstr("connect_timeout = 0 ms: must be 1 ms to 1 h"));
  // What libpq says of these repeats a part of them, or all.
  for (auto leaky : {"host=x password=my secret", "postgresql://me:secret@[x"})
    EXPECT_THAT(explain(validate(postgresql_options{.connection = leaky})),
                testing::AllOf(testing::HasSubstr("it says: "),
                               testing::Not(testing::HasSubstr("secret"))));
  runtime rt;
  EXPECT_THROW((postgresql_client{rt.breaker("database"), bad}), setup_error);
  EXPECT_TRUE(validate(postgresql_options{}).empty());
}
