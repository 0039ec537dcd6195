#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <thread>

#include "integrations/support/life.hpp"
#include "postgresql_server.hpp"

using namespace std::chrono_literals;
using namespace switchgear;
using test::eventually;

namespace {

class postgresql_life : public testing::Test {
protected:
  expected<pg_rows, failure> ask() {
    return client.query("select 1");
  }

  void expect_silence() {
    const auto seen = [this] { return server.activity(); };
    test::expect_silence(
      breaker, [this] { return ask(); }, seen);
    const auto before = seen();
    EXPECT_EQ(
      client.transaction([](auto& tx) { return tx.query("select 1"); }).error(),
      errc::circuit_open);
    EXPECT_EQ(seen(), before);
    EXPECT_EQ(breaker.stats()->total_rejected, 101u);
  }

  void expect_recovery() {
    test::expect_recovery(breaker, [this] { return ask(); });
  }

  test::postgresql_server server{
    {"max_connections=6", "superuser_reserved_connections=2"}};
  runtime rt;
  switchgear::breaker breaker{rt.breaker("database", test::probes_when_told())};
  postgresql_options options{server.options()};
  postgresql_client client{breaker, options};
};

} // namespace

TEST_F(postgresql_life, killed_and_started_again) {
  ASSERT_TRUE(ask());
  server.kill();
  for (int i = 0; i < 2; ++i) {
    const auto gone = ask();
    ASSERT_FALSE(gone);
    EXPECT_EQ(gone.error(), errc::operation_failed);
    EXPECT_THAT(gone.error().message(), testing::HasSubstr("refused"));
  }
  ASSERT_EQ(breaker.state(), state::open);
  server.start();
  expect_silence();
  expect_recovery();
}

TEST_F(postgresql_life, started_again_while_nobody_asked) {
  ASSERT_TRUE(ask());
  server.kill();
  server.start();
  EXPECT_TRUE(ask()); // on a new connection
  EXPECT_EQ(breaker.stats()->total_failures, 0u);
}

TEST_F(postgresql_life, frozen_with_a_connection_open) {
  options.statement_timeout = 50ms;
  options.statement_grace = 50ms;
  options.connect_timeout = 100ms;
  postgresql_client impatient{breaker, options};
  // The first connection may take its time.
  ASSERT_TRUE(eventually([&] {
    breaker.reset();
    return impatient.query("select 1").has_value();
  }));
  breaker.reset();
  const auto before = server.activity();
  server.freeze();
  // First on the open connection, then on the way to a new one.
  for (auto text : {"no answer within 100 ms", "no connection within 100 ms"}) {
    expected<pg_rows, failure> late;
    const auto took
      = test::time_of([&] { late = impatient.query("select 1"); });
    ASSERT_FALSE(late);
    EXPECT_EQ(late.error(), errc::timeout);
    EXPECT_EQ(late.error().message(), text);
    EXPECT_GE(took, 100ms);
    EXPECT_LT(took, test::patience);
  }
  ASSERT_EQ(breaker.state(), state::open);
  server.thaw();
  // What was asked before has reached the server, which sees it now: a
  // statement and a connection.
  ASSERT_TRUE(eventually([&] {
    return server.activity() >= before + 2
           && server.ask("select count(*) from pg_stat_activity "
                         "where backend_type = 'client backend'")
                == "1";
  }));
  expect_silence();
  expect_recovery();
}

TEST_F(postgresql_life, statements_that_take_too_long) {
  options.statement_timeout = 50ms;
  options.statement_grace = test::patience;
  postgresql_client impatient{breaker, options};
  for (int i = 0; i < 2; ++i) {
    const auto late = impatient.query("select pg_sleep(100)");
    ASSERT_FALSE(late);
    EXPECT_EQ(late.error(), errc::timeout); // the server itself says so
    EXPECT_THAT(late.error().message(), testing::HasSubstr("57014"));
  }
  EXPECT_EQ(breaker.stats()->total_timeouts, 2u);
  expect_silence();
  expect_recovery();
}

TEST_F(postgresql_life, connections_cut_while_they_are_idle) {
  for (int i = 0; i < 10; ++i) {
    const auto pid = client.query("select pg_backend_pid()");
    ASSERT_TRUE(pid) << pid.error().to_string();
    server.ask("select pg_terminate_backend(" + *(*pid)[0][0] + ", 20000)");
  }
  EXPECT_EQ(breaker.stats()->total_failures, 0u);
}

TEST_F(postgresql_life, connections_cut_while_they_are_in_use) {
  for (int i = 0; i < 2; ++i) {
    std::jthread cut{[&] {
      const std::string of = "from pg_stat_activity where query like "
                             "'select pg_sleep%' and state = 'active'";
      eventually([&] { return server.ask("select count(*) " + of) == "1"; });
      server.ask("select pg_terminate_backend(pid) " + of);
    }};
    const auto lost = client.query("select pg_sleep(100)");
    ASSERT_FALSE(lost);
    EXPECT_EQ(lost.error(), errc::operation_failed);
    EXPECT_THAT(lost.error().message(), testing::HasSubstr("57P01"));
  }
  expect_silence();
  expect_recovery();
}

TEST_F(postgresql_life, too_many_connections) {
  ASSERT_TRUE(client.query("create role guest login"));
  auto guest = options;
  guest.connection = server.where() + " user=guest";
  postgresql_client poor{breaker, guest};
  guest.connections = 10;
  postgresql_client greedy{rt.breaker("others"), guest};
  // Takes one after the other, until there is none left for it.
  std::function<void()> take = [&] {
    const auto taken = greedy.transaction([&](pg_transaction& tx) {
      take();
      return tx.query("select 1");
    });
    if (taken)
      return;
    for (int i = 0; i < 2; ++i)
      EXPECT_THAT(poor.query("select 1").error().message(),
                  testing::HasSubstr("53300"));
  };
  take();
  expect_silence();
  expect_recovery();
}

TEST_F(postgresql_life, a_server_that_is_shutting_down) {
  ASSERT_TRUE(client.transaction([&](pg_transaction& tx) {
    // It waits for this one, and lets nobody else in.
    server.signal(SIGTERM);
    EXPECT_TRUE(eventually([&] { return !ask(); }));
    EXPECT_THAT(ask().error().message(), testing::HasSubstr("57P03"));
    return tx.query("select 1");
  }));
}

TEST_F(postgresql_life, a_server_that_takes_no_changes) {
  ASSERT_TRUE(client.query("create table t (id int)"));
  // Who asks for it has it.
  const auto own = client.transaction(
    [](pg_transaction& tx) { return tx.query("insert into t values (1)"); },
    "begin read only");
  ASSERT_TRUE(own);
  EXPECT_EQ(own->refusal()->sqlstate, "25006");
  auto standby = options;
  standby.connection += " options='-c default_transaction_read_only=on'";
  postgresql_client other{breaker, standby};
  const auto refused = other.query("insert into t values (1)");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error(), errc::operation_failed);
  EXPECT_TRUE(other.query("select 1"));
}
