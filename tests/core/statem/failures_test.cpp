/// What a machine's own faults do to it: exceptions, bad results, bad actions.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <stdexcept>

#include "core/statem/probe.hpp"

namespace switchgear::statem::test {

namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using v = vocabulary<types>;
using transition = v::transition;
using namespace std::chrono_literals;

TEST(engine_failures, an_exception_restores_state_and_data) {
  probe rules{[](const auto&, state, int& data) -> transition {
    data = 42;
    throw std::runtime_error{"boom"};
  }};
  running it{rules};
  it.cast("x");
  EXPECT_TRUE(it.machine.terminated());
  EXPECT_THAT(rules.ended, ElementsAre("error:boom in a with 0"));
  EXPECT_THAT(it.world.ended, ElementsAre("error:boom"));
  EXPECT_EQ(it.machine.data(), 0);
}

TEST(engine_failures, an_exception_in_an_enter_call_goes_back_to_the_event) {
  probe rules{[](const auto& ev, state now, int& data) -> transition {
                ++data;
                if (ev.is_enter() && now == state::b)
                  throw std::runtime_error{"boom"};
                return ev.is_enter() ? v::keep_state()
                                     : v::next_state(state::b);
              },
              true};
  running it{rules};
  it.cast("x");
  EXPECT_THAT(rules.ended, ElementsAre("error:boom in a with 1"));
}

TEST(engine_failures, a_bad_result_restores_what_the_callback_was_given) {
  probe rules{[](const auto& ev, state, int& data) {
                ++data;
                return ev.is_enter() ? v::keep_state() : transition{};
              },
              true};
  running it{rules};
  it.cast("x");
  EXPECT_THAT(rules.ended,
              ElementsAre("error:bad_return_from_state_function in a with 1"));
}

TEST(engine_failures, a_bad_result_of_an_enter_call_leaves_the_new_state) {
  probe rules{[](const auto& ev, state now, int& data) {
                ++data;
                if (!ev.is_enter())
                  return v::next_state(state::b);
                return now == state::b ? transition{} : v::keep_state();
              },
              true};
  running it{rules};
  it.cast("x");
  EXPECT_THAT(rules.ended,
              ElementsAre("error:bad_return_from_state_function in b with 2"));
}

TEST(engine_failures, the_exception_is_kept_as_the_cause) {
  probe rules{[](const auto&, state, int&) -> transition { throw 7; }};
  exit_reason why;
  virtual_driver<types> driver{rules, state::a, 0};
  driver.on_exit([&](const exit_reason& x) { why = x; });
  driver.start();
  driver.cast("x");
  driver.run();
  EXPECT_EQ(why, exit_reason::error("unknown exception"));
  ASSERT_TRUE(why.cause);
  EXPECT_THROW(std::rethrow_exception(why.cause), int);
}

TEST(engine_failures, exit_ends_with_its_reason) {
  probe rules{[](const auto&, state, int& data) -> transition {
    data = 42;
    throw statem::exit{exit_reason::shutdown("moved")};
  }};
  running it{rules};
  it.cast("x");
  EXPECT_THAT(rules.ended, ElementsAre("shutdown:moved in a with 0"));
}

TEST(engine_failures, a_thrown_transition_is_a_result) {
  probe rules{[](const auto& ev, state, int& data) -> transition {
    ++data;
    throw v::next_state(state::b, v::reply(ev.from, "thrown"));
  }};
  running it{rules};
  it.machine.call(caller{5}, "x", it.now);
  EXPECT_EQ(it.machine.state(), state::b);
  EXPECT_EQ(it.machine.data(), 1);
  EXPECT_THAT(it.world.replies, ElementsAre("5 thrown"));
}

// Data that can be moved only can not be rolled back: what is left of it is
// what the callback left.
struct movable : types {
  using data = std::unique_ptr<int>;
  static constexpr bool transactional = false;
};

TEST(engine_failures, data_is_not_copied_if_it_says_so) {
  struct rules : handle_event_function<movable> {
    int* seen = nullptr;

    transition handle(const event&, const state&, data_type& data) override {
      *data = 42;
      throw std::runtime_error{"boom"};
    }
    void terminate(const exit_reason&, const state&, data_type& x) override {
      seen = x.get();
    }
  } callbacks;
  virtual_driver<movable> driver{callbacks, state::a, std::make_unique<int>(1)};
  driver.start();
  driver.cast("x");
  driver.run();
  ASSERT_TRUE(driver.machine().terminated());
  EXPECT_EQ(callbacks.seen, driver.machine().data().get());
  EXPECT_EQ(*driver.machine().data(), 42);
  static_assert(is_transactional<types>);
  static_assert(!is_transactional<movable>);
}

TEST(engine_failures, terminate_may_fail_with_another_reason) {
  probe rules{[](const auto&, state, int&) { return v::stop(); }};
  running it{rules};
  rules.on_terminate = [] { throw std::runtime_error{"last words"}; };
  it.cast("x");
  EXPECT_THAT(rules.ended, ElementsAre("normal in a with 0"));
  EXPECT_THAT(it.world.ended, ElementsAre("error:last words"));
}

TEST(engine_failures, terminate_may_exit) {
  probe rules{[](const auto&, state, int&) { return v::stop(); }};
  running it{rules};
  rules.on_terminate = [] { throw statem::exit{exit_reason::stopped("late")}; };
  it.cast("x");
  EXPECT_THAT(it.world.ended, ElementsAre("late"));
}

TEST(engine_failures, a_transition_thrown_by_terminate_is_ignored) {
  probe rules{[](const auto&, state, int&) { return v::stop(); }};
  running it{rules};
  rules.on_terminate = [] { throw v::next_state(state::b); };
  it.cast("x");
  EXPECT_THAT(it.world.ended, ElementsAre("normal"));
}

TEST(engine_failures, nothing_happens_after_the_end) {
  int calls = 0;
  probe rules{[&](const auto&, state, int&) {
    ++calls;
    return v::stop();
  }};
  running it{rules};
  it.cast("x");
  it.cast("y");
  it.machine.call(caller{1}, "z", it.now);
  it.machine.expire(1, it.now);
  it.machine.stop(exit_reason::normal(), it.now);
  EXPECT_EQ(calls, 1);
  EXPECT_THAT(rules.ended, ElementsAre("normal in a with 0"));
  EXPECT_THAT(it.world.ended, ElementsAre("normal"));
  EXPECT_THAT(it.world.replies, IsEmpty());
}

TEST(engine_failures, an_undeclared_change_of_state_is_refused) {
  probe rules{[](const auto&, state, int& data) {
    ++data;
    return v::next_state(state::c, v::reply(caller{1}, "no"));
  }};
  rules.on_allows = [](state, state to) { return to == state::b; };
  running it{rules};
  it.cast("x");
  EXPECT_THAT(rules.ended,
              ElementsAre("error:undeclared_transition in a with 0"));
  EXPECT_THAT(it.world.replies, IsEmpty());
}

TEST(engine_failures, staying_needs_no_declaration) {
  probe rules{[](const auto&, state, int&) { return v::next_state(state::a); }};
  rules.on_allows = [](state, state) { return false; };
  running it{rules};
  it.cast("x");
  EXPECT_FALSE(it.machine.terminated());
}

// -- actions that are none ----------------------------------------------------

/// How a machine ends that answers an event with `act`.
std::string end_after(v::action act) {
  probe rules{
    [&](const auto&, state, int&) { return v::next_state(state::b, act); }};
  running it{rules};
  it.cast("x");
  return rules.ended.empty() ? "running" : rules.ended.front();
}

TEST(engine_failures, invalid_actions_end_the_machine) {
  const std::string bad = "error:bad_action_from_state_function in b with 0";
  EXPECT_EQ(end_after({}), bad);
  EXPECT_EQ(end_after(v::event_timeout(-1ns)), bad);
  EXPECT_EQ(end_after(v::timeout({event_type::cast, {}}, 1s)), bad);
  EXPECT_EQ(end_after(v::cancel_timeout({event_type::enter, {}})), bad);
  EXPECT_EQ(end_after(v::next_event(event_type::enter)), bad);
  EXPECT_EQ(end_after(v::next_event(event_type::call)), bad)
    << "a call comes from somebody";
  EXPECT_EQ(end_after(v::pop_callback_module()), bad);
  EXPECT_EQ(
    end_after(module_action<types>{module_action<types>::operation::push}),
    bad);
}

/// How a machine ends whose enter call of b answers with `act`.
std::string end_after_enter(v::action act) {
  probe rules{[&](const auto& ev, state now, int&) {
                if (!ev.is_enter())
                  return v::next_state(state::b);
                return now == state::b ? v::keep_state(act) : v::keep_state();
              },
              true};
  running it{rules};
  it.cast("x");
  return rules.ended.empty() ? "running" : rules.ended.front();
}

TEST(engine_failures, enter_calls_may_not_do_everything) {
  const std::string bad = "error:bad_action_from_state_function in b with 0";
  const std::string worse
    = "error:bad_state_enter_action_from_state_function in b with 0";
  probe other{[](const auto&, state, int&) { return v::keep_state(); }};
  EXPECT_EQ(end_after_enter(v::next_event(event_type::cast)), worse);
  EXPECT_EQ(end_after_enter(v::push_callback_module(other)), worse);
  EXPECT_EQ(end_after_enter(v::postpone()), worse);
  // What is bad in itself is called so.
  EXPECT_EQ(end_after_enter(v::next_event(event_type::enter)), bad);
  EXPECT_EQ(end_after_enter(v::pop_callback_module()), bad);
  EXPECT_EQ(end_after_enter(postpone_action{true, false}), bad);
  EXPECT_EQ(end_after_enter(v::postpone(false)), "running");
}

TEST(engine_failures, a_state_without_function_is_a_bad_return) {
  struct rules : state_functions<rules, types> {
    transition a(const event&, int&) {
      return next_state(state::c);
    }
    static constexpr auto states() {
      return std::array{row{state::a, "a", &rules::a}};
    }
  } callbacks;
  virtual_driver<types> driver{callbacks, state::a, 0};
  std::string end;
  driver.on_exit([&](const exit_reason& why) { end = why.to_string(); });
  driver.start();
  driver.cast("x");
  driver.cast("y");
  driver.run();
  EXPECT_EQ(end, "error:bad_return_from_state_function");
}

} // namespace

} // namespace switchgear::statem::test
