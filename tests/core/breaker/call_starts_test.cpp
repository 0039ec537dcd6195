#include "switchgear/breaker/call_starts.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <set>
#include <thread>
#include <vector>

#include "support/allocation_count.hpp"

using namespace std::chrono_literals;

namespace switchgear {

namespace {

time_point at(int second) {
  return time_point{std::chrono::seconds{second}};
}

std::multiset<time_point> known(const call_starts& tested) {
  std::multiset<time_point> result;
  tested.each([&](time_point began) { result.insert(began); });
  return result;
}

TEST(call_starts, knows_the_calls_under_way) {
  call_starts tested;
  EXPECT_TRUE(known(tested).empty());
  auto* a = tested.begin(at(1));
  auto* b = tested.begin(at(2));
  EXPECT_EQ(known(tested), (std::multiset{at(1), at(2)}));
  tested.end_here(a);
  EXPECT_EQ(known(tested), (std::multiset{at(2)}));
  call_starts::end(b);
  EXPECT_TRUE(known(tested).empty());
}

TEST(call_starts, takes_any_number_and_then_allocates_no_more) {
  call_starts tested;
  std::vector<call_starts::entry*> begun(100);
  for (int round = 0; round < 5; ++round) {
    const auto before = test::allocations();
    for (int i = 0; i < 100; ++i)
      begun[static_cast<std::size_t>(i)] = tested.begin(at(i + 1));
    if (round > 0) {
      EXPECT_EQ(test::allocations(), before);
    }
    EXPECT_EQ(known(tested).size(), 100u);
    for (std::size_t i = 0; i < begun.size(); ++i) {
      if (i % 2 == 0)
        tested.end_here(begun[i]);
      else
        call_starts::end(begun[i]);
    }
    EXPECT_TRUE(known(tested).empty());
  }
}

TEST(call_starts, may_end_on_other_threads) {
  call_starts tested;
  constexpr int rounds = 2000;
  std::vector<call_starts::entry*> handed(rounds);
  std::atomic<int> begun{0};
  std::thread other{[&] {
    for (int i = 0; i < rounds; ++i) {
      while (begun.load() <= i)
        std::this_thread::yield();
      call_starts::end(handed[static_cast<std::size_t>(i)]);
    }
  }};
  for (int i = 0; i < rounds; ++i) {
    handed[static_cast<std::size_t>(i)] = tested.begin(at(i + 1));
    tested.end_here(tested.begin(at(1)));
    ++begun;
  }
  other.join();
  EXPECT_TRUE(known(tested).empty());
}

} // namespace

} // namespace switchgear
