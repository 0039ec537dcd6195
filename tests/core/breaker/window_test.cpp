#include "switchgear/breaker/window.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <chrono>
#include <deque>
#include <random>

using namespace std::chrono_literals;

namespace switchgear {

namespace {

using tally = window::tally;

constexpr auto start = time_point{24h};

config sized(std::uint32_t calls) {
  config cfg;
  cfg.window_size = calls;
  return cfg;
}

config spanning(duration time) {
  config cfg;
  cfg.window_duration = time;
  return cfg;
}

struct result {
  bool failed = false;
  bool slow = false;
  time_point at{};
};

tally sum_of(const std::deque<result>& results) {
  tally sum;
  for (const auto& each : results) {
    ++sum.calls;
    sum.failures += each.failed;
    sum.slow += each.slow;
  }
  return sum;
}

// -- a number of calls --------------------------------------------------------

/// What a count-based window is, said as simply as possible.
struct count_model {
  std::size_t most;
  std::deque<result> results;

  void add(result x) {
    results.push_back(x);
    resize(most);
  }

  void resize(std::size_t to) {
    most = to;
    while (results.size() > most)
      results.pop_front();
  }

  std::string text() const {
    std::string s;
    for (const auto& each : results)
      s += each.failed ? 'F' : 'S';
    return s;
  }
};

RC_GTEST_PROP(window, of_calls_is_a_queue_that_drops_its_oldest, ()) {
  const auto size = *rc::gen::inRange<std::uint32_t>(1, 9);
  window tested{sized(size)};
  count_model model{size, {}};
  const auto steps = *rc::gen::inRange(0, 200);
  for (int i = 0; i < steps; ++i) {
    const auto what = *rc::gen::inRange(0, 40);
    if (what == 0) {
      tested.clear();
      model.results.clear();
    } else if (what < 4) {
      const auto to = *rc::gen::inRange<std::uint32_t>(1, 9);
      tested.reconfigure(sized(to), start);
      model.resize(to);
    } else {
      const auto x = result{*rc::gen::arbitrary<bool>(),
                            *rc::gen::arbitrary<bool>(), start};
      tested.add(x.failed, x.slow, x.at);
      model.add(x);
    }
    RC_ASSERT(tested.to_string() == model.text());
    RC_ASSERT(tested.count(start) == sum_of(model.results));
  }
}

TEST(window, of_calls_takes_no_notice_of_time) {
  window tested{sized(3)};
  tested.add(true, false, start);
  EXPECT_EQ(tested.count(start + 24h * 365), (tally{1, 1, 0}));
}

TEST(window, with_other_thresholds_keeps_its_results) {
  auto cfg = sized(3);
  window tested{cfg};
  tested.add(true, true, start);
  tested.add(false, false, start);
  cfg.failure_threshold = 1;
  cfg.failure_rate_threshold = 0.1;
  cfg.minimum_calls = 1;
  tested.reconfigure(cfg, start);
  EXPECT_EQ(tested.to_string(), "FS");
  EXPECT_EQ(tested.count(start), (tally{2, 1, 1}));
}

// -- a span of time -----------------------------------------------------------

/// Results whose tenth of the span is one of the last ten.
struct time_model {
  duration span;
  std::deque<result> results;

  std::int64_t slice(time_point t) const {
    return t.time_since_epoch() / (span / 10);
  }

