#include <gmock/gmock.h>

#include "support/breaker_rig.hpp"
#include "switchgear/breaker/presets.hpp"

using namespace std::chrono_literals;
using testing::IsEmpty;

namespace switchgear {

namespace {

struct row {
  const char* name;
  config cfg;
  std::uint32_t failures;
  duration open;
  std::uint32_t successes;
  std::uint32_t probes;
};

const row table[] = {
  {"http_api", presets::http_api(), 5, 30s, 2, 3},
  {"llm_service", presets::llm_service(), 3, 120s, 2, 2},
  {"database", presets::database(), 10, 10s, 3, 5},
  {"notifications", presets::notifications(), 10, 60s, 2, 3},
  {"cache", presets::cache(), 8, 20s, 3, 4},
  {"critical_service", presets::critical_service(), 2, 5min, 2, 3},
  {"high_volume", presets::high_volume(), 20, 30s, 2, 3},
  {"database_strict", presets::database_strict(), 3, 60s, 2, 3},
  {"conservative", presets::conservative(), 10, 60s, 2, 3},
  {"aggressive", presets::aggressive(), 3, 60s, 2, 3},
};

TEST(presets, are_valid_and_have_the_numbers_they_promise) {
  for (const auto& [name, cfg, failures, open, successes, probes] : table) {
    EXPECT_THAT(validate(cfg), IsEmpty()) << name;
    EXPECT_EQ(cfg.failure_threshold, failures) << name;
    EXPECT_EQ(cfg.open_timeout, open) << name;
    EXPECT_EQ(cfg.success_threshold, successes) << name;
    EXPECT_EQ(cfg.half_open_max_calls, probes) << name;
  }
}

// That many failures in a row, and not one less: the rate does not come first.
TEST(presets, trip_at_their_threshold_of_failures_in_a_row) {
  for (const auto& each : table) {
    test::breaker_rig rig{each.cfg};
    for (auto n = each.failures; n > 1; --n)
      rig.fail();
    EXPECT_EQ(rig.now_in(), state::closed) << each.name;
    rig.fail();
    EXPECT_EQ(rig.now_in(), state::open) << each.name;
    EXPECT_EQ(rig.data().why, reason::consecutive_failures) << each.name;
  }
}

TEST(presets, high_volume_trips_on_half_of_the_last_hundred) {
  test::breaker_rig rig{presets::high_volume()};
  for (int i = 0; i < 49; ++i) {
    rig.ok();
    rig.fail();
  }
  rig.ok();
  EXPECT_EQ(rig.now_in(), state::closed);
  rig.fail(); // the hundredth
  EXPECT_EQ(rig.data().why, reason::failure_rate);
}

// `ok` successes and then `failed` failures.
reason after(std::uint32_t ok, std::uint32_t failed) {
  test::breaker_rig rig{presets::percentage()};
  for (auto i = ok; i > 0; --i)
    rig.ok();
  for (auto i = failed; i > 0; --i)
    rig.fail();
  return rig.data().why;
}

TEST(presets, percentage_is_valid) {
  EXPECT_THAT(validate(presets::percentage()), IsEmpty());
  EXPECT_EQ(presets::percentage().open_timeout, 60s);
}

TEST(presets, percentage_needs_more_than_ten_calls) {
  EXPECT_EQ(after(0, 10), reason::none);
  EXPECT_EQ(after(0, 11), reason::failure_rate);
}

TEST(presets, percentage_trips_exactly_above_one_half) {
  for (std::uint32_t calls = 11; calls <= 100; ++calls) {
    const auto half = calls / 2; // rounded down
    EXPECT_EQ(after(calls - half, half), reason::none) << calls;
    EXPECT_EQ(after(calls - half - 1, half + 1), reason::failure_rate) << calls;
  }
}

TEST(presets, percentage_looks_at_the_last_hundred) {
  EXPECT_EQ(after(1000, 50), reason::none);
  EXPECT_EQ(after(1000, 51), reason::failure_rate);
}

TEST(presets, can_be_changed_field_by_field) {
  auto cfg = presets::http_api();
  cfg.failure_threshold = 1;
  test::breaker_rig rig{cfg};
  rig.fail();
  EXPECT_EQ(rig.now_in(), state::open);
  EXPECT_EQ(rig.data().open_until - rig.now(), 30s);
}

} // namespace

} // namespace switchgear
