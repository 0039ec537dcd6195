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

} // namespace

} // namespace switchgear::statem::test
