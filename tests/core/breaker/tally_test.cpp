#include "switchgear/breaker/tally.hpp"

#include <gtest/gtest.h>

namespace switchgear {

namespace {

using tally = basic_tally<std::atomic>;
using shared_tally = basic_shared_tally<std::atomic>;

void count(tally& where, std::uint64_t epoch, int n) {
  for (int i = 0; i < n; ++i)
    ASSERT_TRUE(where.add(epoch));
}

TEST(tally, takes_successes_of_one_epoch_at_a_time) {
  tally tested;
  EXPECT_FALSE(tested.add(1));
  tested.begin_epoch(1);
  EXPECT_TRUE(tested.takes(1));
  EXPECT_TRUE(tested.add(1));
  EXPECT_FALSE(tested.add(2));
  tested.begin_epoch(2);
  EXPECT_FALSE(tested.add(1));
  EXPECT_TRUE(tested.add(2));
  EXPECT_EQ(tested.count(), 2u);
}

TEST(tally, is_read_once) {
  tally tested;
  tested.begin_epoch(1);
  count(tested, 1, 3);
  EXPECT_EQ(tested.read(1), (tally_reading{3, 0}));
  EXPECT_EQ(tested.read(1), (tally_reading{0, 0}));
  count(tested, 1, 2);
  EXPECT_EQ(tested.read(1), (tally_reading{2, 0}));
  EXPECT_EQ(tested.last_read(), 5u);
}

TEST(tally, tells_late_successes_apart) {
  tally tested;
  tested.begin_epoch(1);
  count(tested, 1, 3);
  EXPECT_EQ(tested.read(2), (tally_reading{0, 3})); // not read in time
  count(tested, 1, 2);
  EXPECT_EQ(tested.read(2), (tally_reading{0, 2}));
  count(tested, 1, 1);
  tested.begin_epoch(2);
  count(tested, 2, 4);
  EXPECT_EQ(tested.read(2), (tally_reading{4, 1}));
}

TEST(tally, takes_all_for_late_that_came_before_an_epoch_it_knows) {
  tally tested;
  tested.begin_epoch(1);
  count(tested, 1, 1);
  tested.begin_epoch(3);
  count(tested, 3, 1);
  EXPECT_EQ(tested.read(5), (tally_reading{0, 2}));
}

TEST(tally, tells_anybody_what_belongs_to_an_epoch) {
  tally tested;
  EXPECT_EQ(tested.of_epoch(1), 0u);
  tested.begin_epoch(1);
  count(tested, 1, 2);
  EXPECT_EQ(tested.of_epoch(1), 2u);
  tested.read(1);
  count(tested, 1, 1);
  EXPECT_EQ(tested.of_epoch(1), 3u); // read or not
  tested.begin_epoch(2);
  EXPECT_EQ(tested.of_epoch(2), 0u);
  count(tested, 2, 1);
  EXPECT_EQ(tested.of_epoch(2), 1u);
  EXPECT_EQ(tested.of_epoch(1), 0u);
}

TEST(shared_tally, takes_successes_of_the_epoch_that_its_owner_began) {
  shared_tally tested;
  EXPECT_FALSE(tested.add(1));
  EXPECT_EQ(tested.begin_epoch(1), 0u);
  EXPECT_TRUE(tested.add(1));
  EXPECT_TRUE(tested.add(1));
  EXPECT_FALSE(tested.add(2));
  EXPECT_EQ(tested.of_epoch(1), 2u);
  EXPECT_EQ(tested.of_epoch(2), 0u);
}

TEST(shared_tally, gives_each_success_to_its_owner_once) {
  shared_tally tested;
  tested.begin_epoch(1);
  for (int i = 0; i < 3; ++i)
    tested.add(1);
  EXPECT_EQ(tested.read(1), (tally_reading{3, 0}));
  EXPECT_EQ(tested.read(1), (tally_reading{0, 0}));
  tested.add(1);
  EXPECT_EQ(tested.begin_epoch(2), 1u);
  EXPECT_EQ(tested.read(2), (tally_reading{0, 0}));
  tested.add(2);
  EXPECT_EQ(tested.read(2), (tally_reading{1, 0}));
}

TEST(shared_tally, knows_epochs_whose_number_is_long) {
  shared_tally tested;
  const auto epoch = (std::uint64_t{1} << 40) + 0x1234;
  tested.begin_epoch(epoch);
  EXPECT_TRUE(tested.add(epoch));
  EXPECT_FALSE(tested.add(epoch + 1));
  EXPECT_EQ(tested.of_epoch(epoch), 1u);
}

} // namespace

} // namespace switchgear
