/// Functions for programs that want no runtime of their own to hand around.

#include "switchgear/helpers.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

using namespace std::chrono_literals;

namespace switchgear::test {

namespace {

int refused() {
  throw std::runtime_error{"refused"};
}

class helpers : public testing::Test {
public:
  // Each test has a default runtime of its own.
  void SetUp() override {
    set_default_runtime(nullptr);
  }

  void TearDown() override {
    set_default_runtime(nullptr);
  }
};

TEST_F(helpers, call_through_a_breaker_by_name) {
  const config cfg{.failure_threshold = 2};
  EXPECT_EQ(with_circuit_breaker("db", cfg, [] { return 7; }), 7);
  EXPECT_TRUE(with_circuit_breaker("db", cfg, [] {}));
  EXPECT_EQ(with_circuit_breaker("db", cfg, refused).error(),
            errc::operation_failed);
  EXPECT_EQ(with_circuit_breaker("db", cfg, refused).error(),
            errc::operation_failed);
  EXPECT_EQ(with_circuit_breaker("db", cfg, refused).error(),
            errc::circuit_open);
  EXPECT_EQ(get_circuit_breaker("db").state(), state::open);
  EXPECT_TRUE(with_circuit_breaker("other", cfg, [] {}));
}

TEST_F(helpers, fall_back) {
  const config cfg{.failure_threshold = 1};
  const auto cached
    = [](const failure& why) { return why == errc::circuit_open ? 2 : 1; };
  const auto call = [&](auto f) {
    return with_circuit_breaker_and_fallback("db", cfg, f, cached);
  };
  EXPECT_EQ(call([] { return 7; }), 7);
  EXPECT_EQ(call(refused), 1);
  EXPECT_EQ(call(refused), 2);
}

TEST_F(helpers, take_the_settings_of_the_first) {
  auto db = get_circuit_breaker("db", {.failure_threshold = 7});
  EXPECT_EQ(get_circuit_breaker("db", {.failure_threshold = 8})
              .settings()
              ->failure_threshold,
            7u);
  EXPECT_EQ(get_circuit_breaker("db").core(), db.core());
}

TEST_F(helpers, settings_that_are_not_allowed_are_a_failure) {
  const config bad{.failure_threshold = 0};
  const auto got = with_circuit_breaker("db", bad, [] { return 7; });
  EXPECT_EQ(got.error(), errc::invalid_config);
  EXPECT_NE(got.error().message().find("failure_threshold = 0"),
            std::string::npos);
  EXPECT_EQ(with_circuit_breaker("", {}, [] { return 7; }).error(),
            errc::invalid_config);
  EXPECT_EQ(
    with_circuit_breaker_and_fallback(
      "db", bad, [] { return 7; },
      [](const failure& why) { return why == errc::invalid_config ? 1 : 2; }),
    1);
  EXPECT_THROW(get_circuit_breaker("db", bad), setup_error);
}

TEST_F(helpers, share_one_runtime_among_threads) {
  std::vector<std::shared_ptr<runtime>> seen(8);
  {
    std::vector<std::jthread> all;
    for (auto& each : seen)
      all.emplace_back([&each] {
        each = default_runtime();
        EXPECT_TRUE(with_circuit_breaker("db", {}, [] {}));
      });
  }
  for (const auto& each : seen)
    EXPECT_EQ(each, seen[0]);
  EXPECT_EQ(seen[0]->stats("db")->total_successes, 8u);
}

TEST_F(helpers, can_be_given_another_runtime) {
  auto own = std::make_shared<runtime>();
  set_default_runtime(own);
  EXPECT_EQ(default_runtime(), own);
  EXPECT_TRUE(with_circuit_breaker("db", {}, [] {}));
  EXPECT_TRUE(own->find("db"));
  set_default_runtime(nullptr);
  EXPECT_NE(default_runtime(), own);
  EXPECT_FALSE(default_runtime()->find("db"));
}

TEST_F(helpers, after_the_end_of_the_runtime_are_unavailable) {
  auto db = get_circuit_breaker("db");
  default_runtime()->shutdown();
  EXPECT_EQ(with_circuit_breaker("db", {}, [] { return 7; }).error(),
            errc::unavailable);
  EXPECT_EQ(with_circuit_breaker("new", {}, [] { return 7; }).error(),
            errc::unavailable);
}

} // namespace

} // namespace switchgear::test
