/// Calls through a cell that are timed: all, or a sample; their durations, and
/// the slices of a window of time in which they were.

#include <gtest/gtest.h>

#include <chrono>
#include <random>
#include <utility>
#include <vector>

#include "support/allocation_count.hpp"
#include "support/breaker_printing.hpp"
#include "support/hands.hpp"
#include "support/manual_cell.hpp"

using namespace std::chrono_literals;

namespace switchgear {

namespace {

using test::manual_cell;

config sampling(std::uint32_t n) {
  config cfg;
  cfg.latency_sampling = n;
  return cfg;
}

/// Makes calls that take as long as they take.
void succeed(manual_cell& where, int n) {
  for (; n > 0; --n)
    where.succeed(where.admit().value());
}

std::uint64_t timed(const manual_cell& where, int calls) {
  std::uint64_t result = 0;
  for (int i = 0; i < calls; ++i) {
    cell::call current;
    auto& tested = const_cast<manual_cell&>(where);
    EXPECT_TRUE(tested.begin(current));
    result += current.timed;
    tested.succeed(current);
  }
  return result;
}

TEST(timed_calls, are_all_by_default) {
  EXPECT_EQ(config{}.latency_sampling, 1u);
  manual_cell tested;
  EXPECT_EQ(timed(tested, 100), 100u);
}

TEST(timed_calls, are_as_many_as_asked_for) {
  EXPECT_EQ(timed(manual_cell{sampling(0)}, 100), 0u);
  EXPECT_EQ(timed(manual_cell{sampling(10)}, 100), 10u);
}

TEST(timed_calls, are_all_where_something_depends_on_it) {
  const auto expect_all = [](auto set) {
    auto cfg = sampling(0);
    set(cfg);
    ASSERT_EQ(explain(validate(cfg)), "");
    EXPECT_EQ(timed(manual_cell{cfg}, 10), 10u);
  };
  expect_all([](config& cfg) { cfg.slow_call_duration = 1s; });
  expect_all([](config& cfg) { cfg.call_timeout = 1s; });
  expect_all([](config& cfg) { cfg.window_duration = 1s; });
  expect_all([](config& cfg) {
    cfg.max_stuck_calls = 1;
    cfg.stuck_after = 1s;
  });
}

TEST(timed_calls, follow_new_settings) {
  manual_cell tested{sampling(0)};
  tested.give(input::reconfigure{std::make_shared<const config>(sampling(1))});
  EXPECT_EQ(timed(tested, 10), 10u);
}

TEST(timed_calls, tell_how_long_they_took) {
  manual_cell tested;
  test::hands threads{3};
  for (std::size_t i = 0; i < 3; ++i)
    threads.on(i, [&] {
      for (int n = 1; n <= 100; ++n) {
        const auto call = test::begin_at(tested, tested.now);
        tested.succeed_at(call, tested.now + n * 1ms);
      }
    });
  const auto failed = test::begin_at(tested, tested.now);
  tested.end(failed, outcome::failure, 100ms, "refused");
  tested.step();
  const auto s = tested.make_statistics(tested.now, wall_time{});
  EXPECT_EQ(s.total_successes, 300u);
  EXPECT_EQ(s.avg_latency, duration{3 * 5050ms + 100ms} / 301);
  EXPECT_GE(s.p95_latency, 95ms);
  EXPECT_LE(s.p95_latency, 107ms);
}

TEST(timed_calls, are_told_of_with_their_times) {
  struct : breaker_observer {
    void emit(const breaker_event& event) override {
      if (event.kind == event_kind::call_succeeded)
        told.emplace_back(event.at, event.latency);
    }
    void consult_ready_to_trip(const counts&, std::uint64_t) override {}
    void consult_open_time(const trip_cause&, std::uint64_t) override {}
    std::vector<std::pair<time_point, duration>> told;
  } heard;
  manual_cell tested{config{}, &heard};
  const auto start = tested.now;
  const auto take = [&](duration time) {
    const auto begun = test::begin_at(tested, tested.now);
    tested.now += time;
    tested.succeed_at(begun, tested.now);
  };
  take(7ms);
  tested.step();
  take(10ms);
  take(20ms);
  tested.step();
  tested.step();
  using told = std::pair<time_point, duration>;
  EXPECT_EQ(heard.told,
            (std::vector<told>{
              {start + 7ms, 7ms}, {start + 17ms, 10ms}, {start + 37ms, 20ms}}));
}

TEST(timed_calls, that_are_slow_are_told) {
  config cfg;
  cfg.slow_call_duration = 50ms;
  manual_cell tested{cfg};
  const auto take = [&](duration time) {
    tested.succeed_at(test::begin_at(tested, tested.now), tested.now + time);
  };
  take(49ms);
  take(50ms);
  take(51ms);
  tested.step();
  const auto in_window = tested.data().recent.count(tested.now);
  EXPECT_EQ(in_window, (window::tally{3, 0, 2}));
}

TEST(timed_calls, allocate_nothing) {
  config windowed;
  windowed.window_duration = 10s;
  for (const auto& cfg : {sampling(0), sampling(1), sampling(7), windowed}) {
    manual_cell tested{cfg};
    succeed(tested, 10);
    const auto before = test::allocations();
    succeed(tested, 1000);
    EXPECT_EQ(test::allocations(), before);
    tested.step();
    EXPECT_EQ(tested.data().successes, 1010u);
  }
}

TEST(timed_calls, say_how_old_the_oldest_is) {
  manual_cell tested;
  const auto age = [&] {
    return tested.make_statistics(tested.now, wall_time{}).oldest_call;
  };
  EXPECT_EQ(age(), 0s);
  const auto first = test::begin_at(tested, tested.now);
  tested.now += 2s;
  const auto second = test::begin_at(tested, tested.now);
  tested.now += 1s;
  EXPECT_EQ(age(), 3s);
  tested.succeed(first);
  EXPECT_EQ(age(), 1s);
  tested.end(second, outcome::cancelled);
  EXPECT_EQ(age(), 0s);
}

// However late the owner looks, a success is in the slice in which it happened.
TEST(timed_calls, are_in_the_window_when_they_happened) {
  test::hands threads{3};
  std::minstd_rand random{7};
  for (int round = 0; round < 50; ++round) {
    config cfg;
    cfg.window_duration = 10s;
    cfg.failure_threshold = 1'000'000;
    cfg.minimum_calls = 1'000'000;
    manual_cell tested{cfg};
    window expected{cfg};
    for (int i = 0; i < 300; ++i) {
      const auto at = tested.now;
      const bool failed = random() % 10 == 0;
      threads.on(random() % 3, [&] {
        const auto call = test::begin_at(tested, at);
        if (failed)
          tested.end(call, outcome::failure, 0ns, "refused");
        else
          tested.succeed_at(call, at);
      });
      expected.add(failed, false, at);
      tested.now += 1ms * (random() % 300);
      if (random() % 20 == 0) {
        tested.step();
        ASSERT_EQ(tested.data().recent.count(tested.now),
                  expected.count(tested.now));
      }
    }
  }
}

} // namespace

} // namespace switchgear
