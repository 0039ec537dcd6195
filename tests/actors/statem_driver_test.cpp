/// A machine inside a CAF actor, as its callers and watchers see it.

#include "switchgear/actor/statem_driver.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <stdexcept>

#include <caf/sec.hpp>
#include <caf/stateful_actor.hpp>
#include <caf/system_messages.hpp>

#include "core/statem/probe.hpp"
#include "support/deterministic_world.hpp"
#include "switchgear/actor/caf.hpp"

namespace switchgear::actor::test {

namespace {

using statem::test::lines;
using statem::test::probe;
using statem::test::state;
using statem::test::types;
using testing::ElementsAre;
using testing::IsEmpty;
using v = statem::vocabulary<types>;
using transition = v::transition;
using namespace std::chrono_literals;

/// A machine that may outlive the actors that drive it.
struct patient {
  explicit patient(probe::function f)
    : rules(std::move(f)),
      machine(rules, state::a, 0) {
    // nop
  }

  probe rules;
  statem::engine<types> machine;
};

/// What the tests' actors do: `get` is a call, `put` a cast, `close` a stop.
class doctor {
public:
  static inline const char* name = "doctor";

  doctor(caf::event_based_actor* self, patient* whom, bool adopts)
    : self_(self),
      driver_(self, whom->machine),
      adopts_(adopts) {
    // nop
  }

  caf::behavior make_behavior() {
    if (adopts_)
      driver_.adopt();
    else
      driver_.start();
    driver_.trap_exits();
    return {
      [this](caf::get_atom, std::string& content) {
        driver_.call(std::move(content), self_->make_response_promise());
      },
      [this](caf::put_atom, std::string& content) {
        driver_.cast(std::move(content));
      },
      [this](caf::close_atom, std::string& why) {
        self_->make_response_promise().deliver(std::string{"ok"});
        driver_.stop(statem::exit_reason::parse(why));
      },
    };
  }

private:
  caf::event_based_actor* self_;
  statem_driver<types> driver_;
  bool adopts_;
};

class statem_driver_test : public testing::Test {
protected:
  caf::actor start(patient& whom, bool adopts = false) {
    auto result
      = world.system().spawn<caf::stateful_actor<doctor>>(&whom, adopts);
    world.run();
    return result;
  }

  /// Sends a request from an actor of its own; what it gets goes to the log.
  void ask(const caf::actor& whom, const std::string& what,
           caf::timespan timeout = 1h) {
    request(whom, timeout, what, caf::get_atom_v);
  }

  void stop(const caf::actor& whom, const std::string& why) {
    request(whom, 1h, why, caf::close_atom_v);
  }

  void cast(const caf::actor& whom, const std::string& what) {
    tell(whom, caf::put_atom_v, what);
  }

  void send_exit(const caf::actor& whom, const statem::exit_reason& why) {
    tell(whom, caf::exit_msg{whom.address(), to_error(why)});
  }

  /// Writes down how `whom` ends.
  void watch(const caf::actor& whom) {
    auto watcher = [this, whom](caf::event_based_actor* self) {
      actor::watch(self, whom,
                   [this, self](const caf::actor_addr&, const caf::error& why) {
                     log.push_back("down " + from_error(why).to_string());
                     self->quit();
                   });
      return caf::behavior{[](caf::unit_t) {}};
    };
    watchers_.push_back(world.system().spawn(watcher));
    world.run();
  }

  std::string text_of(const caf::error& why) {
    if (why == caf::sec::request_receiver_down)
      return "noproc";
    if (why == caf::sec::request_timeout)
      return "timeout";
    if (why == caf::sec::broken_promise)
      return "broken_promise";
    return from_error(why).to_string();
  }

  lines log;
  switchgear::test::deterministic_world world;

private:
  std::vector<caf::actor> watchers_; // an actor that nobody holds is gone

