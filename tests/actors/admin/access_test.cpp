#include "admin/access.hpp"

#include <gmock/gmock.h>

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "support/captured_log.hpp"
#include "support/environment.hpp"
#include "support/temporary_directory.hpp"
#include "switchgear/runtime.hpp"

namespace switchgear::admin {

namespace {

using texts = std::vector<std::string>;

using testing::HasSubstr;
using testing::Not;

const std::string secret = "0123456789abcdef";
const std::string other_secret = "fedcba9876543210";

http::request asks(std::map<std::string, std::string> headers) {
  http::request result;
  result.method = "POST";
  result.target = "/api/reset_all";
  result.peer = "127.0.0.1:5";
  result.header = [headers = std::move(headers)](const char* name) {
    const auto i = headers.find(name);
    return i == headers.end() ? std::string{} : i->second;
  };
  return result;
}

http::request bears(const std::string& token,
                    std::map<std::string, std::string> headers = {}) {
  headers["Authorization"] = "Bearer " + token;
  return asks(std::move(headers));
}

admin_options with_token() {
  admin_options result;
  result.token = secret;
  return result;
}

/// What the exception says; empty if there is none.
std::string complaint(const admin_options& options) {
  try {
    access{options};
    return {};
  } catch (const setup_error& error) {
    EXPECT_EQ(error.code(), errc::invalid_config);
    return error.what();
  }
}

/// Who may, or the code of the error.
std::string who(const access& tested, const http::request& asked) {
  const auto got = tested.authorize(asked);
  return got ? *got : got.error().code;
}

class admin_access : public testing::Test {
protected:
  test::variable none{"SWITCHGEAR_ADMIN_TOKEN", ""};
  test::temporary_directory directory;
};

TEST_F(admin_access, lets_nobody_change_anything_without_a_token) {
  const access tested{admin_options{}};
  EXPECT_FALSE(tested.writable());
  EXPECT_EQ(who(tested, asks({})), "read_only");
  EXPECT_EQ(who(tested, bears("")), "read_only");
  EXPECT_EQ(who(tested, bears(secret)), "read_only");
}

TEST_F(admin_access, knows_its_tokens) {
  const access tested{with_token()};
  EXPECT_TRUE(tested.writable());
  EXPECT_EQ(who(tested, bears(secret)), "operator");
  for (const auto& wrong :
       texts{std::string{}, other_secret, secret + "0", secret.substr(1),
             secret.substr(0, 15), secret + ' ', ' ' + secret, secret + '\0',
             std::string(255, '0'), std::string(100'000, '0'),
             std::string{"Bearer"}})
    EXPECT_EQ(who(tested, bears(wrong)), "unauthorized") << wrong;
  for (const auto& header :
       texts{std::string{}, secret, "Basic " + secret, "Bearer",
             "Bearer" + secret, "Token " + secret})
    EXPECT_EQ(who(tested, asks({{"Authorization", header}})), "unauthorized")
      << header;
}

TEST_F(admin_access, tells_that_a_token_is_needed_from_that_it_is_wrong) {
  const access tested{with_token()};
  const auto none_given = tested.authorize(asks({})).error();
  EXPECT_EQ(none_given.status, 401);
  EXPECT_THAT(none_given.message, HasSubstr("Authorization: Bearer TOKEN"));
  const auto wrong = tested.authorize(bears(other_secret)).error();
  EXPECT_EQ(wrong.status, 401);
  EXPECT_EQ(wrong.message, "the token is wrong");
}

TEST_F(admin_access, asks_the_environment_last) {
  const test::variable set{"SWITCHGEAR_ADMIN_TOKEN", other_secret};
  EXPECT_EQ(who(access{admin_options{}}, bears(other_secret)), "operator");
  EXPECT_EQ(who(access{with_token()}, bears(other_secret)), "unauthorized");
  admin_options file;
  file.token_file = directory.write("tokens", secret);
  EXPECT_EQ(who(access{file}, bears(other_secret)), "unauthorized");
}

TEST_F(admin_access, reads_a_file) {
  auto options = with_token();
  options.token_file
    = directory.write("tokens", "# who may\n\n\t alice :\t" + other_secret
                                  + " \r\naaaaaaaaaaaaaaaaaaaa\n"
                                    "bob: bbbbbbbbbbbbbbbbbbbb"); // no end
  const access tested{options};
  EXPECT_EQ(who(tested, bears(secret)), "operator");
  EXPECT_EQ(who(tested, bears(other_secret)), "alice");
  EXPECT_EQ(who(tested, bears("aaaaaaaaaaaaaaaaaaaa")), "operator");
  EXPECT_EQ(who(tested, bears("bbbbbbbbbbbbbbbbbbbb")), "bob");
}

TEST_F(admin_access, says_what_is_wrong_with_a_file) {
  const auto said = [&](const std::string& text) {
    admin_options options;
    options.token_file = directory.write("tokens", text);
    return complaint(options);
  };
  EXPECT_THAT(said(""), HasSubstr("a file with a token in it"));
  EXPECT_THAT(said("# " + secret), HasSubstr("a file with a token in it"));
  for (const auto& text : texts{"short", "a: short", "a:", "a:b:" + secret,
                                secret + " # mine", ": " + secret})
    EXPECT_THAT(said("\n" + text),
                testing::AllOf(HasSubstr("token_file, line 2 = "),
                               Not(HasSubstr(secret))));
  admin_options options;
  options.token_file = directory.file("none");
  EXPECT_THAT(complaint(options), HasSubstr("No such file"));
}

TEST_F(admin_access, says_what_is_wrong_with_a_token_and_does_not_repeat_it) {
  for (const auto& bad :
       texts{std::string(15, 'x'), std::string(256, 'x'), secret + " x",
             secret + "\n", secret + "\xff", secret + ":", secret + ","}) {
    admin_options options;
    options.token = bad;
    EXPECT_THAT(
      complaint(options),
      testing::AllOf(HasSubstr("admin: token = one of "), Not(HasSubstr(bad))));
    const test::variable set{"SWITCHGEAR_ADMIN_TOKEN", bad};
    EXPECT_THAT(complaint({}), HasSubstr("SWITCHGEAR_ADMIN_TOKEN = one of "));
  }
  admin_options longest;
  longest.token = std::string(255, 'x');
  EXPECT_EQ(complaint(longest), "");
}

TEST_F(admin_access, needs_a_token_where_others_can_reach_it) {
  for (const auto* address :
       {"0.0.0.0", "::", "10.0.0.1", "192.168.1.1", "::ffff:127.0.0.1",
        "128.0.0.1", "126.255.255.255", "fe80::1"}) {
    auto options = with_token();
    options.address = address;
    EXPECT_EQ(complaint(options), "");
    options.token.clear();
    EXPECT_THAT(complaint(options), HasSubstr("for there is no token"));
    const test::variable set{"SWITCHGEAR_ADMIN_TOKEN", secret};
    EXPECT_EQ(complaint(options), "");
  }
  for (const auto* address : {"127.0.0.1", "127.255.0.3", "::1"}) {
    admin_options options;
    options.address = address;
    EXPECT_EQ(complaint(options), "");
  }
}

TEST_F(admin_access, knows_by_which_names_it_goes) {
  admin_options options;
  options.hosts = {"breakers.example", "UPPER.example"};
  const access tested{options};
  for (const auto* host :
       {"", "localhost", "LocalHost", "localhost:80", "127.0.0.1",
        "127.0.0.1:9464", "10.9.8.7", "[::1]", "[::1]:80", "[FE80::1]:80",
        "breakers.example", "Breakers.Example:9464", "upper.example"})
    EXPECT_FALSE(tested.check_host(asks({{"Host", host}}))) << host;
  for (const auto* host :
       {"evil.example", "localhost.evil.example", "xbreakers.example",
        "breakers.example.", "evil.example:80", "[evil]", "[", "[]", ":80", ":",
        "127.0.0.1.evil.example", "127.1", "localhost@evil.example", " "}) {
    const auto got = tested.check_host(asks({{"Host", host}}));
    ASSERT_TRUE(got) << host;
    EXPECT_EQ(got->status, 403);
    EXPECT_EQ(got->code, "forbidden");
  }
}

TEST_F(admin_access, lets_pages_of_other_origins_change_nothing) {
  const access tested{with_token()};
  const auto from = [&](const std::string& origin, const std::string& site) {
    return who(tested, bears(secret, {{"Host", "127.0.0.1:80"},
                                      {"Origin", origin},
                                      {"Sec-Fetch-Site", site}}));
  };
  EXPECT_EQ(from("", ""), "operator");
  EXPECT_EQ(from("http://127.0.0.1:80", ""), "operator");
  EXPECT_EQ(from("https://127.0.0.1:80", "same-origin"), "operator");
  EXPECT_EQ(from("", "none"), "operator");
  for (const auto* origin :
       {"null", "http://127.0.0.1", "http://127.0.0.1:81", "127.0.0.1:80",
        "http://evil.example", "http://127.0.0.1:80.evil.example",
        "ftp://127.0.0.1:80", "http://127.0.0.1:80/"})
    EXPECT_EQ(from(origin, ""), "forbidden") << origin;
  for (const auto* site : {"cross-site", "same-site", "SAME-ORIGIN", "x"})
    EXPECT_EQ(from("", site), "forbidden") << site;
  EXPECT_EQ(from("http://127.0.0.1:80", "cross-site"), "forbidden");
  // Also where nobody can change anything.
  EXPECT_EQ(who(access{admin_options{}}, asks({{"Origin", "null"}})),
            "forbidden");
}

// Who tries many fills no log, and reads nothing of it there.
TEST_F(admin_access, logs_wrong_tokens_once_in_a_while) {
  const access tested{with_token()};
  test::captured_log log;
  for (int i = 0; i < 1000; ++i)
    EXPECT_FALSE(tested.authorize(bears(other_secret)));
  EXPECT_EQ(log.text(), "warning admin: a wrong token came from 127.0.0.1:5\n");
}

TEST(same_secret, compares) {
  EXPECT_TRUE(same_secret("abc", "abc"));
  EXPECT_TRUE(same_secret("", ""));
  const std::string longest(255, 'x');
  EXPECT_TRUE(same_secret(longest, longest));
  for (const auto& [x, y] :
       std::map<std::string, std::string>{{"abc", "abd"},
                                          {"abcd", "abc"},
                                          {"ab", "abc"},
                                          {"", "abc"},
                                          {longest, longest + "x"},
                                          {longest + "y", longest + "z"}})
    EXPECT_FALSE(same_secret(x, y)) << x << ' ' << y;
  EXPECT_FALSE(same_secret(std::string_view{"abc\0", 4}, "abc"));
}

TEST(admin_refusal, tells_what_breakers_answer) {
  const auto unknown
    = refusal_of(failure{errc::not_found, "no breaker of this name"});
  EXPECT_EQ(unknown.status, 404);
  EXPECT_EQ(unknown.message, "no breaker of this name");
  EXPECT_EQ(refusal_of(failure{errc::restarting, "x"}).status, 503);
  EXPECT_EQ(refusal_of(failure{errc::unavailable, "x"}).status, 503);
  const auto wrong = refusal_of(std::vector<config_error>{{"a", "1", "2"}});
  EXPECT_EQ(wrong.status, 400);
  EXPECT_EQ(wrong.code, "invalid_config");
  EXPECT_EQ(wrong.message, "a = 1: must be 2");
  EXPECT_EQ(wrong.details.size(), 1u);
}

} // namespace

} // namespace switchgear::admin
