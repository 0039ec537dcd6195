#include "switchgear/breaker/alerts.hpp"

#include <gtest/gtest.h>

#include "support/breaker_printing.hpp"
#include "support/manual_cell.hpp"

using namespace std::chrono_literals;

namespace switchgear {

namespace {

config settings() {
  return {.failure_threshold = 1'000,
          .window_size = 100,
          .failure_rate_threshold = 1.0,
          .alert_failure_rate = 0.1,
          .alert_trips = 5,
          .alert_period = 60s};
}

class alerts : public testing::Test {
public:
  /// @returns whether the level is another one
  bool see(state now_in, std::uint64_t failures = 0,
           std::uint64_t calls = 100) {
    return tested.update(now_in, {calls, failures, 0}, now, cfg);
  }

  config cfg = settings();
  time_point now = clock::now();
  alert_monitor tested;
};

TEST_F(alerts, follow_the_state) {
  EXPECT_FALSE(see(state::closed));
  EXPECT_TRUE(see(state::open));
  EXPECT_EQ(tested.level(), alert_level::critical);
  EXPECT_FALSE(see(state::open));
  EXPECT_TRUE(see(state::half_open));
  EXPECT_EQ(tested.level(), alert_level::warning);
  EXPECT_TRUE(see(state::closed));
  EXPECT_EQ(tested.level(), alert_level::healthy);
  EXPECT_EQ(tested.why(), "");
}

TEST_F(alerts, warn_when_too_many_calls_fail) {
  EXPECT_FALSE(see(state::closed, 10)); // at the threshold, not above
  EXPECT_TRUE(see(state::closed, 11));
  EXPECT_EQ(tested.level(), alert_level::warning);
  EXPECT_EQ(tested.why(),
            "11 of the last 100 calls failed (11.0%, threshold 10.0%)");
}

TEST_F(alerts, do_not_flutter_about_their_threshold) {
  EXPECT_TRUE(see(state::closed, 11));
  EXPECT_FALSE(see(state::closed, 10));
  EXPECT_FALSE(see(state::closed, 9));
  EXPECT_FALSE(see(state::closed, 11));
  EXPECT_TRUE(see(state::closed, 8)); // four fifths
  EXPECT_EQ(tested.level(), alert_level::healthy);
  EXPECT_FALSE(see(state::closed, 9));
}

TEST_F(alerts, need_as_many_calls_as_a_rate_does) {
  EXPECT_FALSE(see(state::closed, 50, 99));
  cfg.minimum_calls = 20;
  EXPECT_TRUE(see(state::closed, 10, 20));
}

TEST_F(alerts, warn_when_it_trips_too_often) {
  for (int i = 0; i < 5; ++i)
    tested.note_trip(now += 1s, cfg);
  EXPECT_FALSE(see(state::closed));
  tested.note_trip(now += 1s, cfg);
  EXPECT_TRUE(see(state::closed));
  EXPECT_EQ(tested.why(), "6 or more trips within 1 min (threshold 5)");
  now += 55s; // the first one has left the period
  EXPECT_FALSE(see(state::closed));
  now += 1s; // four are left
  EXPECT_TRUE(see(state::closed));
  EXPECT_EQ(tested.level(), alert_level::healthy);
}

TEST_F(alerts, can_be_turned_off) {
  cfg.alert_failure_rate = 0;
  cfg.alert_trips = 0;
  for (int i = 0; i < 100; ++i)
    tested.note_trip(now, cfg);
  EXPECT_FALSE(see(state::closed, 100));
}

TEST_F(alerts, of_a_state_outweigh_those_of_rules) {
  EXPECT_TRUE(see(state::closed, 50));
  EXPECT_TRUE(see(state::open));
  EXPECT_EQ(tested.level(), alert_level::critical);
  EXPECT_FALSE(tested.raised()); // an open breaker's window tells nothing
}

// -- of a breaker -------------------------------------------------------------

class alerts_of_a_breaker : public testing::Test {
public:
  struct : breaker_observer {
    void emit(const breaker_event& event) override {
      if (event.level != event.level_before)
        told.push_back(event);
    }
    void consult_ready_to_trip(const counts&, std::uint64_t) override {}
    void consult_open_time(const trip_cause&, std::uint64_t) override {}
    std::vector<breaker_event> told;
  } heard;
  test::manual_cell tested{{.failure_threshold = 3,
                            .window_size = 10,
                            .failure_rate_threshold = 1.0,
                            .open_timeout = 5s,
                            .success_threshold = 1},
                           &heard};
};

TEST_F(alerts_of_a_breaker, come_with_transitions) {
  for (int i = 0; i < 3; ++i)
    tested.call(outcome::failure);
  ASSERT_EQ(heard.told.size(), 1u);
  EXPECT_EQ(heard.told[0].kind, event_kind::state_transition);
  EXPECT_EQ(heard.told[0].level_before, alert_level::healthy);
  EXPECT_EQ(heard.told[0].level, alert_level::critical);
  EXPECT_EQ(heard.told[0].text,
            "3 failures in a row (threshold 3), last: broken");
  EXPECT_TRUE(tested.make_statistics(tested.now, wall_time{}).is_critical());
  tested.pass(5s);
  tested.call(outcome::success);
  ASSERT_EQ(heard.told.size(), 3u);
  EXPECT_EQ(heard.told[1].level, alert_level::warning);
  EXPECT_EQ(heard.told[2].level_before, alert_level::warning);
  EXPECT_EQ(heard.told[2].level, alert_level::healthy);
}

TEST_F(alerts_of_a_breaker, are_raised_by_its_window) {
  for (int i = 0; i < 8; ++i)
    tested.call(outcome::success);
  tested.call(outcome::failure);
  EXPECT_TRUE(heard.told.empty());
  tested.call(outcome::failure);
  ASSERT_EQ(heard.told.size(), 1u);
  EXPECT_EQ(heard.told[0].level, alert_level::warning);
  EXPECT_EQ(heard.told[0].kind, event_kind::alert_changed);
  const auto s = tested.make_statistics(tested.now, wall_time{});
  EXPECT_TRUE(s.is_degraded());
  EXPECT_EQ(s.alert_reason,
            "2 of the last 10 calls failed (20.0%, threshold 10.0%)");
  for (int i = 0; i < 10; ++i)
    tested.call(outcome::success);
  ASSERT_EQ(heard.told.size(), 2u);
  EXPECT_EQ(heard.told[1].level, alert_level::healthy);
  EXPECT_EQ(heard.told[1].text,
            "failures and trips are well below their limits again");
}

} // namespace

} // namespace switchgear
