/// A model's breaker through all that can happen to its provider.

#include "model_fixture.hpp"

namespace switchgear::test {

namespace {

using namespace std::chrono_literals;

class llm_client_life : public llm_client_test {
public:
  llm_client_life() {
    auto cfg = trips_after(2);
    cfg.open_timeout = 1h; // it probes when the test says so
    cfg.success_threshold = 1;
    EXPECT_TRUE(tool.reconfigure(cfg));
  }

  llm_client impatient() {
    auto with = options();
    with.first_token_timeout = 500ms;
    with.idle_timeout = 500ms;
    return llm_client{tool, with};
  }

  template <class F>
  void trips_and_recovers(const llm_client& model, errc with, F repair) {
    for (int i = 0; i < 2; ++i)
      EXPECT_EQ(model.complete("Hi").error(), with);
    ASSERT_EQ(tool.state(), state::open);
    repair();
    const auto connections = server.connections();
    for (int i = 0; i < 20; ++i)
      EXPECT_EQ(model.complete("Hi").error(), errc::circuit_open);
    EXPECT_EQ(server.connections(), connections);

    says_hello();
    ASSERT_TRUE(tool.isolate());
    ASSERT_TRUE(tool.automatic()); // probes at once
    const auto probe = client().complete("Hi"); // with all the time it needs
    ASSERT_TRUE(probe) << probe.error().to_string();
    EXPECT_EQ(probe->text, "Hello world");
    EXPECT_EQ(tool.state(), state::closed);
  }
};

TEST_F(llm_client_life, is_overloaded) {
  server.behave("status 529");
  trips_and_recovers(client(), errc::operation_failed, [] {});
}

TEST_F(llm_client_life, is_killed) {
  server.kill();
  trips_and_recovers(client(), errc::operation_failed, [&] { server.start(); });
}

TEST_F(llm_client_life, is_stopped) {
  server.pause();
  trips_and_recovers(impatient(), errc::timeout, [&] {
    server.resume();
    ASSERT_TRUE(eventually([&] { return server.requests() == 2; }));
  });
}

TEST_F(llm_client_life, falls_silent) {
  server.behave("events" + piece("Hel") + "\t<hang>");
  trips_and_recovers(impatient(), errc::timeout, [&] {
    // They may arrive only after they were given up.
    ASSERT_TRUE(eventually([&] { return server.requests() == 2; }));
  });
}

TEST_F(llm_client_life, breaks_off) {
  server.behave("events" + piece("Hel") + "\t<drop>");
  trips_and_recovers(client(), errc::operation_failed, [] {});
}

} // namespace

} // namespace switchgear::test
