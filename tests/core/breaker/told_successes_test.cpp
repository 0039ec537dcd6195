#include "switchgear/breaker/told_successes.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <string>

using namespace std::chrono_literals;

namespace switchgear {

namespace {

class told_successes_test : public testing::Test {
public:
  void add(std::uint64_t index, int at, std::uint64_t begin = 0) {
    tested.add({index, time_point{1ms * at}, 1us}, begin);
  }

  /// A number: told of, with its time. A dot: another success.
  std::string credit(std::uint64_t n, bool all = false) {
    std::string result;
    tested.credit(
      n, all,
      [&](const told_successes::entry& each) {
        result += std::to_string(each.at.time_since_epoch() / 1ms);
      },
      [&](std::uint64_t others) { result += std::string(others, '.'); });
    return result;
  }

  told_successes tested;
};

TEST_F(told_successes_test, are_credited_in_order) {
  for (int i = 0; i < 4; ++i)
    add(static_cast<std::uint64_t>(i), i + 1);
  tested.merge();
  EXPECT_EQ(credit(1), "1");
  EXPECT_EQ(credit(2), "23");
  EXPECT_FALSE(tested.empty());
  EXPECT_EQ(credit(1, true), "4");
  EXPECT_TRUE(tested.empty());
  EXPECT_EQ(credit(3, true), "...");
}

TEST_F(told_successes_test, of_several_threads_are_ordered_by_time) {
  tested.begin_thread();
  add(0, 1);
  add(1, 4);
  add(2, 5);
  tested.begin_thread();
  add(0, 2);
  add(1, 3);
  add(2, 6);
  tested.merge();
  EXPECT_EQ(credit(6, true), "123456");
}

TEST_F(told_successes_test, of_one_thread_keep_their_order) {
  tested.begin_thread();
  add(0, 5);
  add(1, 3); // a coarser clock
  tested.begin_thread();
  add(0, 4);
  tested.merge();
  EXPECT_EQ(credit(3, true), "455");
}

TEST_F(told_successes_test, stand_among_those_that_are_not_told_of) {
  add(3, 1); // every fourth
  add(7, 2);
  tested.merge();
  EXPECT_EQ(credit(2), "..");
  EXPECT_EQ(credit(4), ".1..");
  EXPECT_EQ(credit(4, true), ".2..");
}

TEST_F(told_successes_test, begin_where_the_last_reading_ended) {
  add(10, 1, 8);
  tested.merge();
  EXPECT_EQ(credit(3, true), "..1");
}

// Gaps are known thread by thread; the sum is what counts.
TEST_F(told_successes_test, always_add_up_to_what_is_credited) {
  tested.begin_thread();
  add(0, 1);
  add(9, 4);
  tested.begin_thread();
  add(4, 2);
  add(5, 3);
  tested.merge();
  std::string all = credit(3);
  all += credit(7);
  all += credit(8, true);
  EXPECT_EQ(all.size(), 18u);
  EXPECT_TRUE(tested.empty());
}

} // namespace

} // namespace switchgear
