#include <gtest/gtest.h>

#include "support/breaker_printing.hpp"
#include "support/breaker_rig.hpp"

using namespace std::chrono_literals;

namespace switchgear {

namespace {

using test::breaker_rig;

config touchy() {
  return {.failure_threshold = 5,
          .open_timeout = 10s,
          .half_open_max_calls = 3,
          .success_threshold = 3};
}

TEST(reconfigure, is_told_of_and_begins_no_epoch) {
  for (auto prepare : {+[](breaker_rig&) {}, +[](breaker_rig& r) { r.trip(); },
                       +[](breaker_rig& r) { r.half_open(); }}) {
    breaker_rig rig{touchy()};
    prepare(rig);
    const auto epoch = rig.data().epoch;
    rig.take_events();
    rig.reconfigure(touchy());
    EXPECT_EQ(rig.take_events(), (std::vector<std::string>{"config_changed"}));
    EXPECT_EQ(rig.data().epoch, epoch);
  }
}

TEST(reconfigure, in_closed_keeps_the_history) {
  breaker_rig rig{touchy()};
  rig.ok();
  for (int i = 0; i < 4; ++i)
    rig.fail();
  auto cfg = touchy();
  cfg.failure_threshold = 2;
  rig.reconfigure(cfg);
  EXPECT_EQ(rig.now_in(), state::closed); // trips are judged on failures
  EXPECT_EQ(rig.stats().window, "SFFFF");
  EXPECT_EQ(rig.stats().consecutive_failures, 4u);
  rig.fail();
  EXPECT_EQ(rig.now_in(), state::open);
  EXPECT_EQ(rig.stats().why, "5 failures in a row (threshold 2), last: broken");
}

TEST(reconfigure, in_closed_with_another_window_keeps_what_fits) {
  breaker_rig rig{touchy()};
  rig.fail();
  rig.ok();
  rig.fail();
  auto cfg = touchy();
  cfg.window_size = 2;
  rig.reconfigure(cfg);
  EXPECT_EQ(rig.stats().window, "SF");
  rig.fail();
  EXPECT_EQ(rig.data().why, reason::failure_rate);
}

TEST(reconfigure, in_closed_starts_and_stops_the_interval) {
  breaker_rig rig{touchy()};
  auto cfg = touchy();
  cfg.closed_interval = 4s;
  rig.reconfigure(cfg);
  rig.fail();
  rig.advance(4s);
  EXPECT_EQ(rig.stats().consecutive_failures, 0u);
  cfg.failure_threshold = 7; // the interval as it was: it goes on
  rig.advance(3s);
  rig.reconfigure(cfg);
  rig.fail();
  rig.advance(1s);
  EXPECT_EQ(rig.stats().consecutive_failures, 0u);
  cfg.closed_interval = 0s;
  rig.reconfigure(cfg);
  rig.fail();
  rig.advance(24h);
  EXPECT_EQ(rig.stats().consecutive_failures, 1u);
}

TEST(reconfigure, in_open_leaves_the_open_time_under_way_as_it_is) {
  breaker_rig rig{touchy()};
  rig.trip();
  auto cfg = touchy();
  cfg.open_timeout = 1h;
  cfg.closed_interval = 1s; // of no concern here
  rig.reconfigure(cfg);
  EXPECT_EQ(rig.stats().retry_after, 10s);
  rig.advance(10s);
  EXPECT_EQ(rig.now_in(), state::half_open);
  rig.fail();
  EXPECT_EQ(rig.stats().retry_after, 1h);
}

TEST(reconfigure, in_open_keeps_the_words_for_why_it_opened) {
  breaker_rig rig{touchy()};
  rig.trip();
  auto cfg = touchy();
  cfg.failure_threshold = 100;
  rig.reconfigure(cfg);
  EXPECT_EQ(rig.stats().why, "5 failures in a row (threshold 5), last: broken");
}

TEST(reconfigure, in_half_open_keeps_probes_and_successes) {
  breaker_rig rig{touchy()};
  rig.half_open().ok();
  const auto a = rig.acquire().value();
  const auto b = rig.acquire().value();
  auto cfg = touchy();
  cfg.half_open_max_calls = 1;
  cfg.success_threshold = 2;
  rig.reconfigure(cfg);
  EXPECT_EQ(rig.stats().probes_out, 2u);
  EXPECT_FALSE(rig.acquire());
  rig.report(a, outcome::ignored);
  EXPECT_FALSE(rig.acquire()); // b is out
  EXPECT_EQ(rig.now_in(), state::half_open);
  rig.report(b);
  EXPECT_EQ(rig.now_in(), state::closed);
}

TEST(reconfigure, in_half_open_can_allow_more_probes) {
  breaker_rig rig{touchy()};
  rig.half_open();
  for (int i = 0; i < 3; ++i)
    rig.acquire();
  EXPECT_FALSE(rig.acquire());
  auto cfg = touchy();
  cfg.half_open_max_calls = 4;
  rig.reconfigure(cfg);
  EXPECT_TRUE(rig.acquire());
}

} // namespace

} // namespace switchgear
