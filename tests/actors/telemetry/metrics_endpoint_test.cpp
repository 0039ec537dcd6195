/// The endpoint, as clients see it.

#include "switchgear/telemetry/metrics_endpoint.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <cstdint>
#include <list>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include <httplib.h>

#include "support/eventually.hpp"
#include "support/reserved_port.hpp"
#include "switchgear/runtime.hpp"
#include "switchgear/telemetry/prometheus.hpp"

using namespace std::chrono_literals;

namespace switchgear::telemetry {

namespace {

using testing::HasSubstr;

constexpr auto host = "127.0.0.1";
constexpr auto wants_openmetrics
  = "application/openmetrics-text;version=1.0.0,text/plain;q=0.5";

snapshot one_breaker() {
  snapshot all;
  all.breakers.resize(1);
  all.breakers[0].name = "db";
  all.breakers[0].total_rejected = 42;
  return all;
}

constexpr auto its_line
  = "circuit_breaker_rejected_calls_total{name=\"db\"} 42\n";

httplib::Result get(const metrics_endpoint& from,
                    const httplib::Headers& headers = {},
                    const char* path = "/metrics") {
  httplib::Client client{host, from.port()};
  client.set_read_timeout(test::patience);
  return client.Get(path, headers);
}

/// What the exception says; empty if there is none.
std::string refusal(metrics_endpoint_options options) {
  try {
    metrics_endpoint{one_breaker, std::move(options)};
    return {};
  } catch (const setup_error& error) {
    EXPECT_EQ(error.code(), errc::invalid_config);
    return error.what();
  }
}

class endpoint : public testing::Test {
protected:
  metrics_endpoint tested{one_breaker, {.port = 0}};
};

TEST_F(endpoint, serves_text) {
  const auto got = get(tested);
  ASSERT_TRUE(got);
  EXPECT_EQ(got->status, 200);
  EXPECT_EQ(got->get_header_value("Content-Type"),
            "text/plain; version=0.0.4; charset=utf-8");
  EXPECT_EQ(got->body, to_prometheus(one_breaker()));
  EXPECT_THAT(got->body, HasSubstr(its_line));
}

TEST_F(endpoint, serves_the_format_that_is_wanted) {
  const auto got = get(tested, {{"Accept", wants_openmetrics}});
  ASSERT_TRUE(got);
  EXPECT_EQ(got->get_header_value("Content-Type"),
            "application/openmetrics-text; version=1.0.0; charset=utf-8");
  EXPECT_EQ(got->body, to_prometheus(one_breaker(), text_format::openmetrics));
}

TEST_F(endpoint, compresses_for_who_wants_that) {
  for (auto accept : {"text/plain", wants_openmetrics}) {
    const auto format = negotiate(accept);
    const auto got
      = get(tested, {{"Accept", accept}, {"Accept-Encoding", "gzip"}});
    ASSERT_TRUE(got);
    EXPECT_EQ(got->get_header_value("Content-Encoding"), "gzip");
    EXPECT_EQ(got->body, to_prometheus(one_breaker(), format));
    const auto length = std::stoul(got->get_header_value("Content-Length"));
    EXPECT_LT(length, got->body.size() / 2);
  }
}

TEST_F(endpoint, serves_heads) {
  httplib::Client client{host, tested.port()};
  const auto got = client.Head("/metrics");
  ASSERT_TRUE(got);
  EXPECT_EQ(got->status, 200);
  EXPECT_EQ(got->body, "");
  EXPECT_EQ(got->get_header_value("Content-Length"),
            std::to_string(to_prometheus(one_breaker()).size()));
}

TEST_F(endpoint, serves_nothing_else) {
  for (auto path : {"/", "/metric", "/metrics/", "/metrics/x", "/../metrics"}) {
    const auto got = get(tested, {}, path);
    ASSERT_TRUE(got) << path;
    EXPECT_EQ(got->status, 404) << path;
  }
}

TEST_F(endpoint, takes_no_orders) {
  httplib::Client client{host, tested.port()};
  for (const auto& got :
       {client.Post("/metrics", "x", "text/plain"),
        client.Put("/metrics", "x", "text/plain"), client.Delete("/metrics")}) {
    ASSERT_TRUE(got);
    EXPECT_EQ(got->status, 405);
    EXPECT_EQ(got->get_header_value("Allow"), "GET, HEAD");
  }
}

TEST(metrics_endpoint, tells_what_went_wrong) {
  bool broken = true;
  metrics_endpoint tested{[&] {
                            if (broken)
                              throw std::runtime_error{"no numbers today"};
                            return one_breaker();
                          },
                          {.port = 0}};
  const auto failed = get(tested);
  ASSERT_TRUE(failed);
  EXPECT_EQ(failed->status, 500);
  EXPECT_EQ(failed->body, "no numbers today\n");
  broken = false;
  EXPECT_EQ(get(tested)->status, 200);
}

TEST(metrics_endpoint, collects_once_for_all_who_ask_meanwhile) {
  std::atomic<int> collected = 0;
  std::atomic<int> asked = 0;
  std::atomic<int> at_work = 0;
  metrics_endpoint tested{[&] {
                            EXPECT_EQ(++at_work, 1) << "never twice at a time";
                            ++collected;
                            // Others shall have a chance to ask.
                            EXPECT_TRUE(
                              test::eventually([&] { return asked % 8 == 0; }));
                            --at_work;
                            return one_breaker();
                          },
                          {.port = 0, .threads = 8}};
  EXPECT_TRUE(test::eventually([&] {
    std::vector<std::jthread> clients;
    const auto before = collected.load();
    for (int i = 0; i < 8; ++i)
      clients.emplace_back([&] {
        ++asked;
        const auto got = get(tested);
        EXPECT_TRUE(got && got->body == to_prometheus(one_breaker()));
      });
    clients.clear();
    return collected - before < 8;
  }));
  // Nobody gets old numbers.
  const auto before = collected.load();
  EXPECT_TRUE(get(tested));
  EXPECT_TRUE(get(tested));
  EXPECT_EQ(collected, before + 2);
}

TEST(metrics_endpoint, serves_more_clients_than_it_has_threads) {
  metrics_endpoint tested{one_breaker, {.port = 0, .threads = 1}};
  std::atomic<int> served = 0;
  {
    std::vector<std::jthread> clients;
    for (int i = 0; i < 12; ++i)
      clients.emplace_back([&] {
        if (const auto got = get(tested); got && got->status == 200)
          ++served;
      });
  }
  EXPECT_EQ(served, 12);
}

TEST(metrics_endpoint, serves_no_more_once_stopped) {
  metrics_endpoint tested{one_breaker, {.port = 0}};
  EXPECT_TRUE(get(tested));
  tested.stop();
  EXPECT_FALSE(get(tested));
  tested.stop();
  // Its port is free again at once.
  EXPECT_EQ(refusal({.port = tested.port()}), "");
}

TEST(metrics_endpoint, stops_at_once_if_nobody_asked) {
  EXPECT_LT(test::time_of([] {
              metrics_endpoint{one_breaker, {.port = 0}};
            }),
            4s);
}

/// A connection on which nothing is said.
class silent_client {
public:
  explicit silent_client(std::uint16_t port)
    : fd_(socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)) {
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    to.sin_port = htons(port);
    // Not all of them are accepted, so this does not wait.
    connect(fd_, reinterpret_cast<const sockaddr*>(&to), sizeof(to));
  }

