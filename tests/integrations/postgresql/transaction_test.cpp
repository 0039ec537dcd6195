#include <gtest/gtest.h>

#include <thread>

#include "postgresql_server.hpp"
#include "support/breakers.hpp"

using namespace std::chrono_literals;
using namespace switchgear;

namespace {

class postgresql_transaction : public testing::Test {
protected:
  postgresql_transaction() {
    EXPECT_TRUE(client.query("create table t (id int primary key)"));
  }

  std::string count() {
    return server.ask("select count(*) from t");
  }

  bool healthy() {
    return client.breaker().state() == state::closed
           && client.breaker().stats()->total_failures == 0;
  }

  test::postgresql_server server;
  runtime rt;
  postgresql_client client{rt.breaker("database", test::trips_after(1)),
                           server.options()};
};

using answer = expected<pg_rows, failure>;

} // namespace

TEST_F(postgresql_transaction, is_committed) {
  const auto result = client.transaction([](pg_transaction& tx) -> answer {
    tx.query("insert into t values ($1)", {1});
    tx.query("insert into t values ($1)", {2});
    return tx.query("select count(*) from t");
  });
  ASSERT_TRUE(result) << result.error().to_string();
  EXPECT_EQ((*result)[0][0], "2");
  EXPECT_EQ(count(), "2");
  EXPECT_EQ(client.breaker().stats()->total_calls, 2u); // with `create table`
}

TEST_F(postgresql_transaction, is_rolled_back_after_a_refusal) {
  // The body does not even look.
  const auto result = client.transaction([](pg_transaction& tx) -> answer {
    tx.query("insert into t values (1)");
    tx.query("insert into t values (1)");
    return pg_rows{};
  });
  ASSERT_TRUE(result) << result.error().to_string();
  ASSERT_FALSE(result->ok());
  EXPECT_EQ(result->refusal()->sqlstate, "23505");
  EXPECT_EQ(count(), "0");
  EXPECT_TRUE(healthy());
}

TEST_F(postgresql_transaction, goes_on_after_a_savepoint) {
  const auto result = client.transaction([](pg_transaction& tx) -> answer {
    tx.query("insert into t values (1)");
    tx.query("savepoint here");
    EXPECT_FALSE(tx.query("insert into t values (1)")->ok());
    tx.query("rollback to here");
    return tx.query("insert into t values (2)");
  });
  ASSERT_TRUE(result && result->ok());
  EXPECT_EQ(count(), "2");
}

TEST_F(postgresql_transaction, a_constraint_checked_at_its_end) {
  ASSERT_TRUE(client.query("create table u (id int references t (id) "
                           "deferrable initially deferred)"));
  const auto result = client.transaction(
    [](pg_transaction& tx) { return tx.query("insert into u values (5)"); });
  ASSERT_TRUE(result) << result.error().to_string();
  ASSERT_FALSE(result->ok());
  EXPECT_EQ(result->refusal()->sqlstate, "23503");
  EXPECT_TRUE(healthy());
}

TEST_F(postgresql_transaction, what_its_body_throws_is_the_bodys) {
  const auto result = client.transaction([](pg_transaction& tx) -> answer {
    tx.query("insert into t values (1)");
    throw std::runtime_error{"changed my mind"};
  });
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().message(), "std::runtime_error: changed my mind");
  EXPECT_THROW(std::rethrow_exception(result.error().cause()),
               std::runtime_error);
  EXPECT_EQ(count(), "0");
  EXPECT_TRUE(healthy());
}

TEST_F(postgresql_transaction, so_is_a_failure_of_something_else) {
  const auto result = client.transaction([](pg_transaction& tx) -> answer {
    tx.query("insert into t values (1)");
    return make_unexpected(failure{errc::operation_failed, "mail"});
  });
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().message(), "mail");
  EXPECT_EQ(count(), "0");
  EXPECT_TRUE(healthy());
}

TEST_F(postgresql_transaction, conflicts_are_for_the_caller_to_repeat) {
  ASSERT_TRUE(client.query("insert into t values (1)"));
  const auto result = client.transaction(
    [this](pg_transaction& tx) {
      tx.query("select * from t");
      // Somebody else is faster.
      EXPECT_TRUE(client.query("update t set id = 2"));
      return tx.query("update t set id = 3");
    },
    "begin isolation level serializable");
  ASSERT_TRUE(result) << result.error().to_string();
  ASSERT_FALSE(result->ok());
  EXPECT_EQ(result->refusal()->sqlstate, "40001");
  EXPECT_TRUE(result->refusal()->retryable());
  EXPECT_TRUE(healthy());
}

TEST_F(postgresql_transaction, a_lock_that_is_taken_is_no_failure) {
  ASSERT_TRUE(client.query("insert into t values (1)"));
  const auto result = client.transaction([this](pg_transaction& tx) {
    tx.query("select * from t for update");
    return client.query("select * from t for update nowait");
  });
  ASSERT_TRUE(result) << result.error().to_string();
  ASSERT_FALSE(result->ok());
  EXPECT_EQ(result->refusal()->sqlstate, "55P03");
  EXPECT_TRUE(healthy());
}

TEST_F(postgresql_transaction, a_lost_connection_ends_it) {
  int asked = 0;
  const auto result = client.transaction([&](pg_transaction& tx) -> answer {
    const auto pid = tx.query("select pg_backend_pid()");
    server.ask("select pg_terminate_backend(" + *(*pid)[0][0] + ")");
    EXPECT_FALSE(tx.query("insert into t values (1)"));
    const auto before = server.activity();
    EXPECT_FALSE(tx.query("insert into t values (2)"));
    EXPECT_EQ(server.activity(), before);
    ++asked;
    return pg_rows{}; // which it is not
  });
  EXPECT_EQ(asked, 1);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error(), errc::operation_failed);
  EXPECT_EQ(count(), "0");
  EXPECT_EQ(client.breaker().state(), state::open);
}

TEST_F(postgresql_transaction, lost_while_it_is_committed) {
  const auto result = client.transaction([&](pg_transaction& tx) -> answer {
    auto rows = tx.query("select pg_backend_pid()");
    server.ask("select pg_terminate_backend(" + *(*rows)[0][0] + ", 20000)");
    return rows;
  });
  ASSERT_FALSE(result);
  EXPECT_TRUE(result.error().message().starts_with(
    "whether it was committed is not known"));
}