  tally count(time_point now) const {
    auto recent = results;
    std::erase_if(recent, [&](const result& each) {
      return slice(each.at) <= slice(now) - 10;
    });
    return sum_of(recent);
  }
};

RC_GTEST_PROP(window, of_time_counts_the_last_ten_slices, ()) {
  const auto span = duration{1ms} * *rc::gen::inRange(10, 2000);
  window tested{spanning(span)};
  time_model model{span, {}};
  auto now = start + duration{*rc::gen::inRange(0, 1'000'000'000)};
  const auto steps = *rc::gen::inRange(0, 100);
  for (int i = 0; i < steps; ++i) {
    // Mostly within the window, now and then far beyond it.
    const auto most = *rc::gen::weightedElement<std::int64_t>(
      {{20, span.count() / 8}, {5, span.count()}, {1, span.count() * 40}});
    now += duration{*rc::gen::inRange<std::int64_t>(0, most)};
    if (*rc::gen::inRange(0, 40) == 0) {
      tested.clear();
      model.results.clear();
    }
    const auto x
      = result{*rc::gen::arbitrary<bool>(), *rc::gen::arbitrary<bool>(), now};
    tested.add(x.failed, x.slow, now);
    model.results.push_back(x);
    RC_ASSERT(tested.count(now) == model.count(now));
    const auto later = now + duration{*rc::gen::inRange<std::int64_t>(0, most)};
    RC_ASSERT(tested.count(later) == model.count(later));
  }
}

TEST(window, of_time_keeps_a_call_for_nine_tenths_to_all_of_it) {
  for (auto offset = 0ms; offset < 100ms; offset += 7ms) {
    window tested{spanning(1s)};
    const auto at = start + offset;
    tested.add(true, false, at);
    EXPECT_EQ(tested.count(at + 900ms).calls, 1u) << offset.count();
    EXPECT_EQ(tested.count(at + 1000ms).calls, 0u) << offset.count();
  }
}

TEST(window, of_time_names_no_single_results) {
  window tested{spanning(1s)};
  tested.add(true, false, start);
  EXPECT_EQ(tested.to_string(), "");
}

// -- between the two ----------------------------------------------------------

TEST(window, of_time_takes_over_the_tally_of_calls) {
  window tested{sized(5)};
  for (bool failed : {true, false, true, false, false})
    tested.add(failed, !failed, start);
  tested.reconfigure(spanning(1s), start);
  EXPECT_EQ(tested.count(start), (tally{5, 2, 3}));
  EXPECT_EQ(tested.count(start + 1s), tally{});
}

TEST(window, of_another_span_takes_over_the_tally) {
  window tested{spanning(1s)};
  tested.add(true, true, start);
  tested.add(false, false, start + 500ms);
  tested.reconfigure(spanning(1min), start + 600ms);
  EXPECT_EQ(tested.count(start + 50s), (tally{2, 1, 1}));
  tested.reconfigure(spanning(1s), start + 50s);
  EXPECT_EQ(tested.count(start + 50s), (tally{2, 1, 1}));
}

TEST(window, of_calls_takes_over_what_fits_failures_last) {
  window tested{spanning(1s)};
  for (bool failed : {true, false, true, false, false})
    tested.add(failed, failed, start);
  auto same = tested;
  tested.reconfigure(sized(10), start);
  EXPECT_EQ(tested.to_string(), "SSSFF");
  EXPECT_EQ(tested.count(start), (tally{5, 2, 2}));
  same.reconfigure(sized(3), start);
  EXPECT_EQ(same.to_string(), "SFF");
  EXPECT_EQ(same.count(start), (tally{3, 2, 2}));
}

TEST(window, of_time_left_behind_has_nothing_to_take_over) {
  window tested{spanning(1s)};
  tested.add(true, true, start);
  tested.reconfigure(sized(10), start + 2s);
  EXPECT_EQ(tested.count(start + 2s), tally{});
}

TEST(window, of_time_takes_results_in_any_order) {
  window tested{spanning(1s)};
  tested.add(false, false, start + 950ms);
  tested.add_successes(2, start + 350ms);
  tested.add(true, false, start + 350ms);
  EXPECT_EQ(tested.count(start + 950ms), (tally{4, 1, 0}));
  // Too late to count, and no harm to what came after.
  tested.add(true, true, start - 50ms);
  tested.add_successes(5, start - 50ms);
  EXPECT_EQ(tested.count(start + 950ms), (tally{4, 1, 0}));
}

TEST(window, takes_many_successes_at_once_as_one_by_one) {
  std::minstd_rand random{3};
  for (int round = 0; round < 2000; ++round) {
    const auto cfg = random() % 4 == 0
                       ? spanning(1s)
                       : sized(1 + static_cast<std::uint32_t>(random() % 20));
    window at_once{cfg};
    window one_by_one{cfg};
    auto now = start;
    for (int i = 0; i < 20; ++i) {
      const auto n = random() % 2 == 0 ? random() % 4 : random() % 50;
      at_once.add_successes(n, now);
      for (auto left = n; left > 0; --left)
        one_by_one.add(false, false, now);
      for (auto left = random() % 4; left > 0; --left) {
        const bool failed = random() % 2 == 0;
        const bool slow = random() % 4 == 0;
        at_once.add(failed, slow, now);
        one_by_one.add(failed, slow, now);
      }
      now += 1ms * (random() % 200);
      ASSERT_EQ(at_once.count(now), one_by_one.count(now));
      ASSERT_EQ(at_once.to_string(), one_by_one.to_string());
    }
  }
}

} // namespace

} // namespace switchgear
