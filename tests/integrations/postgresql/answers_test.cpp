#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "postgresql_server.hpp"
#include "support/breakers.hpp"

using namespace std::chrono_literals;
using namespace switchgear;

namespace {

class postgresql_answers : public testing::Test {
protected:
  std::uint64_t failures() {
    return client.breaker().stats()->total_failures;
  }

  std::uint64_t successes() {
    return client.breaker().stats()->total_successes;
  }

  test::postgresql_server server;
  runtime rt;
  // One failure would trip it.
  postgresql_client client{rt.breaker("database", test::trips_after(1)),
                           server.options()};
};

std::string refused_with(const expected<pg_rows, failure>& answer) {
  if (!answer)
    return answer.error().to_string();
  return answer->refusal() ? answer->refusal()->sqlstate : "nothing";
}

} // namespace

TEST_F(postgresql_answers, rows_columns_and_null) {
  const auto rows = client.query("select n, n * 2 as twice, null as none "
                                 "from generate_series(1, 3) n");
  ASSERT_TRUE(rows) << rows.error().to_string();
  ASSERT_EQ(rows->size(), 3u);
  EXPECT_THAT(rows->columns(), testing::ElementsAre("n", "twice", "none"));
  EXPECT_EQ(rows->at(2, "twice"), "6");
  EXPECT_EQ(rows->at(0, "none"), std::nullopt);
  EXPECT_EQ((*rows)[1][0], "2");
  EXPECT_THROW(rows->at(3, "n"), std::out_of_range);
  EXPECT_THROW(rows->at(0, "m"), std::out_of_range);
}

TEST_F(postgresql_answers, parameters) {
  const std::string text = "it's; drop table";
  const auto rows = client.query(
    "select $1::text, $2::int + 1, $3::bool, $4::text, $5::float",
    {text, 41, true, std::nullopt, 0.1});
  ASSERT_TRUE(rows) << rows.error().to_string();
  EXPECT_THAT((*rows)[0], testing::ElementsAre(pg_value{text}, "42", "t",
                                               std::nullopt, "0.1"));
}

TEST_F(postgresql_answers, a_large_statement_and_a_large_answer) {
  const std::string text(20'000'000, 'x');
  const auto rows = client.query("select $1::text", {text});
  ASSERT_TRUE(rows) << rows.error().to_string();
  EXPECT_EQ((*rows)[0][0], text);
}

TEST_F(postgresql_answers, affected_rows) {
  ASSERT_TRUE(client.query("create table t (id int primary key)"));
  EXPECT_EQ(client.query("insert into t values (1), (2), (3)")->affected(), 3u);
  EXPECT_EQ(client.query("update t set id = id + 10 where id > 1")->affected(),
            2u);
  EXPECT_EQ(client.query("")->affected(), 0u);
}

TEST_F(postgresql_answers, a_wrong_statement_is_no_failure) {
  ASSERT_TRUE(client.query("create table t (id int primary key)"));
  ASSERT_TRUE(client.query("insert into t values (1)"));
  EXPECT_EQ(refused_with(client.query("selec 1")), "42601");
  EXPECT_EQ(refused_with(client.query("select 1; select 2")), "42601");
  EXPECT_EQ(refused_with(client.query("select * from nowhere")), "42P01");
  EXPECT_EQ(refused_with(client.query("select 1 / 0")), "22012");
  EXPECT_EQ(refused_with(client.query("copy t to stdout")), "0A000");
  EXPECT_EQ(refused_with(client.query("copy t from stdin")), "0A000");

  const auto twice = client.query("insert into t values (1)");
  EXPECT_EQ(refused_with(twice), "23505");
  EXPECT_FALSE(twice->ok());
  EXPECT_EQ(twice->refusal()->constraint, "t_pkey");
  EXPECT_EQ(twice->refusal()->detail, "Key (id)=(1) already exists.");
  EXPECT_THROW((void)twice->size(), pg_refused);
  EXPECT_THROW((void)twice->affected(), pg_refused);

  EXPECT_EQ(failures(), 0u);
  EXPECT_EQ(successes(), 9u);
  EXPECT_EQ(client.breaker().state(), state::closed);
}

TEST_F(postgresql_answers, a_zero_byte_is_refused_and_nobody_asked) {
  const std::string text{"a\0b", 3};
  EXPECT_EQ(refused_with(client.query("select $1::text", {text})), "22021");
  EXPECT_EQ(refused_with(client.query("select '" + text + "'")), "22021");
  EXPECT_EQ(server.activity(), 0u);
  EXPECT_EQ(successes(), 0u);
}

TEST_F(postgresql_answers, too_many_parameters_are_refused_and_nobody_asked) {
  const std::vector<pg_param> many(65'536, 1);
  EXPECT_EQ(refused_with(client.query("select 1", many)), "54023");
  EXPECT_EQ(server.activity(), 0u);
  EXPECT_EQ(client.breaker().stats()->total_failures, 0u);
}

TEST_F(postgresql_answers, a_wrong_statement_leaves_the_connection_in_use) {
  for (int i = 0; i < 5; ++i)
    EXPECT_EQ(refused_with(client.query("selec 1")), "42601");
  // A connection and the setting of its timeout; a statement with an error in
  // its syntax is not executed.
  EXPECT_EQ(server.activity(), 2u);
}

TEST_F(postgresql_answers, what_a_transaction_was_left_in_is_not_passed_on) {
  const std::string session = "select pg_backend_pid()";
  const auto before = client.query(session)->at(0, "pg_backend_pid");
  ASSERT_EQ(client.query(session)->at(0, "pg_backend_pid"), before);
  ASSERT_TRUE(client.query("begin"));
  EXPECT_NE(client.query(session)->at(0, "pg_backend_pid"), before);
}
