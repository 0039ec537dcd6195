#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "integrations/support/life.hpp"
#include "redis_server.hpp"

using namespace std::chrono_literals;
using namespace switchgear;
using test::eventually;
using testing::HasSubstr;

namespace {

class redis_life : public testing::Test {
protected:
  expected<redis_reply, failure> ask(std::vector<std::string> words
                                     = {"GET", "key"}) {
    return client.command(words);
  }

  /// Two failures that tell of `why`.
  void expect_failures(std::vector<std::string> words, errc code,
                       const std::string& why) {
    for (int i = 0; i < 2; ++i) {
      const auto bad = ask(words);
      ASSERT_FALSE(bad);
      EXPECT_EQ(bad.error(), code);
      EXPECT_THAT(bad.error().message(), HasSubstr(why));
    }
    EXPECT_EQ(breaker.state(), state::open);
  }

  void expect_silence() {
    test::expect_silence(
      breaker, [this] { return ask(); }, [this] { return server.activity(); });
  }

  void expect_recovery() {
    test::expect_recovery(breaker, [this] { return ask(); });
  }

  test::redis_server server;
  runtime rt;
  switchgear::breaker breaker{rt.breaker("cache", test::probes_when_told())};
  redis_client client{breaker, server.options()};
};

} // namespace

TEST_F(redis_life, killed_and_started_again) {
  ASSERT_TRUE(ask());
  server.kill();
  expect_failures({"PING"}, errc::operation_failed, "Connection refused");
  server.start();
  expect_silence();
  EXPECT_EQ(server.activity(), 0);
  expect_recovery();
}

TEST_F(redis_life, started_again_while_nobody_asked) {
  ASSERT_TRUE(ask());
  server.kill();
  server.start();
  EXPECT_TRUE(ask()); // on a new connection
  EXPECT_EQ(breaker.stats()->total_failures, 0u);
}

TEST_F(redis_life, frozen) {
  auto options = server.options();
  options.command_timeout = 100ms;
  redis_client impatient{breaker, options};
  ASSERT_TRUE(eventually([&] {
    breaker.reset();
    return impatient.command({"PING"});
  }));
  breaker.reset();
  const auto before = server.activity();
  server.freeze();
  // First on the open connection, then on a new one, which the system accepts.
  for (int i = 0; i < 2; ++i) {
    expected<redis_reply, failure> late;
    const auto took = test::time_of([&] {
      late = impatient.command({"GET", "key"});
    });
    ASSERT_FALSE(late);
    EXPECT_EQ(late.error(), errc::timeout);
    EXPECT_EQ(late.error().message(), "no answer within 100 ms");
    EXPECT_GE(took, 100ms);
    EXPECT_LT(took, test::patience);
  }
  ASSERT_EQ(breaker.state(), state::open);
  server.thaw();
  // It still sees what came before: two more commands and a connection.
  ASSERT_TRUE(eventually([&] { return server.activity() >= before + 3; }));
  expect_silence();
  expect_recovery();
}

TEST_F(redis_life, frozen_before_it_knows_who_we_are) {
  auto options = server.options();
  options.connect_timeout = 100ms;
  options.database = 1;
  redis_client impatient{breaker, options};
  server.freeze();
  const auto late = impatient.command({"PING"});
  ASSERT_FALSE(late);
  EXPECT_EQ(late.error(), errc::timeout);
  EXPECT_EQ(late.error().message(), "no connection within 100 ms");
  server.thaw();
}

TEST_F(redis_life, connections_cut_while_they_are_idle) {
  for (int i = 0; i < 10; ++i) {
    ASSERT_TRUE(ask());
    server.ask({"CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes"});
  }
  EXPECT_EQ(breaker.stats()->total_failures, 0u);
}

TEST_F(redis_life, connections_cut_while_they_are_in_use) {
  for (int i = 0; i < 2; ++i) {
    std::jthread cut{[&] {
      eventually([&] {
        return server.ask({"INFO", "clients"}).find("blocked_clients:1")
               != std::string::npos;
      });
      server.ask({"CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes"});
    }};
    const auto lost = ask({"BLPOP", "list", "0"});
    ASSERT_FALSE(lost);
    EXPECT_EQ(lost.error(), errc::operation_failed);
    EXPECT_THAT(lost.error().message(), HasSubstr("connection lost"));
  }
  expect_silence();
  expect_recovery();
}

TEST_F(redis_life, too_many_clients) {
  server.ask({"CONFIG", "SET", "maxclients", "1"}); // the test's own
  for (int i = 0; i < 2; ++i) {
    const auto full = ask();
    ASSERT_FALSE(full);
    // Its refusal may get lost when it closes a connection with data in it.
    EXPECT_THAT(full.error().message(),
                testing::AnyOf(HasSubstr("max number of clients"),
                               HasSubstr("connection lost")));
  }
  expect_silence();
  server.ask({"CONFIG", "SET", "maxclients", "100"});
  expect_recovery();
}

TEST_F(redis_life, no_memory) {
  server.ask({"CONFIG", "SET", "maxmemory", "1"});
  EXPECT_TRUE(ask()); // it still reads
  expect_failures({"SET", "key", "x"}, errc::operation_failed, "OOM");
  expect_silence();
  server.ask({"CONFIG", "SET", "maxmemory", "0"});
  expect_recovery();
}

TEST_F(redis_life, a_script_without_end) {
  server.ask({"CONFIG", "SET", "busy-reply-threshold", "1"});
  runtime others;
  redis_client other{others.breaker("other"), server.options()};
  expected<redis_reply, failure> script;
  std::jthread runs{[&] {
    script = other.command({"EVAL", "while true do end", "0"});
  }};
  ASSERT_TRUE(
    eventually([&] { return server.ask({"PING"}).starts_with("BUSY"); }));
  expect_failures({"GET", "key"}, errc::operation_failed, "BUSY");
  server.ask({"SCRIPT", "KILL"});
  expect_recovery();
}

TEST_F(redis_life, a_replica_without_its_master) {
  server.ask({"REPLICAOF", "127.0.0.1", "1"});
  expect_failures({"SET", "key", "x"}, errc::operation_failed, "READONLY");
  expect_recovery(); // for it still reads
  breaker.reconfigure(test::probes_when_told());
  server.ask({"CONFIG", "SET", "replica-serve-stale-data", "no"});
  expect_failures({"GET", "key"}, errc::operation_failed, "MASTERDOWN");
}

TEST_F(redis_life, no_replicas) {
  server.ask({"CONFIG", "SET", "min-replicas-to-write", "1"});
  expect_failures({"SET", "key", "x"}, errc::operation_failed, "NOREPLICAS");
}

TEST_F(redis_life, a_password_that_nobody_told_us) {
  server.ask({"CONFIG", "SET", "requirepass", "secret"});
  expect_failures({"GET", "key"}, errc::operation_failed, "NOAUTH");
}

TEST(redis_cluster, without_its_slots) {
  test::redis_server server{{"--cluster-enabled", "yes"}};
  runtime rt;
  redis_client client{rt.breaker("cache"), server.options()};
  const auto down = client.command({"GET", "key"});
  ASSERT_FALSE(down);
  EXPECT_THAT(down.error().message(), HasSubstr("CLUSTERDOWN"));
}
