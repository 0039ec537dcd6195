#include "switchgear/failure.hpp"

#include <gtest/gtest.h>

#include <stdexcept>
#include <system_error>

using namespace std::chrono_literals;

namespace switchgear {

namespace {

struct not_an_exception {};

template <class T>
failure from(T thrown) {
  return failure::from_exception(std::make_exception_ptr(thrown));
}

TEST(failure, from_an_exception_tells_type_and_text) {
  EXPECT_EQ(from(std::runtime_error{"refused"}).message(),
            "std::runtime_error: refused");
  EXPECT_EQ(from(std::out_of_range{"7"}).message(), "std::out_of_range: 7");
}

TEST(failure, from_what_is_not_derived_from_exception_tells_what_it_can) {
  EXPECT_EQ(from(std::string{"refused"}).message(), "refused");
  EXPECT_EQ(from<const char*>("refused").message(), "refused");
  EXPECT_EQ(from(42).message(), "int");
  EXPECT_NE(from(not_an_exception{}).message().find("not_an_exception"),
            std::string::npos);
}

TEST(failure, has_a_type_to_group_it_by) {
  EXPECT_EQ(from(std::runtime_error{"refused"}).type(), "std::runtime_error");
  EXPECT_EQ(from(std::out_of_range{"7"}).type(), "std::out_of_range");
  EXPECT_EQ(from(42).type(), "int");
  EXPECT_EQ(from(std::string{"refused"}).type(), "std::string");
  EXPECT_EQ(failure::from_error("gone", typeid(std::error_code)).type(),
            "std::error_code");
  EXPECT_EQ((failure{errc::timeout, "after 3 s"}).type(), "timeout");
  EXPECT_EQ(failure{errc::circuit_open}.type(), "circuit_open");
}

TEST(failure, keeps_the_exception) {
  const auto f = from(std::runtime_error{"refused"});
  EXPECT_EQ(f, errc::operation_failed);
  EXPECT_FALSE(f.is_rejection());
  EXPECT_THROW(std::rethrow_exception(f.cause()), std::runtime_error);
}

TEST(failure, a_rejection_says_when_to_come_back) {
  const auto f = failure::rejected(errc::circuit_open, 3s);
  EXPECT_TRUE(f.is_rejection());
  EXPECT_EQ(f.retry_after(), 3s);
  EXPECT_EQ(f.to_string(), "circuit_open");
  EXPECT_TRUE(failure{errc::too_many_probes}.is_rejection());
  EXPECT_FALSE(failure{errc::timeout}.is_rejection());
}

TEST(failure, says_for_how_long_the_tool_wants_to_be_left_alone) {
  const auto f = failure::retry_later(errc::operation_failed, "HTTP 429", 30s);
  EXPECT_EQ(f, errc::operation_failed);
  EXPECT_EQ(f.message(), "HTTP 429");
  EXPECT_EQ(f.retry_after(), 30s);
  EXPECT_FALSE(f.is_refusal());
  EXPECT_EQ(f.to_string(), "operation_failed: HTTP 429");
  const auto copy = f;
  EXPECT_EQ(copy.retry_after(), 30s);
}

TEST(failure, that_asks_for_time_can_keep_the_answer) {
  const auto f = failure::retry_later(errc::operation_failed, "HTTP 429", 30s,
                                      std::make_exception_ptr(429));
  EXPECT_EQ(f.retry_after(), 30s);
  EXPECT_THROW(std::rethrow_exception(f.cause()), int);
}

TEST(failure, cannot_ask_for_less_than_nothing) {
  EXPECT_EQ(failure::retry_later(errc::operation_failed, "", -1s).retry_after(),
            0s);
}

TEST(failure, in_words) {
  EXPECT_EQ((failure{errc::operation_failed, "refused"}).to_string(),
            "operation_failed: refused");
}

TEST(errc, is_an_error_code) {
  const std::error_code code = errc::circuit_open;
  EXPECT_EQ(code, errc::circuit_open);
  EXPECT_STREQ(code.category().name(), "switchgear");
  EXPECT_FALSE(code.message().empty());
  for (int i = 1; i <= static_cast<int>(errc::unavailable); ++i) {
    const auto each = static_cast<errc>(i);
    EXPECT_NE(to_string(each), "?");
    EXPECT_FALSE(make_error_code(each).message().empty());
  }
}

} // namespace

} // namespace switchgear
