/// A machine that has warmed up allocates nothing, whatever it does.

#include <gtest/gtest.h>

#include <array>

#include "support/allocation_count.hpp"
#include "switchgear/statem/statem.hpp"

namespace switchgear::statem::test {

namespace {

using switchgear::test::allocations;
using namespace std::chrono_literals;

enum class phase { idle, busy };

enum class word { begin, work, tick, done, step, ask };

struct worker_types {
  using state = phase;
  using data = int;
  using message = word;
  using reply = int;
};

/// Uses all that can be used: postponed calls, inserted events, all three
/// kinds of timeout (zero ones, too), enter calls and replies.
class worker : public state_functions<worker, worker_types> {
public:
  bool state_enter() const override {
    return true;
  }

  transition idle(const event& ev, int&) {
    if (ev.is_enter())
      return keep_state(event_timeout(1ms, word::tick));
    if (ev.content == word::begin)
      return next_state(phase::busy,
                        next_event(event_type::internal, word::step),
                        next_event(event_type::internal, word::step),
                        generic_timeout(1, 0s, word::tick),
                        generic_timeout(2, 5ms, word::tick));
    if (ev.from)
      return keep_state(postpone());
    return keep_state();
  }

  transition busy(const event& ev, int& steps) {
    ++steps;
    if (ev.is_enter())
      return keep_state(state_timeout(10ms, word::done));
    if (ev.from)
      return keep_state(reply(ev.from, steps));
    if (ev.type == event_type::state_timeout)
      return next_state(phase::idle);
    return keep_state();
  }

  static constexpr auto states() {
    return std::array{row{phase::idle, "idle", &worker::idle},
                      row{phase::busy, "busy", &worker::busy}};
  }
};

TEST(allocation, none_in_the_steady_state) {
  worker rules;
  int replies = 0;
  virtual_driver<worker_types> driver{rules, phase::idle, 0};
  driver.on_reply([&](caller, int) { ++replies; });
  driver.start();
  auto round = [&] {
    driver.call(word::ask);
    driver.cast(word::work);
    driver.call(word::ask);
    driver.cast(word::begin);
    driver.info(word::work);
    driver.advance(20ms);
  };
  for (int i = 0; i < 10; ++i)
    round();
  const auto before = allocations();
  const auto steps = driver.machine().data();
  for (int i = 0; i < 1000; ++i)
    round();
  EXPECT_EQ(allocations() - before, 0u);
  EXPECT_EQ(replies, 2020);
  // Entered, two steps, two calls, two timers, info, the end: nine a round.
  EXPECT_EQ(driver.machine().data() - steps, 9000);
  EXPECT_EQ(driver.machine().state(), phase::idle);
}

/// Cancels timers that do not run, in all the ways there are.
class idler : public handle_event_function<worker_types> {
public:
  transition handle(const event& ev, const phase&, int&) override {
    if (ev.content == word::ask) // the last one of a key counts
      return keep_state(state_timeout(1ms), generic_timeout(1, 1ms),
                        cancel_state_timeout());
    return keep_state(cancel_state_timeout(),
                      generic_timeout(1, infinity),
                      generic_timeout_at(2, time_point::max()));
  }
};

TEST(allocation, none_before_there_is_anything_to_keep) {
  idler rules;
  virtual_driver<worker_types> driver{rules, phase::idle, 0};
  driver.start();
  const auto before = allocations();
  driver.machine().cast(word::work, driver.now());
  driver.machine().info(word::work, driver.now());
  EXPECT_EQ(allocations() - before, 0u);
}

TEST(allocation, a_timer_cancelled_where_it_is_started_does_not_run) {
  idler rules;
  virtual_driver<worker_types> driver{rules, phase::idle, 0};
  driver.start();
  driver.machine().cast(word::ask, driver.now());
  EXPECT_FALSE(driver.machine().running({event_type::state_timeout, {}}));
  EXPECT_TRUE(driver.machine().running({event_type::generic_timeout, 1}));
}

} // namespace

} // namespace switchgear::statem::test
