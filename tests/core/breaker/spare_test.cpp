/// What the machine says it can spare, against what it then does.

#include <gtest/gtest.h>

#include <chrono>
#include <random>
#include <string>

#include "support/breaker_printing.hpp"
#include "switchgear/breaker/machine.hpp"
#include "switchgear/statem/virtual_driver.hpp"

using namespace std::chrono_literals;

namespace switchgear {

namespace {

/// A machine in closed that is told results one by one.
class told {
public:
  explicit told(config cfg)
    : driver_(rules_, state::closed,
              breaker_data{std::make_shared<const config>(std::move(cfg)), 0}) {
    driver_.start();
  }

  void tell(bool failed, bool slow = false) {
    driver_.cast(
      input::report{.of = {data().epoch, 0},
                    .how = failed ? outcome::failure : outcome::success,
                    .latency = slow ? duration{1h} : duration{0}});
    driver_.run();
  }

  void pass(duration time) {
    driver_.advance(time);
  }

  std::uint64_t spare() {
    return rules_.spare(now_in(), data(), driver_.now());
  }

  time_point spare_until() {
    return rules_.spare_until(data(), driver_.now());
  }

  state now_in() {
    return driver_.machine().state();
  }

  breaker_data& data() {
    return driver_.machine().data();
  }

  time_point now() {
    return driver_.now();
  }

private:
  breaker_machine rules_;
  statem::virtual_driver<breaker_types> driver_;
};

config random_config(std::minstd_rand& random) {
  config cfg;
  cfg.failure_threshold = 1 + static_cast<std::uint32_t>(random() % 8);
  cfg.window_size = 1 + static_cast<std::uint32_t>(random() % 20);
  cfg.minimum_calls
    = static_cast<std::uint32_t>(random() % (cfg.window_size + 1));
  cfg.failure_rate_threshold = static_cast<double>(1 + random() % 100) / 100.0;
  if (random() % 2 == 0) {
    cfg.slow_call_duration = 1min;
    cfg.slow_call_rate_threshold
      = static_cast<double>(1 + random() % 100) / 100.0;
  }
  if (random() % 3 == 0)
    cfg.window_duration = 10s;
  return cfg;
}

// As many failures and slow calls as it spares, with any successes in between
// and as long as it says, never trip.
TEST(spare, is_never_too_much) {
  std::minstd_rand random{1};
  std::uint64_t spared = 0;
  for (int round = 0; round < 20'000; ++round) {
    told tested{random_config(random)};
    for (auto n = random() % 30; n > 0 && tested.now_in() == state::closed;
         --n) {
      tested.tell(random() % 3 == 0, random() % 8 == 0);
      if (random() % 4 == 0)
        tested.pass(1ms * (random() % 3000));
    }
    if (tested.now_in() != state::closed)
      continue;
    const auto until = tested.spare_until();
    const auto many = random() % 3 == 0;
    for (auto left = tested.spare(); left > 0;) {
      const auto dice = random() % 3;
      if (dice == 0 || many) {
        tested.tell(true);
        --left;
        ++spared;
      } else if (dice == 1) {
        tested.tell(false);
      } else if (tested.data().cfg->slow_call_duration > 0s) {
        tested.tell(random() % 2 == 0, true);
        --left;
        ++spared;
      }
      if (tested.now() + 100ms < until && random() % 4 == 0)
        tested.pass(100ms);
      ASSERT_EQ(tested.now_in(), state::closed)
        << "round " << round << ": " << tested.data().last_trip->text;
    }
  }
  EXPECT_GT(spared, 10'000u); // there was something to it
}

TEST(spare, is_all_but_one_of_the_threshold) {
  for (std::uint32_t threshold : {1u, 2u, 5u, 100u}) {
    config cfg;
    cfg.failure_threshold = threshold;
    cfg.window_size = 1000;
    told tested{cfg};
    EXPECT_EQ(tested.spare(), threshold - 1);
    if (threshold > 2) {
      tested.tell(true);
      EXPECT_EQ(tested.spare(), threshold - 2);
      tested.tell(false);
      EXPECT_EQ(tested.spare(), threshold - 1);
    }
  }
}

TEST(spare, grows_with_a_window_that_fills) {
  config cfg;
  cfg.failure_threshold = 1000;
  cfg.window_size = 100;
  cfg.minimum_calls = 10;
  cfg.failure_rate_threshold = 0.5;
  told tested{cfg};
  EXPECT_EQ(tested.spare(), 4u); // five of ten may be half of all
  for (int i = 0; i < 100; ++i)
    tested.tell(false);
  EXPECT_EQ(tested.spare(), 49u);
  tested.tell(true);
  EXPECT_EQ(tested.spare(), 48u);
}

TEST(spare, is_without_limit_where_nothing_trips) {
  told tested{{.failure_threshold = 1}};
  tested.data().mode = mode::forced_closed;
  EXPECT_GT(tested.spare(), std::uint64_t{1} << 60);
  tested.data().mode = mode::disabled;
  EXPECT_GT(tested.spare(), std::uint64_t{1} << 60);
}

TEST(spare, lasts_as_long_as_the_oldest_slice) {
  config cfg;
  told counted{cfg};
  EXPECT_EQ(counted.spare_until(), time_point::max());
  cfg.window_duration = 10s;
  told timed{cfg};
  EXPECT_GT(timed.spare_until(), timed.now());
  EXPECT_LE(timed.spare_until(), timed.now() + 1s);
}

} // namespace

} // namespace switchgear
