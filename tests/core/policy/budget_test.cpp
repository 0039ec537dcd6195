#include "switchgear/policy/budget.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <atomic>
#include <thread>
#include <vector>

#include "support/policies.hpp"

using namespace std::chrono_literals;

namespace switchgear::policy {

namespace {

using test::still_time;

budget without_reserve(double share, std::uint32_t burst = 100) {
  return budget{{.share = share, .per_second = 0, .burst = burst},
                still_time()};
}

TEST(budget, allows_a_share_of_the_calls) {
  const auto tested = without_reserve(0.2);
  EXPECT_FALSE(tested.take());
  for (int i = 0; i < 5; ++i)
    tested.pay_in();
  EXPECT_TRUE(tested.take());
  EXPECT_FALSE(tested.take());
}

TEST(budget, adds_up_exactly) {
  const auto tested = without_reserve(0.1);
  for (int i = 0; i < 10; ++i) // ten tenths, which do not add up as doubles
    tested.pay_in();
  EXPECT_EQ(tested.saved(), 1'000'000);
  EXPECT_TRUE(tested.take());
}

TEST(budget, saves_no_more_than_the_burst) {
  const auto tested = without_reserve(1.0, 3);
  for (int i = 0; i < 100; ++i)
    tested.pay_in();
  for (int i = 0; i < 3; ++i)
    EXPECT_TRUE(tested.take());
  EXPECT_FALSE(tested.take());
}

TEST(budget, always_allows_a_few_in_a_second) {
  auto time = still_time();
  budget tested{{.share = 0.0, .per_second = 2}, time};
  EXPECT_TRUE(tested.take());
  EXPECT_TRUE(tested.take());
  EXPECT_FALSE(tested.take());
  time->advance(500ms);
  EXPECT_TRUE(tested.take());
  EXPECT_FALSE(tested.take());
}

TEST(budget, of_nothing_allows_nothing) {
  const auto tested = without_reserve(0.0);
  for (int i = 0; i < 100; ++i)
    tested.pay_in();
  EXPECT_FALSE(tested.take());
}

TEST(budget, counts_what_it_refuses) {
  const auto tested = without_reserve(1.0);
  tested.pay_in();
  EXPECT_TRUE(tested.take());
  EXPECT_EQ(tested.refused(), 0u);
  EXPECT_FALSE(tested.take());
  EXPECT_FALSE(tested.take());
  EXPECT_EQ(tested.refused(), 2u);
}

TEST(budget, is_shared_by_copies) {
  const auto one = without_reserve(1.0);
  const auto other = one;
  one.pay_in();
  EXPECT_TRUE(other.take());
  EXPECT_FALSE(one.take());
}

RC_GTEST_PROP(budget, never_gives_more_than_its_bound, ()) {
  const budget_options how{.share = *rc::gen::inRange(0, 2000) / 1000.0,
                           .per_second
                           = *rc::gen::inRange<std::uint32_t>(0, 20),
                           .burst = *rc::gen::inRange<std::uint32_t>(1, 200)};
  auto time = still_time();
  budget tested{how, time};
  double calls = 0;
  double taken = 0;
  duration passed{};
  const auto steps
    = *rc::gen::container<std::vector<int>>(rc::gen::inRange(0, 4));
  for (int each : steps) {
    if (each == 0) {
      tested.pay_in();
      ++calls;
    } else if (each == 1) {
      time->advance(37ms);
      passed += 37ms;
    } else {
      taken += tested.take();
    }
    const auto seconds = std::chrono::duration<double>{passed}.count();
    RC_ASSERT(taken
              <= how.share * calls + how.per_second * (seconds + 1.0) + 1e-9);
  }
}

TEST(budget, is_exact_under_threads) {
  constexpr int threads = 4;
  constexpr int calls = 5000;
  const auto tested = without_reserve(0.25, 1'000'000);
  std::atomic<int> taken{0};
  {
    std::vector<std::jthread> all;
    for (int t = 0; t < threads; ++t)
      all.emplace_back([&] {
        for (int i = 0; i < calls; ++i) {
          tested.pay_in();
          taken += tested.take();
        }
      });
  }
  while (tested.take())
    ++taken;
  EXPECT_EQ(taken, threads * calls / 4);
}

} // namespace

} // namespace switchgear::policy
