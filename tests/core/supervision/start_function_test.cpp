#include <gtest/gtest.h>

#include <array>
#include <functional>
#include <memory>
#include <utility>

#include "support/allocation_count.hpp"
#include "switchgear/supervision/start_function.hpp"

namespace switchgear::supervision {

namespace {

using function = start_function<int>;

TEST(start_function, is_empty_until_there_is_something_to_call) {
  EXPECT_FALSE(function{});
  EXPECT_FALSE(function{nullptr});
  EXPECT_FALSE(function{std::function<int()>{}});
  EXPECT_TRUE(function{[] { return 1; }});
}

TEST(start_function, calls_what_it_was_made_from) {
  const std::array<int, 100> large{1, 2, 3};
  const function small_one{[x = 7] { return x; }};
  const function large_one{[large] { return large[2]; }};
  EXPECT_EQ(small_one(), 7);
  EXPECT_EQ(large_one(), 3);
}

TEST(start_function, copies_and_moves) {
  auto counted = std::make_shared<int>(5); // not const: a closure moves it
  {
    function first{[counted] { return *counted; }};
    function second = first;
    EXPECT_EQ(counted.use_count(), 3);
    function third = std::move(first);
    EXPECT_EQ(counted.use_count(), 3); // moved, not copied
    second = third;
    EXPECT_EQ(second(), 5);
    EXPECT_EQ(third(), 5);
    third = nullptr;
    EXPECT_FALSE(third);
  }
  EXPECT_EQ(counted.use_count(), 1);
}

TEST(start_function, takes_no_memory_for_two_shared_pointers) {
  const auto one = std::make_shared<int>(1);
  const auto two = std::make_shared<int>(2);
  const auto before = switchgear::test::allocations();
  function f{[one, two] { return *one + *two; }};
  auto copy = f;
  EXPECT_EQ(switchgear::test::allocations() - before, 0u);
  EXPECT_EQ(copy(), 3);
}

} // namespace

} // namespace switchgear::supervision
