#include "switchgear/detail/job.hpp"

#include <gtest/gtest.h>

#include <array>
#include <memory>
#include <utility>

#include "support/allocation_count.hpp"

namespace switchgear::test {

namespace {

using detail::job;

TEST(job, calls_what_it_was_made_of) {
  int calls = 0;
  job what{[&] { ++calls; }};
  ASSERT_TRUE(what);
  what();
  EXPECT_EQ(calls, 1);
}

TEST(job, may_be_none) {
  EXPECT_FALSE(job{});
  EXPECT_FALSE(job{nullptr});
  job what{[] {}};
  what = nullptr;
  EXPECT_FALSE(what);
}

TEST(job, takes_what_can_only_be_moved) {
  int got = 0;
  job what{[&, n = std::make_unique<int>(7)] { got = *n; }};
  job moved{std::move(what)};
  EXPECT_FALSE(what); // NOLINT: says what is left
  moved();
  EXPECT_EQ(got, 7);
}

TEST(job, lets_go_of_what_it_holds_once) {
  auto witness = std::make_shared<int>(0);
  {
    job small{[witness] {}};
    job big{
      [witness, much = std::array<char, 200>{}] { static_cast<void>(much); }};
    EXPECT_EQ(witness.use_count(), 3);
    job elsewhere{std::move(small)};
    elsewhere = std::move(big);
    EXPECT_EQ(witness.use_count(), 2);
    auto& same = elsewhere;
    elsewhere = std::move(same);
    EXPECT_TRUE(elsewhere);
    elsewhere();
    EXPECT_EQ(witness.use_count(), 2);
    elsewhere = nullptr;
    EXPECT_EQ(witness.use_count(), 1);
  }
  EXPECT_EQ(witness.use_count(), 1);
}

TEST(job, allocates_nothing_if_it_is_small) {
  int calls = 0;
  auto held = std::make_shared<int>(0);
  const auto before = allocations();
  job what{[&calls, held] { ++calls; }};
  job moved{std::move(what)};
  moved();
  EXPECT_EQ(allocations(), before);
  job big{[much = std::array<char, 200>{}] { static_cast<void>(much); }};
  job moved_big{std::move(big)};
  EXPECT_EQ(allocations(), before + 1);
}

} // namespace

} // namespace switchgear::test
