#include "switchgear/policy/fallback.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <stdexcept>
#include <string>

#include "support/policies.hpp"

using namespace std::chrono_literals;

namespace switchgear::policy {

namespace {

using test::broken;

expected<std::string, failure> fails() {
  return make_unexpected(broken("HTTP 503"));
}

TEST(fallback, is_not_asked_after_a_success) {
  bool asked = false;
  pipeline p{fallback{[&] {
    asked = true;
    return 1;
  }}};
  EXPECT_EQ(p.call([] { return 7; }), 7);
  EXPECT_FALSE(asked);
}

TEST(fallback, gives_a_value) {
  pipeline p{fallback{"cached"}};
  EXPECT_EQ(p.call(fails), "cached");
  EXPECT_EQ(p.call(fails), "cached"); // and again
  EXPECT_EQ(p.get<0>().stats().answered, 2u);
}

TEST(fallback, gives_what_a_function_of_the_failure_returns) {
  pipeline p{
    fallback{[](const failure& why) { return "for " + why.message(); }}};
  EXPECT_EQ(p.call(fails), "for HTTP 503");
}

TEST(fallback, gives_what_a_function_returns) {
  pipeline p{fallback{[] { return "other"; }}};
  EXPECT_EQ(p.call(fails), "other");
}

TEST(fallback, of_several_is_the_first_that_works) {
  pipeline p{fallback{
    [](const failure&) -> std::string { throw std::runtime_error{"empty"}; },
    [](const failure& why) -> expected<std::string, failure> {
      return make_unexpected(broken("not for " + why.message()));
    },
    "last", "never"}};
  EXPECT_EQ(p.call(fails), "last");
}

// What comes of it has to become what the call returns.
struct positive {
  positive(int number) : value(number) { // NOLINT: it is meant to convert
    if (number <= 0)
      throw std::invalid_argument{"not positive"};
  }

  int value;
};

TEST(fallback, that_gives_what_cannot_be_converted_has_failed) {
  const auto down = []() -> expected<positive, failure> {
    return make_unexpected(broken("HTTP 503"));
  };
  pipeline p{fallback{[] { return -1; }, -2, [] { return 7; }}};
  EXPECT_EQ(p.call(down)->value, 7);
  pipeline q{fallback{[] { return -1; }}};
  EXPECT_EQ(q.call(down).error().message(),
            "HTTP 503; fallback: operation_failed: std::invalid_argument: not "
            "positive");
  EXPECT_EQ(q.get<0>().stats().failed, 1u);
}

TEST(fallback, all_are_told_of_the_call_s_failure) {
  std::string seen;
  pipeline p{fallback{[](const failure&) -> std::string { throw 1; },
                      [&](const failure& why) {
                        seen = why.message();
                        return "x";
                      }}};
  EXPECT_TRUE(p.call(fails));
  EXPECT_EQ(seen, "HTTP 503");
}

TEST(fallback, that_fails_leaves_the_failure_with_a_note) {
  pipeline p{fallback{
    []() -> std::string { throw std::runtime_error{"cache is empty"}; }}};
  const auto got = p.call([]() -> expected<std::string, failure> {
    return make_unexpected(
      failure::retry_later(errc::operation_failed, "HTTP 503", 3s));
  });
  EXPECT_EQ(got.error(), errc::operation_failed);
  EXPECT_EQ(got.error().message(), "HTTP 503; fallback: operation_failed: "
                                   "std::runtime_error: cache is empty");
  EXPECT_EQ(got.error().retry_after(), 3s);
  EXPECT_EQ(p.get<0>().stats().failed, 1u);
}

TEST(fallback, can_be_for_some_failures_only) {
  pipeline p{fallback{1}.when(
    [](const failure& why) { return why == errc::circuit_open; })};
  EXPECT_EQ(p.call([]() -> expected<int, failure> {
    return make_unexpected(failure{errc::circuit_open});
  }),
            1);
  EXPECT_EQ(p.call([]() -> int { throw std::runtime_error{"x"}; }).error(),
            errc::operation_failed);
  EXPECT_EQ(p.get<0>().stats().passed, 1u);
  EXPECT_EQ(p.get<0>().stats().answered, 1u);
}

TEST(fallback, a_predicate_that_throws_means_no) {
  pipeline p{fallback{1}.when([](const failure&) -> bool { throw 1; })};
  EXPECT_FALSE(p.call([]() -> int { throw 2; }));
}

TEST(fallback, for_callables_that_return_nothing) {
  int asked = 0;
  pipeline p{fallback{[&](const failure&) { ++asked; }}};
  EXPECT_TRUE(p.call([] { throw std::runtime_error{"x"}; }));
  EXPECT_EQ(asked, 1);
}

TEST(fallback, for_results_that_can_only_be_moved) {
  pipeline p{fallback{[] { return std::make_unique<int>(3); }}};
  EXPECT_EQ(**p.call([]() -> std::unique_ptr<int> { throw 1; }), 3);
}

TEST(fallback, answers_an_open_breaker) {
  test::cell_breaker db{{.failure_threshold = 1}};
  pipeline p{fallback{"cached"}, db};
  EXPECT_EQ(p.call(fails), "cached");
  EXPECT_EQ(db.now_in(), state::open);
  EXPECT_EQ(p.call(fails), "cached");
  EXPECT_EQ(db.stats().total_rejected, 1u);
}

} // namespace

} // namespace switchgear::policy
