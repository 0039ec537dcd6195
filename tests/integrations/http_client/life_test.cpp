/// A client's breaker through all that can happen to its tool.

#include "client_fixture.hpp"

namespace switchgear::test {

namespace {

using namespace std::chrono_literals;

class http_client_life : public http_client_test {
public:
  http_client_life() {
    auto cfg = trips_after(2);
    cfg.open_timeout = 1h; // it probes when the test says so
    cfg.success_threshold = 1;
    EXPECT_TRUE(tool.reconfigure(cfg));
  }

  http_client impatient() {
    auto options = quick();
    options.total_timeout = 500ms;
    return client(options);
  }

  /// Waits for the two that were given up; they may arrive only now.
  void both_arrive() {
    ASSERT_TRUE(eventually([&] { return server.requests() == 2; }));
  }

  /// Trips it, checks that nothing reaches the server while it is open, lets
  /// `repair` bring the server back, and probes.
  template <class F>
  void trips_and_recovers(const http_client& http, errc with, F repair) {
    for (int i = 0; i < 2; ++i) {
      const auto got = http.get("/");
      ASSERT_FALSE(got);
      EXPECT_EQ(got.error(), with) << got.error().to_string();
    }
    ASSERT_EQ(tool.state(), state::open);
    repair();
    const auto connections = server.connections();
    const auto requests = server.requests();
    for (int i = 0; i < 20; ++i)
      EXPECT_EQ(http.get("/").error(), errc::circuit_open);
    EXPECT_EQ(server.connections(), connections);
    EXPECT_EQ(server.requests(), requests);

    ASSERT_TRUE(tool.isolate());
    ASSERT_TRUE(tool.automatic()); // probes at once
    const auto probe = client().get("/"); // with all the time it needs
    ASSERT_TRUE(probe) << probe.error().to_string();
    EXPECT_EQ(probe->status, 200);
    EXPECT_EQ(server.requests(), requests + 1);
    EXPECT_EQ(tool.state(), state::closed);
  }
};

TEST_F(http_client_life, answers_errors) {
  const auto http = client();
  ASSERT_TRUE(http.get("/"));
  server.behave("status 500");
  trips_and_recovers(http, errc::operation_failed,
                     [&] { server.behave("healthy"); });
}

TEST_F(http_client_life, is_killed) {
  const auto http = client();
  ASSERT_TRUE(http.get("/"));
  server.kill();
  trips_and_recovers(http, errc::operation_failed, [&] { server.start(); });
}

TEST_F(http_client_life, hangs) {
  const auto http = impatient();
  server.behave("hang");
  trips_and_recovers(http, errc::timeout, [&] {
    both_arrive();
    server.behave("healthy");
  });
}

TEST_F(http_client_life, is_stopped) {
  const auto http = impatient();
  server.pause();
  trips_and_recovers(http, errc::timeout, [&] {
    server.resume();
    both_arrive();
  });
}

TEST_F(http_client_life, is_slow) {
  const auto http = impatient();
  server.behave("slow 3000");
  trips_and_recovers(http, errc::timeout, [&] {
    both_arrive();
    server.behave("healthy");
  });
}

TEST_F(http_client_life, drops_connections) {
  const auto http = client();
  server.behave("drop 10");
  trips_and_recovers(http, errc::operation_failed,
                     [&] { server.behave("healthy"); });
}

TEST_F(http_client_life, probes_by_itself_when_the_open_time_is_over) {
  auto cfg = trips_after(1);
  cfg.open_timeout = 50ms;
  cfg.success_threshold = 1;
  ASSERT_TRUE(tool.reconfigure(cfg));
  const auto http = client();
  server.behave("status 503");
  ASSERT_FALSE(http.get("/"));
  server.behave("healthy");
  EXPECT_TRUE(eventually([&] { return http.get("/").has_value(); }));
  EXPECT_EQ(tool.state(), state::closed);
}

TEST_F(http_client_life, stays_open_as_long_as_the_tool_asks) {
  server.behave("status 429\tRetry-After: 600");
  auto cfg = trips_after(1);
  cfg.open_timeout = 1s;
  cfg.open_timeout_maximum = 1h;
  ASSERT_TRUE(tool.reconfigure(cfg));
  const auto http = client();
  EXPECT_EQ(http.get("/").error().retry_after(), 600s);
  const auto refused = http.get("/");
  EXPECT_EQ(refused.error(), errc::circuit_open);
  EXPECT_GT(refused.error().retry_after(), 500s);
}

} // namespace

} // namespace switchgear::test
