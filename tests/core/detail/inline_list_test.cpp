#include "switchgear/detail/inline_list.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <memory>
#include <vector>

namespace switchgear::detail::test {

namespace {

RC_GTEST_PROP(inline_list, behaves_like_a_vector,
              (const std::vector<int>& expected)) {
  inline_list<int, 4> actual;
  for (auto x : expected)
    actual.push_back(x);
  RC_ASSERT(actual.size() == expected.size());
  auto copy = actual;
  auto moved = std::move(actual);
  for (std::size_t i = 0; i < expected.size(); ++i) {
    RC_ASSERT(std::as_const(copy)[i] == expected[i]);
    RC_ASSERT(moved[i] == expected[i]);
  }
}

TEST(inline_list, elements_can_be_changed_in_both_parts) {
  inline_list<int, 2> x;
  for (int i = 0; i < 4; ++i)
    x.push_back(i);
  x[1] = 10;
  x[3] = 30;
  EXPECT_EQ(x[0], 0);
  EXPECT_EQ(x[1], 10);
  EXPECT_EQ(x[2], 2);
  EXPECT_EQ(x[3], 30);
}

TEST(inline_list, holds_what_can_not_be_copied) {
  inline_list<std::unique_ptr<int>, 1> x;
  x.push_back(std::make_unique<int>(1));
  x.push_back(std::make_unique<int>(2));
  auto y = std::move(x);
  EXPECT_EQ(*y[0], 1);
  EXPECT_EQ(*y[1], 2);
}

} // namespace

} // namespace switchgear::detail::test
