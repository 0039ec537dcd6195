#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "support/breaker_rig.hpp"

using namespace std::chrono_literals;

namespace switchgear {

namespace {

using test::breaker_rig;

config growing() {
  return {.failure_threshold = 1,
          .open_timeout = 1s,
          .open_timeout_multiplier = 2.0,
          .success_threshold = 1};
}

duration open_time(breaker_rig& rig) {
  return rig.data().open_until - rig.now();
}

// Open times of so many trips without a recovery in between.
std::vector<duration> open_times(breaker_rig& rig, int trips) {
  std::vector<duration> result;
  for (int i = 0; i < trips; ++i) {
    rig.fail();
    result.push_back(open_time(rig));
    rig.advance(result.back());
  }
  return result;
}

TEST(open_time, does_not_grow_by_default) {
  breaker_rig rig{{.failure_threshold = 1, .open_timeout = 1s}};
  for (auto each : open_times(rig, 20))
    EXPECT_EQ(each, 1s);
}

TEST(open_time, grows_with_each_trip_up_to_ten_times) {
  breaker_rig rig{growing()};
  EXPECT_EQ(open_times(rig, 6),
            (std::vector<duration>{1s, 2s, 4s, 8s, 10s, 10s}));
}

TEST(open_time, grows_up_to_the_maximum) {
  auto cfg = growing();
  cfg.open_timeout_maximum = 3s;
  breaker_rig rig{cfg};
  EXPECT_EQ(open_times(rig, 4), (std::vector<duration>{1s, 2s, 3s, 3s}));
}

TEST(open_time, begins_anew_after_a_recovery) {
  breaker_rig rig{growing()};
  open_times(rig, 3);
  rig.ok();
  ASSERT_EQ(rig.now_in(), state::closed);
  EXPECT_EQ(open_times(rig, 2), (std::vector<duration>{1s, 2s}));
}

TEST(open_time, begins_anew_after_a_reset) {
  breaker_rig rig{growing()};
  open_times(rig, 3);
  rig.reset();
  EXPECT_EQ(open_times(rig, 2), (std::vector<duration>{1s, 2s}));
}

TEST(open_time, never_overflows) {
  auto cfg = growing();
  cfg.open_timeout = longest_open;
  cfg.open_timeout_multiplier = 100.0;
  breaker_rig rig{cfg};
  for (auto each : open_times(rig, 400)) // a hundred to the four hundredth
    ASSERT_EQ(each, longest_open);
}

RC_GTEST_PROP(open_time, stays_within_growth_and_jitter, ()) {
  config cfg{.failure_threshold = 1, .success_threshold = 1};
  cfg.open_timeout = duration{1ms} * *rc::gen::inRange(1, 10'000);
  cfg.open_timeout_multiplier = *rc::gen::inRange(100, 400) / 100.0;
  cfg.open_timeout_maximum = cfg.open_timeout * *rc::gen::inRange(1, 20);
  cfg.open_timeout_jitter = *rc::gen::inRange(0, 101) / 100.0;
  breaker_rig rig{cfg, {}, *rc::gen::arbitrary<std::uint64_t>()};
  const auto base = static_cast<double>(cfg.open_timeout.count());
  const auto most = static_cast<double>(cfg.open_timeout_maximum.count());
  int trips = 0;
  for (auto each : open_times(rig, 8)) {
    const auto grown
      = cfg.open_timeout_multiplier == 1.0
          ? base
          : std::min(most, base * std::pow(cfg.open_timeout_multiplier, trips));
    ++trips;
    const auto time = static_cast<double>(each.count());
    RC_ASSERT(time <= grown * (1.0 + cfg.open_timeout_jitter) + 1.0);
    RC_ASSERT(time >= grown * (1.0 - cfg.open_timeout_jitter) - 1.0);
    RC_ASSERT(each >= shortest_open);
  }
}

TEST(open_time, jitter_spreads_breakers_apart_but_is_the_same_for_a_seed) {
  auto cfg = growing();
  cfg.open_timeout_jitter = 0.5;
  std::set<duration> times;
  duration sum{};
  for (std::uint64_t seed = 0; seed < 1000; ++seed) {
    breaker_rig rig{cfg, {}, seed};
    rig.trip();
    times.insert(open_time(rig));
    sum += open_time(rig);
    breaker_rig again{cfg, {}, seed};
    again.trip();
    EXPECT_EQ(open_time(again), open_time(rig));
  }
  EXPECT_GT(times.size(), 990u);
  EXPECT_LT(*times.begin(), 510ms);
  EXPECT_GT(*times.rbegin(), 1490ms);
  EXPECT_GT(sum / 1000, 970ms);
  EXPECT_LT(sum / 1000, 1030ms);
}

} // namespace

} // namespace switchgear
