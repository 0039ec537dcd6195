#include "options.hpp"

#include <gmock/gmock.h>

#include <vector>

namespace demo {

namespace {

using ::testing::HasSubstr;
using ::testing::ThrowsMessage;

options parsed(std::vector<const char*> arguments) {
  return parse_options(arguments);
}

TEST(options, are_off_unless_asked_for) {
  const auto none = parsed({});
  EXPECT_FALSE(none.script || none.plain || none.help);
  EXPECT_FALSE(none.otlp || none.metrics || none.admin_place);
  const auto some = parsed({"--plain", "-h"});
  EXPECT_TRUE(some.plain && some.help);
}

TEST(options, take_values_in_two_ways) {
  EXPECT_EQ(parsed({"--otlp", "http://x:1"}).otlp, "http://x:1");
  EXPECT_EQ(parsed({"--otlp=http://x:1/a=b"}).otlp, "http://x:1/a=b");
  EXPECT_EQ(parsed({"--otlp", "--script"}).otlp, "--script");
  EXPECT_EQ(parsed({"--otlp="}).otlp, "");
}

TEST(options, know_a_place_for_metrics) {
  const auto place = [](const char* text) {
    const auto where = parsed({"--metrics", text}).metrics.value();
    return where.address + ' ' + std::to_string(where.port);
  };
  EXPECT_EQ(place("0"), "127.0.0.1 0");
  EXPECT_EQ(place("65535"), "127.0.0.1 65535");
  EXPECT_EQ(place("0.0.0.0:80"), "0.0.0.0 80");
  EXPECT_EQ(place("[::1]:9464"), "::1 9464");
  for (const auto* wrong : {"", "x", "-1", "+1", "65536", "1 ",
                            "127.0.0.1:", "::1", "::1:1", "1:x"})
    EXPECT_THAT([&] { place(wrong); },
                ThrowsMessage<usage_error>(
                  HasSubstr("--metrics '" + std::string{wrong} + "': must be")))
      << wrong;
}

TEST(options, serve_the_page_but_not_in_a_script) {
  EXPECT_TRUE(parsed({}).wants_admin());
  EXPECT_TRUE(parsed({"--plain"}).wants_admin());
  EXPECT_FALSE(parsed({"--script"}).wants_admin());
  EXPECT_FALSE(parsed({"--script", "--admin-token-file", "x"}).wants_admin());
  EXPECT_TRUE(parsed({"--script", "--admin", "0"}).wants_admin());
  EXPECT_FALSE(parsed({"--no-admin"}).wants_admin());
  EXPECT_FALSE(parsed({"--admin=0", "--no-admin"}).wants_admin());
  EXPECT_TRUE(parsed({"--no-admin", "--admin=0"}).wants_admin());
}

TEST(options, know_a_place_for_the_page) {
  const auto place = [](const char* text) {
    const auto where = parsed({text}).admin_place.value();
    return where.address + ' ' + std::to_string(where.port);
  };
  EXPECT_EQ(place("--admin=0"), "127.0.0.1 0");
  EXPECT_EQ(place("--admin=0.0.0.0:80"), "0.0.0.0 80");
  EXPECT_EQ(place("--admin=[::1]:9464"), "::1 9464");
  EXPECT_THAT(
    [&] { place("--admin=here"); },
    ThrowsMessage<usage_error>(HasSubstr("--admin 'here': must be PORT or")));
  EXPECT_EQ(parsed({"--admin-token-file", "a=b"}).admin_token_file, "a=b");
  EXPECT_EQ(parsed({"--admin-token-file=a=b"}).admin_token_file, "a=b");
}

TEST(options, say_what_is_missing_or_unknown) {
  EXPECT_THAT([] { parsed({"--otlp"}); },
              ThrowsMessage<usage_error>(HasSubstr("--otlp needs a URL")));
  EXPECT_THAT([] { parsed({"--metrics"}); },
              ThrowsMessage<usage_error>(HasSubstr("--metrics needs a PORT")));
  EXPECT_THAT([] { parsed({"--admin"}); },
              ThrowsMessage<usage_error>(HasSubstr("--admin needs a PORT")));
  EXPECT_THAT([] { parsed({"--admin-token-file"}); },
              ThrowsMessage<usage_error>("--admin-token-file needs a FILE"));
  for (const auto* unknown :
       {"", "otlp", "--otlpx", "--script=1", "--", "--no-admin=1", "--admin-x"})
    EXPECT_THAT([&] { parsed({unknown}); },
                ThrowsMessage<usage_error>(
                  "unknown option '" + std::string{unknown} + "'; see --help"));
}

} // namespace

} // namespace demo
