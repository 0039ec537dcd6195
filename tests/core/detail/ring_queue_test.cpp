#include "switchgear/detail/ring_queue.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>
#include <rapidcheck/state.h>

#include <deque>
#include <memory>

namespace switchgear::detail::test {

namespace {

using model = std::deque<int>;
using queue = ring_queue<int>;

void check_same(const model& expected, queue& actual) {
  RC_ASSERT(actual.size() == expected.size());
  RC_ASSERT(actual.empty() == expected.empty());
  for (std::size_t i = 0; i < expected.size(); ++i)
    RC_ASSERT(std::as_const(actual)[i] == expected[i]);
  if (!expected.empty())
    RC_ASSERT(actual.front() == expected.front());
}

struct push_back : rc::state::Command<model, queue> {
  int value = *rc::gen::arbitrary<int>();

  void apply(model& x) const override {
    x.push_back(value);
  }
  void run(const model& before, queue& x) const override {
    x.push_back(value);
    check_same(nextState(before), x);
  }
};

struct push_front : rc::state::Command<model, queue> {
  int value = *rc::gen::arbitrary<int>();

  void apply(model& x) const override {
    x.push_front(value);
  }
  void run(const model& before, queue& x) const override {
    x.push_front(value);
    check_same(nextState(before), x);
  }
};

struct pop_front : rc::state::Command<model, queue> {
  void checkPreconditions(const model& x) const override {
    RC_PRE(!x.empty());
  }
  void apply(model& x) const override {
    x.pop_front();
  }
  void run(const model& before, queue& x) const override {
    RC_ASSERT(x.pop_front() == before.front());
    check_same(nextState(before), x);
  }
};

struct pop_back : rc::state::Command<model, queue> {
  void checkPreconditions(const model& x) const override {
    RC_PRE(!x.empty());
  }
  void apply(model& x) const override {
    x.pop_back();
  }
  void run(const model& before, queue& x) const override {
    RC_ASSERT(x.pop_back() == before.back());
    check_same(nextState(before), x);
  }
};

struct shrink : rc::state::Command<model, queue> {
  void apply(model&) const override {
    // nop
  }
  void run(const model& before, queue& x) const override {
    x.shrink();
    check_same(before, x);
  }
};

struct clear : rc::state::Command<model, queue> {
  void apply(model& x) const override {
    x.clear();
  }
  void run(const model& before, queue& x) const override {
    x.clear();
    check_same(nextState(before), x);
  }
};

RC_GTEST_PROP(ring_queue, behaves_like_a_deque, ()) {
  queue actual;
  rc::state::check(
    model{}, actual,
    rc::state::gen::execOneOfWithArgs<push_back, push_back, push_front,
                                      push_front, pop_front, pop_back, shrink,
                                      clear>());
}

TEST(ring_queue, lets_go_of_what_was_popped) {
  ring_queue<std::shared_ptr<int>> x;
  auto value = std::make_shared<int>(1);
  x.push_back(value);
  x.push_back(value);
  EXPECT_EQ(value.use_count(), 3);
  static_cast<void>(x.pop_front());
  static_cast<void>(x.pop_back());
  EXPECT_EQ(value.use_count(), 1);
}

TEST(ring_queue, holds_what_can_not_be_copied) {
  ring_queue<std::unique_ptr<int>> x;
  for (int i = 0; i < 10; ++i)
    x.push_front(std::make_unique<int>(i));
  x.shrink();
  for (int i = 9; i >= 0; --i)
    EXPECT_EQ(*x.pop_front(), i);
}

} // namespace

} // namespace switchgear::detail::test
