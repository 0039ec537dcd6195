/// What sinks are told, as a user's test sees it.

#include "switchgear/test_kit/events.hpp"

#include <gmock/gmock.h>

#include <atomic>
#include <thread>
#include <vector>

#include "support/breakers.hpp"
#include "switchgear/switchgear.hpp"

using namespace std::chrono_literals;

namespace switchgear::test {

namespace {

using namespace test_kit;

class events : public ::testing::Test {
public:
  runtime rt;
  event_recorder told{rt};
};

TEST_F(events, tell_a_breakers_whole_story) {
  auto cfg = trips_after(2);
  cfg.success_threshold = 1;
  auto db = rt.breaker("db", cfg);
  EXPECT_TRUE(db.call(fine));
  EXPECT_FALSE(db.call(broken));
  EXPECT_TRUE(db.call(fine));
  EXPECT_FALSE(db.call(broken));
  EXPECT_FALSE(db.call(broken));
  EXPECT_FALSE(db.call(fine));
  EXPECT_FALSE(db.call(fine));
  EXPECT_EVENTS(
    told, "db", initialized(), succeeded(), failed("broken"), succeeded(),
    failed("broken"), failed("broken"),
    transition(state::closed, state::open, reason::consecutive_failures),
    rejected(2));
  EXPECT_TRUE(db.isolate());
  EXPECT_TRUE(db.automatic());
  EXPECT_TRUE(db.call(fine));
  EXPECT_EVENTS(
    told, "db", mode_changed(mode::isolated), mode_changed(mode::automatic),
    transition(state::open, state::half_open, reason::released), succeeded(),
    transition(state::half_open, state::closed, reason::recovered));
  cfg.failure_threshold = 7;
  EXPECT_TRUE(db.reconfigure(cfg));
  const auto changed = told.take("db");
  ASSERT_EQ(changed.size(), 1u);
  EXPECT_EQ(changed[0].kind, event_kind::config_changed);
  EXPECT_EQ(changed[0].text, "failure_threshold 2 -> 7");
  EXPECT_TRUE(rt.unregister_breaker("db"));
  EXPECT_EVENTS(told, "db", terminated());
}

TEST_F(events, say_when_how_long_and_of_what_kind) {
  const auto before = std::chrono::system_clock::now();
  auto db = rt.breaker("db", trips_after(1));
  EXPECT_TRUE(db.call([] { std::this_thread::yield(); }));
  EXPECT_FALSE(db.call(broken));
  const auto all = told.take("db");
  const auto after = std::chrono::system_clock::now();
  ASSERT_EQ(all.size(), 4u);
  for (const auto& each : all) {
    // Successes are stamped by a coarse clock unless they are timed.
    EXPECT_GE(each.when, before - 1s);
    EXPECT_LE(each.when, after + 1s);
  }
  EXPECT_GT(all[1].latency, 0s);
  EXPECT_EQ(all[2].error_type, "std::runtime_error");
  EXPECT_EQ(all[2].text, "std::runtime_error: broken");
  ASSERT_TRUE(all[3].cause);
  EXPECT_EQ(all[3].cause->why, reason::consecutive_failures);
  EXPECT_EQ(all[3].cause->consecutive_failures, 1u);
}

TEST_F(events, of_rejections_say_why) {
  auto cfg = trips_after(1);
  cfg.half_open_max_calls = 1;
  auto db = rt.breaker("db", cfg);
  EXPECT_TRUE(db.isolate());
  EXPECT_FALSE(db.call(fine));
  EXPECT_TRUE(db.automatic());
  auto probe = db.acquire();
  ASSERT_TRUE(probe);
  EXPECT_FALSE(db.call(fine));
  EXPECT_FALSE(db.call(fine));
  static_cast<void>(told.take("other"));
  probe->cancel();
  EXPECT_EVENTS(told, "db", initialized(), mode_changed(mode::isolated),
                transition(state::closed, state::open), rejected(1),
                mode_changed(mode::automatic),
                transition(state::open, state::half_open),
                rejected(2, errc::too_many_probes), ignored());
}

TEST_F(events, of_rejections_in_a_row_are_one_when_asked_for) {
  auto db = rt.breaker("db", trips_after(1));
  EXPECT_TRUE(db.isolate());
  for (int i = 0; i < 3; ++i) {
    EXPECT_FALSE(db.call(fine));
    EXPECT_TRUE(rt.telemetry().flush(patience)); // it tells of this one
  }
  EXPECT_EVENTS(told, "db", initialized(), mode_changed(mode::isolated),
                transition(state::closed, state::open), rejected(3));
  EXPECT_FALSE(db.call(fine));
  EXPECT_EVENTS(told, "db", rejected(1));
}

TEST_F(events, are_as_many_as_the_breaker_is_set_to_tell) {
  auto cfg = trips_after(3);
  cfg.success_events = 0;
  auto silent = rt.breaker("silent", cfg);
  cfg.success_events = 10;
  auto sampled = rt.breaker("sampled", cfg);
  for (int i = 0; i < 100; ++i) {
    EXPECT_TRUE(silent.call(fine));
    EXPECT_TRUE(sampled.call(fine));
  }
  EXPECT_FALSE(silent.call(broken));
  EXPECT_EVENTS(told, "silent", initialized(), failed());
  const auto some = told.take("sampled");
  EXPECT_EQ(some.size(), 1u + 10u);
  // All are numbered, also those that are not told of.
  EXPECT_EQ(some.back().sequence, 1u + 91u);
}

TEST_F(events, of_very_many_threads_are_all_told) {
  auto db = rt.breaker("db", trips_after(1'000'000));
  constexpr int threads = 80; // more than have slots
  std::vector<std::thread> all;
  std::atomic<int> done{0};
  for (int t = 0; t < threads; ++t)
    all.emplace_back([&] {
      for (int i = 0; i < 50; ++i)
        EXPECT_TRUE(db.call(fine));
      ++done;
      while (done < threads) // keeps its slot, if it has one
        std::this_thread::yield();
    });
  for (auto& each : all)
    each.join();
  const auto got = told.take("db");
  EXPECT_EQ(got.size(), 1u + threads * 50u);
  for (std::size_t i = 0; i < got.size(); ++i)
    ASSERT_EQ(got[i].sequence, i + 1);
}

TEST_F(events, of_several_breakers_are_told_apart) {
  auto x = rt.breaker("x");
  auto y = rt.breaker("y");
  EXPECT_TRUE(x.call(fine));
  EXPECT_FALSE(y.call(broken));
  EXPECT_EVENTS(told, "y", initialized(), failed());
  EXPECT_EVENTS(told, "x", initialized(), succeeded());
}

TEST_F(events, of_levels_are_told_apart_from_all_others) {
  auto cfg = trips_after(2);
  cfg.window_size = 5;
  cfg.failure_rate_threshold = 1.0;
  auto db = rt.breaker("db", cfg);
  EXPECT_FALSE(db.call(broken));
  for (int i = 0; i < 4; ++i)
    EXPECT_TRUE(db.call(fine));
  EXPECT_EVENTS(told, "db", initialized(), failed(), succeeded(), succeeded(),
                succeeded(), succeeded());
  EXPECT_ALERTS(told, "db", alert(alert_level::warning, "1 of the last 5"));
  EXPECT_TRUE(db.isolate());
  EXPECT_EVENTS(told, "db", mode_changed(mode::isolated),
                transition(state::closed, state::open));
  EXPECT_TRUE(told.take_alerts("db").empty());
}

TEST_F(events, are_recorded_across_restarts) {
  auto db = rt.breaker("db");
  EXPECT_TRUE(db.call(fine));
  ASSERT_TRUE(db.stats());
  ASSERT_TRUE(rt.kill("db"));
  ASSERT_TRUE(eventually([&] { return db.stats()->restarts == 1; }));
  EXPECT_TRUE(db.call(fine));
  EXPECT_EVENTS(told, "db", initialized(), succeeded(), restarted(),
                succeeded());
}

} // namespace

} // namespace switchgear::test
