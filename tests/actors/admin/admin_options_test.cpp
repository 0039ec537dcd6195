#include <gmock/gmock.h>

#include <chrono>
#include <string>

#include "switchgear/admin.hpp"
#include "switchgear/runtime.hpp"

using namespace std::chrono_literals;

namespace switchgear {

namespace {

using testing::HasSubstr;

std::string refused(const std::string& place) {
  admin_options result;
  try {
    set_listen_address(result, place);
    return result.address + ' ' + std::to_string(result.port);
  } catch (const setup_error& error) {
    EXPECT_EQ(result.address, "127.0.0.1");
    EXPECT_EQ(result.port, 9464);
    return error.what();
  }
}

TEST(admin_options, are_told_where_to_listen) {
  EXPECT_EQ(refused("80"), "127.0.0.1 80");
  EXPECT_EQ(refused("0"), "127.0.0.1 0");
  EXPECT_EQ(refused("0.0.0.0:65535"), "0.0.0.0 65535");
  EXPECT_EQ(refused("[::1]:80"), "::1 80");
  EXPECT_EQ(refused("localhost:80"), "localhost 80"); // `validate` says more
  for (const auto* bad : {"", ":", "x", "127.0.0.1", "127.0.0.1:", ":80",
                          "1.2.3.4:65536", "1.2.3.4:-1", "1.2.3.4:8o", "::1:80",
                          "[::1]", "[::1:80", "[]:80", " 80", "80 ", "+80"})
    EXPECT_THAT(refused(bad), HasSubstr("must be PORT or ADDRESS:PORT")) << bad;
}

TEST(admin_options, are_validated) {
  EXPECT_TRUE(validate(admin_options{}).empty());
  const auto wrong = [](auto change) {
    admin_options result;
    change(result);
    const auto errors = validate(result);
    return errors.size() == 1 ? errors.front().to_string() : explain(errors);
  };
  EXPECT_THAT(wrong([](auto& o) { o.address = "localhost"; }),
              HasSubstr("address = \"localhost\": must be an IPv4 or IPv6"));
  EXPECT_THAT(wrong([](auto& o) {
                o.hosts = {"a", ""};
              }),
              HasSubstr("hosts = \"\": must be host names, without a port"));
  EXPECT_THAT(wrong([](auto& o) { o.title = std::string(101, 'x'); }),
              HasSubstr("100 bytes"));
  EXPECT_THAT(wrong([](auto& o) { o.history = 2h; }), HasSubstr("0 to 1 h"));
  EXPECT_THAT(wrong([](auto& o) { o.history = -1s; }), HasSubstr("0 to 1 h"));
  EXPECT_THAT(wrong([](auto& o) { o.control_patience = 0s; }),
              HasSubstr("control_patience = 0s: must be 1 ms to 30 s"));
  EXPECT_THAT(wrong([](auto& o) { o.events = 99; }),
              HasSubstr("events = 99: must be 100 to 1000000"));
  EXPECT_THAT(wrong([](auto& o) { o.threads = 65; }), HasSubstr("1 to 64"));
  EXPECT_THAT(wrong([](auto& o) { o.connections = 15; }),
              HasSubstr("connections = 15: must be 16 to 10000"));
  EXPECT_THAT(wrong([](auto& o) { o.streams = 993; }),
              HasSubstr("streams = 993: must be 1 to 992"));
  EXPECT_EQ(wrong([](auto& o) {
              o.connections = 16;
              o.streams = 8;
              o.events = 1'000'000;
              o.history = 1h;
            }),
            "");
}

} // namespace

} // namespace switchgear
