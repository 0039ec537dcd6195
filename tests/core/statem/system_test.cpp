/// What can be done to a machine from outside, between events.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <stdexcept>

#include "core/statem/probe.hpp"

namespace switchgear::statem::test {

namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;
using v = vocabulary<types>;
using transition = v::transition;
using namespace std::chrono_literals;

transition stay(const event<types>&, state, int&) {
  return v::keep_state();
}

TEST(engine_start, enters_with_the_state_as_its_own_predecessor) {
  lines log;
  probe rules{[&](const auto& ev, state now, int&) {
                if (ev.is_enter())
                  log.push_back(*ev.old_state == now ? "enter" : "other");
                else
                  log.push_back(ev.content);
                return v::keep_state();
              },
              true};
  fake_host world;
  engine<types> machine{rules, state::b, 0};
  EXPECT_THAT(log, IsEmpty()) << "nothing is called before the start";
  machine.attach(&world);
  machine.start(time_point{1h},
                v::keep_state(v::next_event(event_type::internal, "1"),
                              v::next_event(event_type::cast, "2"),
                              v::state_timeout(0s, "3"), v::postpone()));
  EXPECT_THAT(log, ElementsAre("enter", "1", "2", "3"));
  EXPECT_THAT(machine.postponed(), SizeIs(0));
}

TEST(engine_start, init_may_choose_the_module) {
  probe other{stay, true};
  lines log;
  other.on = [&](const auto&, state, int&) {
    log.push_back("other");
    return v::keep_state();
  };
  probe rules{stay};
  fake_host world;
  engine<types> machine{rules, state::a, 0};
  machine.attach(&world);
  machine.start(time_point{1h},
                v::keep_state(v::change_callback_module(other)));
  EXPECT_THAT(log, ElementsAre("other"));
}

TEST(engine_start, a_bad_action_of_init_ends_the_machine) {
  probe rules{stay, true};
  fake_host world;
  engine<types> machine{rules, state::a, 0};
  machine.attach(&world);
  machine.start(time_point{1h}, v::keep_state(v::action{}));
  EXPECT_THAT(world.ended, ElementsAre("error:bad_action_from_state_function"));
}

TEST(engine_event, carries_the_time_at_which_it_is_handled) {
  std::vector<time_point> seen;
  probe rules{[&](const auto& ev, state, int&) {
    seen.push_back(ev.now);
    return ev.content == "go" ? v::next_state(state::b)
                              : v::keep_state(v::postpone(seen.size() == 1));
  }};
  running it{rules};
  it.cast("later");
  it.now += 1s;
  it.cast("go");
  EXPECT_THAT(seen, ElementsAre(it.now - 1s, it.now, it.now));
}

TEST(engine_replies, every_reply_is_given_to_the_host_in_order) {
  probe rules{[](const auto& ev, state, int&) {
    return v::keep_state(v::reply(ev.from, "one"), v::reply(caller{9}, "other"),
                         v::reply(ev.from, "two"));
  }};
  running it{rules};
  it.machine.call(caller{3}, "x", it.now);
  EXPECT_THAT(it.world.replies, ElementsAre("3 one", "9 other", "3 two"));
}

TEST(engine_replies, callers_are_never_named_twice) {
  probe rules{stay};
  running it{rules};
  EXPECT_NE(it.machine.new_caller(), it.machine.new_caller());
  EXPECT_TRUE(it.machine.new_caller());
}

TEST(engine_system, replace_state_is_all_or_nothing) {
  probe rules{stay};
  running it{rules};
  auto fails = [](state& s, int& data) {
    s = state::c;
    data = 42;
    throw std::logic_error{"no"};
  };
  EXPECT_THROW(it.machine.replace_state(fails), std::logic_error);
  EXPECT_EQ(it.machine.state(), state::a);
  EXPECT_EQ(it.machine.data(), 0);
  it.machine.replace_state([](state& s, int& data) {
    s = state::b;
    data = 7;
  });
  EXPECT_EQ(it.machine.state(), state::b);
  EXPECT_EQ(it.machine.data(), 7);
}

TEST(engine_system, code_change_needs_a_suspended_machine) {
  probe rules{stay};
  std::string seen;
  rules.on_code_change = [&](state& s, int& data, const std::string& extra) {
    seen = extra;
    s = state::c;
    data += 100;
    return true;
  };
  running it{rules};
  EXPECT_FALSE(it.machine.code_change("v2"));
  EXPECT_EQ(seen, "");
  it.machine.suspend();
  EXPECT_TRUE(it.machine.code_change("v2"));
  EXPECT_EQ(seen, "v2");
  EXPECT_EQ(it.machine.state(), state::c);
  EXPECT_EQ(it.machine.data(), 100);
}

TEST(engine_system, code_change_that_fails_changes_nothing) {
  probe rules{stay};
  running it{rules};
  it.machine.suspend();
  EXPECT_FALSE(it.machine.code_change("v2")) << "the module has no code_change";
  rules.on_code_change = [](state& s, int&, const std::string&) {
    s = state::c;
    return false;
  };
  EXPECT_FALSE(it.machine.code_change("v2"));
  rules.on_code_change = [](state& s, int&, const std::string&) -> bool {
    s = state::c;
    throw std::logic_error{"no"};
  };
  EXPECT_FALSE(it.machine.code_change("v2"));
  EXPECT_EQ(it.machine.state(), state::a);
}

TEST(engine_system, a_suspended_machine_can_be_stopped) {
  int calls = 0;
  probe rules{[&](const auto&, state, int&) {
    ++calls;
    return v::keep_state();
  }};
  running it{rules};
  it.machine.suspend();
  it.cast("never");
  it.machine.stop(exit_reason::shutdown(), it.now);
  it.machine.resume(it.now);
  EXPECT_EQ(calls, 0);
  EXPECT_THAT(it.world.ended, ElementsAre("shutdown"));
}

TEST(engine_system, resume_stops_at_the_end_of_the_machine) {
  lines log;
  probe rules{[&](const auto& ev, state, int&) {
    log.push_back(ev.content);
    return v::stop();
  }};
  running it{rules};
  it.machine.suspend();
  it.cast("1");
  it.cast("2");
  it.machine.resume(it.now);
  EXPECT_THAT(log, ElementsAre("1"));
}

// -- a machine outlives its driver --------------------------------------------

TEST(engine_attach, arms_the_timers_that_run_with_the_new_host) {
  probe rules{[](const auto& ev, state, int&) {
    if (ev.type == event_type::cast)
      return v::keep_state(v::state_timeout(10s, "st"),
                           v::generic_timeout(1, 20s, "g"));
    return v::next_state(state::b);
  }};
  running it{rules};
  it.cast("arm");
  const auto armed = it.world.armed;
  EXPECT_THAT(armed, SizeIs(2));
  it.machine.attach(nullptr);
  fake_host other;
  it.machine.attach(&other);
  EXPECT_EQ(other.armed, armed) << "same handles, same times";
  other.armed.erase(other.armed.begin()); // it is due
  it.machine.expire(armed.front().first, it.now + 10s);
  EXPECT_EQ(it.machine.state(), state::b);
  it.machine.stop(exit_reason::normal(), it.now);
  EXPECT_THAT(other.armed, IsEmpty()) << "all timers are given back";
  EXPECT_THAT(it.world.ended, IsEmpty());
  EXPECT_THAT(other.ended, ElementsAre("normal"));
}

TEST(engine_attach, a_machine_can_end_without_a_host) {
  probe rules{[](const auto&, state, int&) {
    return v::keep_state(v::state_timeout(10s));
  }};
  running it{rules};
  it.cast("arm");
  it.machine.attach(nullptr);
  it.machine.stop(exit_reason::normal(), it.now);
  EXPECT_THAT(rules.ended, ElementsAre("normal in a with 0"));
}

TEST(engine_timers, a_late_expiry_does_no_harm) {
  int calls = 0;
  probe rules{[&](const auto& ev, state, int&) {
    ++calls;
    if (ev.content == "arm")
      return v::keep_state(v::generic_timeout(1, 10s, "g"));
    return v::keep_state(v::cancel_generic_timeout(1));
  }};
  running it{rules};
  it.cast("arm");
  const auto ref = it.world.armed.front().first;
  it.cast("cancel");
  EXPECT_THAT(it.world.armed, IsEmpty());
  it.machine.expire(ref, it.now + 10s);
  EXPECT_EQ(calls, 2);
}

TEST(engine_timers, infinity_and_the_end_of_time_never_come) {
  probe rules{[](const auto&, state, int&) {
    return v::keep_state(v::state_timeout(infinity),
                         v::generic_timeout_at(1, time_point::max()));
  }};
  running it{rules};
  it.cast("x");
  EXPECT_THAT(it.machine.timers(), IsEmpty());
}

} // namespace

} // namespace switchgear::statem::test
