#include "switchgear/chaos/monkey.hpp"

#include <gmock/gmock.h>

#include <set>
#include <string>
#include <thread>
#include <vector>

#include "support/policies.hpp"
#include "switchgear/setup_error.hpp"

using namespace std::chrono_literals;
using testing::IsEmpty;

namespace switchgear::chaos {

namespace {

using policy::pipeline;
using test::jumping_time;
using test::still_time;

TEST(monkey, leaves_calls_alone_while_it_is_calm) {
  monkey tested{1, still_time()};
  auto query = tested.wrap("db", [] { return 7; });
  EXPECT_EQ(query(), 7);
  EXPECT_EQ(tested.stats().at("db"), (tool_counts{.calls = 1}));
  EXPECT_EQ(tested.active(), 0u);
}

TEST(monkey, makes_calls_fail) {
  monkey tested{1, still_time()};
  tested.inject(fault::error);
  bool called = false;
  const auto got = tested.wrap("db", [&] { called = true; })();
  EXPECT_EQ(got.error(), errc::operation_failed);
  EXPECT_EQ(got.error().message(), "chaos: db fails");
  EXPECT_FALSE(called);
  EXPECT_EQ(tested.stats().at("db").failed, 1u);
}

TEST(monkey, makes_calls_slow) {
  auto time = jumping_time();
  monkey tested{1, time};
  tested.inject(fault::latency, {.latency = 3s});
  EXPECT_EQ(tested.wrap("db", [] { return 7; })(), 7);
  EXPECT_EQ(time->passed(), 3s);
  EXPECT_EQ(tested.stats().at("db").delayed, 1u);
}

TEST(monkey, makes_calls_slow_no_longer_than_the_injection_lasts) {
  auto time = jumping_time();
  monkey tested{1, time};
  tested.inject(fault::latency, {.lasts = 1s, .latency = 3s});
  EXPECT_EQ(tested.wrap("db", [] { return 7; })(), 7);
  EXPECT_EQ(time->passed(), 1s);
}

TEST(monkey, makes_calls_hang_but_not_for_ever) {
  auto time = jumping_time();
  monkey tested{1, time};
  tested.inject(fault::hang, {.hang_limit = 20s});
  const auto got = tested.wrap("db", [] { return 7; })();
  EXPECT_EQ(got.error().message(), "chaos: db hung");
  EXPECT_EQ(time->passed(), 20s);
}

TEST(monkey, makes_calls_crash) {
  std::string killed;
  monkey tested{1, still_time()};
  tested.inject(fault::crash, {.kill = [&](const std::string& tool) {
                  killed = tool;
                  throw 1; // which harms nobody
                }});
  auto query = tested.wrap("db", [] { return 7; });
  EXPECT_THROW(query(), crashed);
  EXPECT_EQ(killed, "db");
  EXPECT_EQ(tested.stats().at("db").crashed, 1u);
}

TEST(monkey, a_crash_in_a_pipeline_is_a_failure) {
  monkey tested{1, still_time()};
  tested.inject(fault::crash);
  pipeline p{tested.at("db")};
  EXPECT_EQ(p.call([] { return 7; }).error().message(),
            "switchgear::chaos::crashed: chaos: db crashed");
}

// -- whom, when, how often ----------------------------------------------------

TEST(monkey, harms_the_tools_that_are_named) {
  monkey tested{1, still_time()};
  tested.inject(fault::error, {.tools = {"db", "cache"}});
  EXPECT_FALSE(tested.wrap("db", [] {})());
  EXPECT_FALSE(tested.wrap("cache", [] {})());
  EXPECT_TRUE(tested.wrap("mail", [] {})());
}

TEST(monkey, ends_in_time) {
  auto time = still_time();
  monkey tested{1, time};
  tested.inject(fault::error, {.lasts = 10s});
  auto query = tested.wrap("db", [] {});
  time->advance(9999ms);
  EXPECT_FALSE(query());
  EXPECT_EQ(tested.active(), 1u);
  time->advance(1ms);
  EXPECT_TRUE(query());
  EXPECT_EQ(tested.active(), 0u);
}

TEST(monkey, ends_when_it_is_told_to) {
  monkey tested{1, still_time()};
  const auto one = tested.inject(fault::error, {.tools = {"db"}});
  tested.inject(fault::error, {.tools = {"mail"}});
  tested.end(one);
  tested.end(one); // and once more
  EXPECT_TRUE(tested.wrap("db", [] {})());
  EXPECT_FALSE(tested.wrap("mail", [] {})());
  tested.calm();
  EXPECT_TRUE(tested.wrap("mail", [] {})());
}

TEST(monkey, several_injections_add_up) {
  auto time = jumping_time();
  monkey tested{1, time};
  tested.inject(fault::latency, {.latency = 1s});
  tested.inject(fault::latency, {.latency = 2s});
  tested.inject(fault::error);
  EXPECT_FALSE(tested.wrap("db", [] {})());
  EXPECT_EQ(time->passed(), 3s);
}

// Which of so many calls of a tool fail.
std::vector<bool> failing(const monkey& by, const std::string& tool,
                          int calls) {
  auto query = by.wrap(tool, [] {});
  std::vector<bool> result;
  for (int i = 0; i < calls; ++i)
    result.push_back(!query());
  return result;
}

TEST(monkey, harms_the_share_of_calls_that_it_is_to) {
  monkey tested{42, still_time()};
  tested.inject(fault::error, {.rate = 0.3});
  const auto fails = failing(tested, "db", 10'000);
  const auto count = std::count(fails.begin(), fails.end(), true);
  EXPECT_GT(count, 2800);
  EXPECT_LT(count, 3200);
}

TEST(monkey, does_the_same_for_the_same_seed) {
  const auto run = [](std::uint64_t seed, const std::string& tool) {
    monkey tested{seed, still_time()};
    tested.inject(fault::error, {.rate = 0.5});
    return failing(tested, tool, 100);
  };
  EXPECT_EQ(run(1, "db"), run(1, "db"));
  EXPECT_NE(run(1, "db"), run(2, "db"));
  EXPECT_NE(run(1, "db"), run(1, "mail"));
}

TEST(monkey, does_the_same_whatever_other_tools_do) {
  const auto run = [](int others) {
    monkey tested{1, still_time()};
    tested.inject(fault::error, {.rate = 0.5});
    failing(tested, "mail", others);
    return failing(tested, "db", 100);
  };
  EXPECT_EQ(run(0), run(77));
}

// -- stopping -----------------------------------------------------------------

TEST(monkey, who_hangs_can_be_told_to_stop) {
  auto time = still_time();
  monkey tested{1, time};
  tested.inject(fault::hang);
  std::stop_source stop;
  expected<int, failure> got = 0;
  {
    std::jthread caller{[&] {
      got = tested.wrap("db", [] { return 7; })({.stop = stop.get_token()});
    }};
    ASSERT_TRUE(time->await_waiting(1));
    stop.request_stop();
  }
  EXPECT_EQ(got.error(), errc::cancelled);
}

TEST(monkey, who_hangs_comes_back_when_it_calms_down) {
  auto time = still_time();
  monkey tested{1, time};
  const auto number = tested.inject(fault::hang);
  expected<int, failure> got = 0;
  {
    std::jthread caller{[&] { got = tested.wrap("db", [] { return 7; })(); }};
    ASSERT_TRUE(time->await_waiting(1));
    tested.end(number);
  }
  EXPECT_EQ(got.error().message(), "chaos: db hung");
}

TEST(monkey, who_hangs_comes_back_when_the_injection_is_over) {
  auto time = jumping_time();
  monkey tested{1, time};
  tested.inject(fault::hang, {.lasts = 5s, .hang_limit = 1h});
  EXPECT_FALSE(tested.wrap("db", [] {})());
  EXPECT_EQ(time->passed(), 5s);
}

TEST(monkey, a_timeout_around_it_frees_the_caller) {
  auto time = still_time();
  monkey tested{1, time};
  tested.inject(fault::hang);
  pipeline p{policy::timeout{2s, time}, tested.at("db")};
  expected<int, failure> got = 0;
  {
    std::jthread caller{[&] { got = p.call([] { return 7; }); }};
    ASSERT_TRUE(time->await_waiting(2));
    time->advance(2s);
  }
  EXPECT_EQ(got.error(), errc::timeout);
}

TEST(monkey, opens_a_breaker) {
  monkey tested{1, still_time()};
  tested.inject(fault::error);
  test::cell_breaker db{{.failure_threshold = 3}};
  pipeline p{policy::fallback{0}, db, tested.at("db")};
  for (int i = 0; i < 5; ++i)
    EXPECT_EQ(p.call([] { return 7; }), 0);
  EXPECT_EQ(db.now_in(), state::open);
  EXPECT_EQ(tested.stats().at("db").calls, 3u);
  EXPECT_THAT(p.warnings(), IsEmpty());
}

TEST(monkey, of_the_process_is_one) {
  const auto number = inject(fault::error, {.tools = {"only here"}});
  EXPECT_FALSE(default_monkey().wrap("only here", [] {})());
  default_monkey().end(number);
  EXPECT_TRUE(default_monkey().wrap("only here", [] {})());
}

TEST(monkey, counts_exactly_under_threads) {
  monkey tested{1, still_time()};
  tested.inject(fault::error, {.rate = 0.5});
  const auto expected = [] {
    monkey alone{1, still_time()};
    alone.inject(fault::error, {.rate = 0.5});
    const auto fails = failing(alone, "db", 4000);
    return static_cast<std::uint64_t>(
      std::count(fails.begin(), fails.end(), true));
  }();
  {
    std::vector<std::jthread> all;
    for (int t = 0; t < 4; ++t)
      all.emplace_back([&] { failing(tested, "db", 1000); });
  }
  EXPECT_EQ(tested.stats().at("db").calls, 4000u);
  EXPECT_EQ(tested.stats().at("db").failed, expected);
}

TEST(monkey, refuses_what_is_not_allowed) {
  const auto refusal = [](injection how) -> std::string {
    try {
      monkey{}.inject(fault::error, std::move(how));
    } catch (const setup_error& ex) {
      return ex.what();
    }
    return "nothing";
  };
  EXPECT_THAT(validate(injection{}), IsEmpty());
  EXPECT_EQ(refusal({.lasts = -1s}),
            "chaos: lasts = -1000 ms: must be 0 (until it is ended) to 30 "
            "days");
  EXPECT_EQ(refusal({.latency = 2h}),
            "chaos: latency = 7200000 ms: must be 0 to 1 h");
  EXPECT_EQ(refusal({.hang_limit = 0s}),
            "chaos: hang_limit = 0 ms: must be 1 ms to 1 h");
  EXPECT_EQ(refusal({.rate = 0.0}),
            "chaos: rate = 0: must be above 0, up to and including 1");
}

TEST(monkey, each_fault_has_a_name) {
  std::set<std::string_view> names;
  for (auto each : {fault::latency, fault::error, fault::hang, fault::crash})
    names.insert(to_string(each));
  EXPECT_EQ(names.size(), 4u);
}

} // namespace

} // namespace switchgear::chaos