  template <class Atom>
  void request(const caf::actor& whom, caf::timespan timeout,
               const std::string& what, Atom verb) {
    world.system().spawn([=, this](caf::event_based_actor* self) {
      actor::ask(self, whom, timeout, verb, what)
        .then(
          [=, this](const std::string& reply) {
            log.push_back(what + " -> " + reply);
          },
          [=, this](const caf::error& why) {
            log.push_back(what + " failed: " + text_of(why));
          });
    });
  }
};

TEST_F(statem_driver_test, a_call_is_answered_at_once_or_later) {
  patient whom{[](const auto& ev, state now, int&) {
    if (ev.content == "ask" && now == state::a)
      return v::keep_state(v::postpone(), v::state_timeout(1s));
    if (ev.type == statem::event_type::state_timeout)
      return v::next_state(state::b);
    return v::keep_state(v::reply(ev.from, "done"));
  }};
  auto it = start(whom);
  ask(it, "ask");
  ask(it, "other");
  world.run();
  EXPECT_THAT(log, ElementsAre("other -> done"));
  world.advance(999ms);
  EXPECT_THAT(log, testing::SizeIs(1));
  world.advance(1ms);
  EXPECT_THAT(log, ElementsAre("other -> done", "ask -> done"));
}

TEST_F(statem_driver_test, each_caller_gets_its_own_reply) {
  std::vector<statem::caller> waiting;
  patient whom{[&](const auto& ev, state, int&) {
    if (ev.type == statem::event_type::call) {
      waiting.push_back(ev.from);
      return v::keep_state();
    }
    return v::keep_state(
      v::reply(waiting[2], "third"), v::reply(waiting[0], "first"),
      v::reply(waiting[0], "first again"), v::reply(waiting[1], "second"));
  }};
  auto it = start(whom);
  for (auto what : {"1", "2", "3"})
    ask(it, what);
  world.run();
  cast(it, "go");
  world.run();
  EXPECT_THAT(log, ElementsAre("3 -> third", "1 -> first", "2 -> second"));
}

TEST_F(statem_driver_test, a_reply_that_comes_too_late_is_dropped) {
  patient whom{[](const auto& ev, state now, int&) {
    if (now == state::a && ev.type == statem::event_type::call)
      return v::keep_state(v::postpone());
    if (ev.content == "go")
      return v::next_state(state::b);
    return v::keep_state(v::reply(ev.from, "late"));
  }};
  auto it = start(whom);
  ask(it, "short", 100ms);
  ask(it, "long", 1h);
  world.advance(99ms);
  EXPECT_THAT(log, IsEmpty());
  world.advance(1ms);
  EXPECT_THAT(log, ElementsAre("short failed: timeout"));
  cast(it, "go");
  world.run();
  EXPECT_THAT(log, ElementsAre("short failed: timeout", "long -> late"));
}

TEST_F(statem_driver_test, stop_answers_first_and_then_nobody_is_there) {
  patient whom{[](const auto&, state, int&) { return v::keep_state(); }};
  auto it = start(whom);
  watch(it);
  ask(it, "pending");
  stop(it, "shutdown:enough");
  world.run();
  EXPECT_THAT(log, testing::UnorderedElementsAre(
                     "pending failed: shutdown:enough", "down shutdown:enough",
                     "shutdown:enough -> ok"));
  EXPECT_THAT(whom.rules.ended, ElementsAre("shutdown:enough in a with 0"));
  log.clear();
  ask(it, "x");
  stop(it, "again");
  cast(it, "into the void");
  watch(it);
  world.run();
  EXPECT_THAT(log, testing::UnorderedElementsAre("x failed: noproc",
                                                 "again failed: noproc",
                                                 "down shutdown:enough"));
}

TEST_F(statem_driver_test, an_exception_in_terminate_is_the_exit_reason) {
  patient whom{[](const auto&, state, int&) { return v::stop(); }};
  whom.rules.on_terminate = [] { throw std::runtime_error{"last words"}; };
  auto it = start(whom);
  watch(it);
  ask(it, "x");
  world.run();
  EXPECT_THAT(log, testing::UnorderedElementsAre("x failed: error:last words",
                                                 "down error:last words"));
}

TEST_F(statem_driver_test, calls_still_in_the_mailbox_get_an_error) {
  patient whom{[](const auto&, state, int&) { return v::stop(); }};
  auto it = start(whom);
  cast(it, "stop");
  ask(it, "x");
  world.run();
  EXPECT_THAT(log, ElementsAre("x failed: noproc"));
}

TEST_F(statem_driver_test, a_machine_may_end_while_it_starts) {
  probe rules{[](const auto&, state, int&) {
                return v::stop(statem::exit_reason::stopped("early"));
              },
              true};
  statem::engine<types> machine{rules, state::a, 0};
  struct short_lived {
    short_lived(caf::event_based_actor* self, statem::engine<types>* x)
      : driver(self, *x) {
      // nop
    }
    caf::behavior make_behavior() {
      driver.start();
      return {[](caf::get_atom, const std::string& x) { return x; }};
    }

    statem_driver<types> driver;
  };
  auto it = world.system().spawn<caf::stateful_actor<short_lived>>(&machine);
  watch(it);
  ask(it, "x");
  world.run();
  EXPECT_THAT(log, ElementsAre("down early", "x failed: noproc"));
}

TEST_F(statem_driver_test, an_exit_message_ends_the_machine_orderly) {
  patient whom{[](const auto&, state, int&) { return v::keep_state(); }};
  auto it = start(whom);
  watch(it);
  ask(it, "x");
  world.run();
  send_exit(it, statem::exit_reason::shutdown());
  world.run();
  EXPECT_THAT(whom.rules.ended, ElementsAre("shutdown in a with 0"));
  EXPECT_THAT(
    log, testing::UnorderedElementsAre("x failed: shutdown", "down shutdown"));
}

TEST_F(statem_driver_test, a_kill_can_not_be_trapped) {
  patient whom{[](const auto&, state, int&) { return v::keep_state(); }};
  auto it = start(whom);
  watch(it);
  ask(it, "x");
  world.run();
  send_exit(it, statem::exit_reason::killed());
  world.run();
  EXPECT_THAT(whom.rules.ended, IsEmpty());
  EXPECT_FALSE(whom.machine.terminated());
  EXPECT_THAT(log, testing::UnorderedElementsAre("x failed: broken_promise",
                                                 "down killed"));
}

TEST_F(statem_driver_test, a_machine_outlives_its_actor) {
  std::vector<time_point> expired;
  patient whom{[&](const auto& ev, state now, int&) {
    if (ev.content == "arm")
      return v::keep_state(v::state_timeout(10s));
    if (now == state::a && ev.type == statem::event_type::call)
      return v::keep_state(v::postpone());
    if (ev.type == statem::event_type::state_timeout) {
      expired.push_back(ev.now);
      return v::next_state(state::b);
    }
    return v::keep_state(v::reply(ev.from, "to " + ev.content));
  }};
  const auto due = world.now() + 10s;
  auto first = start(whom);
  cast(first, "arm");
  ask(first, "first");
  world.advance(4s);
  send_exit(first, statem::exit_reason::killed());
  world.advance(1s);
  EXPECT_THAT(log, ElementsAre("first failed: broken_promise"));
  auto second = start(whom, true);
  ask(second, "second");
  world.advance(1h);
  EXPECT_THAT(expired, ElementsAre(due));
  EXPECT_THAT(
    log, ElementsAre("first failed: broken_promise", "second -> to second"))
    << "the first caller's reply must not reach the second";
}

} // namespace

} // namespace switchgear::actor::test
