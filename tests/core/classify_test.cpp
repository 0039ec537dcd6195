#include "switchgear/classify.hpp"

#include <gtest/gtest.h>

#include <exception>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

namespace switchgear {

namespace {

struct http_response {
  int status = 200;
};

// Errors that tell what they are in different ways.
struct with_message {
  std::string message() const {
    return "by message";
  }
};

struct with_what {
  const char* what() const {
    return "by what";
  }
};

struct with_to_string {
  friend std::string to_string(const with_to_string&) {
    return "by to_string";
  }
};

struct mute {};

struct picky {
  int value = 0;
};

} // namespace

template <>
struct returned<http_response> {
  static std::optional<failure> failed(const http_response& r) {
    if (r.status < 500)
      return std::nullopt;
    return failure{errc::operation_failed, std::to_string(r.status)};
  }
};

template <>
struct returned<picky> {
  static std::optional<failure> failed(const picky&) {
    throw std::logic_error{"can not tell"};
  }
};

namespace {

using detail::run;

/// The failure that comes of an `expected` with this error.
template <class E>
std::string text_of(E error) {
  auto got = run(
    [&]() -> expected<int, E> { return make_unexpected(std::move(error)); });
  EXPECT_FALSE(got);
  EXPECT_EQ(got.error(), errc::operation_failed);
  return got.error().message();
}

TEST(classify, a_value_is_a_success) {
  EXPECT_EQ(run([] { return 7; }), 7);
  EXPECT_EQ(run([] { return std::string{"x"}; }), "x");
}

TEST(classify, nothing_is_a_success) {
  EXPECT_TRUE(run([] {}));
  static_assert(std::is_void_v<detail::success_of_t<void (&)()>>);
}

TEST(classify, a_reference_is_copied) {
  std::vector<int> original{1, 2};
  auto got = run([&]() -> const std::vector<int>& { return original; });
  original.clear();
  EXPECT_EQ(got->size(), 2u);
}

TEST(classify, what_can_only_be_moved_is_moved) {
  auto got = run([] { return std::make_unique<int>(7); });
  EXPECT_EQ(**got, 7);
  auto wrapped = run([]() -> expected<std::unique_ptr<int>, std::string> {
    return std::make_unique<int>(8);
  });
  EXPECT_EQ(**wrapped, 8);
}

TEST(classify, an_exception_becomes_a_failure_with_its_cause) {
  auto got = run([]() -> int { throw std::out_of_range{"far"}; });
  ASSERT_FALSE(got);
  EXPECT_EQ(got.error(), errc::operation_failed);
  EXPECT_EQ(got.error().message(), "std::out_of_range: far");
  EXPECT_THROW(std::rethrow_exception(got.error().cause()), std::out_of_range);
}

TEST(classify, a_failure_that_is_thrown_is_that_failure) {
  auto got = run([] { throw failure{errc::rate_limited, "slower"}; });
  ASSERT_FALSE(got);
  EXPECT_EQ(got.error(), errc::rate_limited);
  EXPECT_EQ(got.error().message(), "slower");
  EXPECT_FALSE(got.error().cause());
}

TEST(classify, an_expected_is_unwrapped) {
  using result = expected<int, std::string>;
  static_assert(std::is_same_v<detail::success_of_t<result (&)()>, int>);
  EXPECT_EQ(run([]() -> result { return 7; }), 7);
  auto bad = run([]() -> result { return make_unexpected("refused"); });
  ASSERT_FALSE(bad);
  EXPECT_EQ(bad.error(), errc::operation_failed);
  EXPECT_EQ(bad.error().message(), "refused");
}

TEST(classify, an_expected_of_nothing_is_unwrapped) {
  using result = expected<void, std::string>;
  EXPECT_TRUE(run([]() -> result { return {}; }));
  EXPECT_FALSE(run([]() -> result { return make_unexpected("refused"); }));
}

TEST(classify, an_expected_failure_is_kept_as_it_is) {
  auto got = run([]() -> expected<int, failure> {
    return make_unexpected(
      failure::rejected(errc::circuit_open, std::chrono::seconds{3}));
  });
  ASSERT_FALSE(got);
  EXPECT_EQ(got.error(), errc::circuit_open);
  EXPECT_EQ(got.error().retry_after(), std::chrono::seconds{3});
}

TEST(classify, an_error_code_that_is_set_is_a_failure) {
  static_assert(std::is_void_v<detail::success_of_t<std::error_code (&)()>>);
  EXPECT_TRUE(run([] { return std::error_code{}; }));
  auto bad
    = run([] { return std::make_error_code(std::errc::connection_refused); });
  ASSERT_FALSE(bad);
  EXPECT_EQ(bad.error(), errc::operation_failed);
  EXPECT_EQ(bad.error().message(), "Connection refused");
  EXPECT_EQ(bad.error().type(), "std::error_code");
}

TEST(classify, a_type_of_the_users_says_itself_what_failed) {
  auto good = run([] { return http_response{404}; });
  ASSERT_TRUE(good);
  EXPECT_EQ(good->status, 404);
  auto bad = run([] { return http_response{503}; });
  ASSERT_FALSE(bad);
  EXPECT_EQ(bad.error().message(), "503");
}

TEST(classify, a_type_that_throws_when_asked_has_failed) {
  auto got = run([] { return picky{}; });
  ASSERT_FALSE(got);
  EXPECT_EQ(got.error().message(), "std::logic_error: can not tell");
}

TEST(classify, tells_an_error_value_as_well_as_it_can) {
  EXPECT_EQ(text_of<const char*>("as text"), "as text");
  EXPECT_EQ(text_of(std::make_error_code(std::errc::timed_out)),
            std::make_error_code(std::errc::timed_out).message());
  EXPECT_EQ(text_of(with_message{}), "by message");
  EXPECT_EQ(text_of(with_what{}), "by what");
  EXPECT_EQ(text_of(with_to_string{}), "by to_string");
  EXPECT_EQ(text_of(42), "42");
  EXPECT_EQ(text_of(mute{}), "error value");
}

} // namespace

} // namespace switchgear
