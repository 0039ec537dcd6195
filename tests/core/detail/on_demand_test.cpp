#include <gtest/gtest.h>

#include <string>
#include <utility>

#include "support/allocation_count.hpp"
#include "switchgear/detail/on_demand.hpp"

namespace switchgear::detail::test {

namespace {

struct part {
  std::string text = "as it was";
  int number = 1;
};

TEST(on_demand, reads_as_the_default_without_memory) {
  static_cast<void>(*on_demand<part>{}); // all share the one untouched value
  const auto before = switchgear::test::allocations();
  on_demand<part> x;
  EXPECT_EQ(x->number, 1);
  EXPECT_EQ((*x).text, "as it was");
  EXPECT_FALSE(x);
  EXPECT_EQ(switchgear::test::allocations() - before, 0u);
  EXPECT_EQ(sizeof(x), sizeof(void*));
}

TEST(on_demand, keeps_what_is_changed) {
  on_demand<part> x;
  x.edit().number = 2;
  x.edit().text = "changed";
  EXPECT_TRUE(x);
  EXPECT_EQ(x->number, 2);
  EXPECT_EQ(x->text, "changed");
  EXPECT_EQ(
    on_demand<part> {} -> number, 1); // nobody else sees it
  const auto moved = std::move(x);
  EXPECT_EQ(moved->number, 2);
}

} // namespace

} // namespace switchgear::detail::test
