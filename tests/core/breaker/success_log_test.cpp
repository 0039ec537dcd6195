#include "switchgear/breaker/success_log.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <thread>
#include <vector>

using namespace std::chrono_literals;

namespace switchgear {

namespace {

success_log::entry nth(std::uint64_t n) {
  return {n, time_point{1ms * n}, 1us * n};
}

std::vector<std::uint64_t> read(success_log& log, std::uint64_t end,
                                std::uint64_t& lost) {
  std::vector<std::uint64_t> result;
  lost = log.read(end, [&](const success_log::entry& e) {
    EXPECT_EQ(e.at, time_point{1ms * e.index});
    EXPECT_EQ(e.latency, 1us * e.index);
    result.push_back(e.index);
  });
  return result;
}

TEST(success_log, gives_each_entry_once_in_order) {
  success_log log;
  std::uint64_t lost = 0;
  for (std::uint64_t i = 0; i < 5; ++i)
    log.add(nth(i));
  EXPECT_EQ(read(log, 5, lost), (std::vector<std::uint64_t>{0, 1, 2, 3, 4}));
  EXPECT_EQ(lost, 0u);
  EXPECT_TRUE(read(log, 5, lost).empty());
  log.add(nth(9)); // not every success is told of
  EXPECT_EQ(read(log, 10, lost), std::vector<std::uint64_t>{9});
}

TEST(success_log, keeps_back_what_has_not_been_counted) {
  success_log log;
  std::uint64_t lost = 0;
  log.add(nth(0));
  log.add(nth(1));
  EXPECT_EQ(read(log, 1, lost), std::vector<std::uint64_t>{0});
  EXPECT_EQ(read(log, 2, lost), std::vector<std::uint64_t>{1});
}

TEST(success_log, drops_the_oldest_and_says_how_many) {
  success_log log;
  std::uint64_t lost = 0;
  const auto n = success_log::capacity + 100;
  for (std::uint64_t i = 0; i < n; ++i)
    log.add(nth(i));
  const auto got = read(log, n, lost);
  EXPECT_EQ(got.size() + lost, n);
  EXPECT_EQ(got.back(), n - 1);
  EXPECT_EQ(got.front(), lost);
}

// While the writer overwrites what is being read nothing is torn, given twice
// or forgotten.
TEST(success_log, is_exact_while_it_overflows) {
  success_log log;
  constexpr std::uint64_t n = 300'000;
  std::atomic<bool> done{false};
  std::uint64_t given = 0;
  std::uint64_t lost = 0;
  std::uint64_t next = 0;
  std::thread reader{[&] {
    for (bool last = false; !last;) {
      last = done.load();
      lost += log.read(n, [&](const success_log::entry& e) {
        ASSERT_GE(e.index, next);
        ASSERT_EQ(e.at, time_point{1ms * e.index});
        ASSERT_EQ(e.latency, 1us * e.index);
        next = e.index + 1;
        ++given;
      });
    }
  }};
  for (std::uint64_t i = 0; i < n; ++i)
    log.add(nth(i));
  done = true;
  reader.join();
  EXPECT_EQ(given + lost, n);
  EXPECT_GT(given, 0u);
}

} // namespace

} // namespace switchgear