  silent_client(const silent_client&) = delete;
  silent_client& operator=(const silent_client&) = delete;

  ~silent_client() {
    close(fd_);
  }

private:
  int fd_;
};

TEST(metrics_endpoint, leaves_clients_that_say_nothing) {
  metrics_endpoint tested{one_breaker, {.port = 0, .threads = 1}};
  {
    const silent_client first{tested.port()};
    EXPECT_TRUE(get(tested)); // when its time is over
  }
  std::list<silent_client> more_than_it_takes;
  for (int i = 0; i < 20; ++i)
    more_than_it_takes.emplace_back(tested.port());
  EXPECT_LT(test::time_of([&] { tested.stop(); }), test::patience);
}

TEST(metrics_endpoint, serves_on_the_address_that_it_is_given) {
  metrics_endpoint tested{one_breaker, {.address = "127.0.0.2", .port = 0}};
  EXPECT_FALSE(get(tested));
  httplib::Client client{"127.0.0.2", tested.port()};
  EXPECT_TRUE(client.Get("/metrics"));
}

TEST(metrics_endpoint, says_what_cannot_be) {
  const std::string prefix = "metrics_endpoint: ";
  for (const std::string bad : {"", "localhost", "example.org", "1.2.3", "::g"})
    EXPECT_EQ(refusal({.address = bad, .port = 0}),
              prefix + "address = \"" + bad
                + "\": must be an IPv4 or IPv6 address of this machine, in "
                  "numbers");
  // A network for documentation: no machine has it.
  EXPECT_EQ(refusal({.address = "192.0.2.1", .port = 0}),
            prefix
              + "address = \"192.0.2.1\": must be an address of this machine");
  for (auto bad : {std::size_t{0}, std::size_t{65}})
    EXPECT_EQ(refusal({.port = 0, .threads = bad}),
              prefix + "threads = " + std::to_string(bad)
                + ": must be 1 to 64");
  EXPECT_EQ(refusal({.address = "here", .threads = 0}),
            prefix
              + "address = \"here\": must be an IPv4 or IPv6 address of this "
                "machine, in numbers; threads = 0: must be 1 to 64");
}

TEST(metrics_endpoint, says_that_a_port_is_in_use) {
  metrics_endpoint first{one_breaker, {.port = 0}};
  const auto number = std::to_string(first.port());
  EXPECT_EQ(refusal({.port = first.port()}),
            "metrics_endpoint: port = " + number
              + ": must be free on 127.0.0.1, or 0 (Address already in use)");
  EXPECT_TRUE(get(first));
}

} // namespace

} // namespace switchgear::telemetry
