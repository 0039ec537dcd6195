// The C++ side of the README's table for those who know gen_statem: all that
// is quoted there is compiled here, and does what the table says.

#include <array>
#include <functional>
#include <iostream>
#include <map>
#include <stdexcept>
#include <string>
#include <vector>

#include "switchgear/statem/statem.hpp"

namespace {

using namespace switchgear;
using namespace std::chrono_literals;
using statem::exit_reason;

enum class state { locked, open };

struct data {
  std::vector<std::string> log;
};

enum class timer { cleaning };

struct door_types {
  using state = ::state;
  using data = ::data;
  using message = std::string;
  using reply = std::string;
  using timer_name = timer;
};

// callback_mode() -> handle_event_function.
struct repair : statem::handle_event_function<door_types> {
  transition handle(const event& ev, const state& current, data& d) override {
    d.log.push_back("repair: " + ev.content
                    + (current == state::locked ? ", locked" : ", open"));
    return keep_state(pop_callback_module());
  }
};

// callback_mode() -> [state_functions, state_enter].
struct door : statem::state_functions<door, door_types> {
  bool state_enter() const override {
    return true;
  }

  static constexpr auto states() {
    return std::array{
      row{state::locked, "locked", &door::locked},
      row{state::open, "open", &door::open},
    };
  }

  static constexpr auto edges() {
    using edge = statem::edge<state>;
    return std::array{edge{state::locked, state::open, "opened"},
                      edge{state::open, state::locked, "closed"}};
  }

  transition locked(const event& ev, data& d);
  transition open(const event& ev, data& d);

  void terminate(const exit_reason& why, const state&, data& d) override {
    d.log.push_back("terminate: " + why.to_string());
  }

  bool code_change(state&, data& d, const std::string& extra) override {
    d.log.push_back("code change: " + extra);
    return true;
  }

  repair other;
};

door::transition door::locked(const event& ev, data& d) {
  if (ev.is_enter()) {
    const auto& old = *ev.old_state;
    d.log.push_back(old == state::open ? "locked after open" : "locked");
    return keep_state();
  }
  d.log.push_back(ev.content);
  const std::map<std::string_view, std::function<transition()>> replies{
    {"open",
     [&] {
       return next_state(state::open, reply(ev.from, "ok"),
                         state_timeout(10s, "close"));
     }},
    {"again", [&] { return repeat_state(); }},
    {"ring", [&] { return keep_state(postpone()); }},
    {"knock", [&] { return keep_state(event_timeout(5s, "silence")); }},
    {"clean",
     [&] {
       return keep_state(generic_timeout(timer::cleaning, 1h, "cleaned"));
     }},
    {"dirty",
     [&] { return keep_state(cancel_generic_timeout(timer::cleaning)); }},
    {"push",
     [&] { return keep_state(next_event(event_type::internal, "inserted")); }},
    {"sleep", [&] { return keep_state(hibernate()); }},
    {"repair", [&] { return keep_state(push_callback_module(other)); }},
    {"replace", [&] { return keep_state(change_callback_module(*this)); }},
    {"throw", [&]() -> transition { throw next_state(state::open); }},
    {"exit",
     [&]() -> transition { throw statem::exit{exit_reason::stopped("r")}; }},
    {"fail", [&]() -> transition { throw std::runtime_error{"r"}; }},
    {"stop", [&] { return stop(exit_reason::shutdown()); }},
    {"bye",
     [&] {
       return stop_and_reply(exit_reason::normal(), reply(ev.from, "bye"));
     }},
  };
  const auto found = replies.find(ev.content);
  return found == replies.end() ? keep_state() : found->second();
}

door::transition door::open(const event& ev, data& d) {
  if (ev.is_enter())
    return keep_state();
  d.log.push_back(ev.content);
  if (ev.content == "hold")
    return keep_state(
      update_timeout({event_type::state_timeout, {}}, "close at last"));
  if (ev.content == "until")
    return keep_state(state_timeout_at(ev.now + 20s, "close at 20 s"));
  if (ev.content == "forever")
    return keep_state(cancel_state_timeout());
  return ev.type == event_type::state_timeout ? next_state(state::locked)
                                              : keep_state();
}

using lines = std::vector<std::string>;

/// What a new door has seen, and what it has answered, when it was told `all`
/// and, for "+", a minute has passed.
lines run(const lines& all) {
  door callbacks;
  statem::virtual_driver<door_types> driver{callbacks, state::locked, data{}};
  lines answers;
  driver.on_reply(
    [&](statem::caller, std::string text) { answers.push_back("-> " + text); });
  driver.start();
  for (const auto& each : all) {
    if (each == "+")
      driver.advance(60s);
    else
      driver.call(each);
  }
  driver.run();
  auto result = driver.machine().data().log;
  result.insert(result.end(), answers.begin(), answers.end());
  return result;
}

int wrong = 0;

void check(const lines& told, const lines& expected) {
  const auto got = run(told);
  if (got == expected)
    return;
  ++wrong;
  for (const auto& each : told)
    std::cerr << each << ' ';
  std::cerr << "gave\n";
  for (const auto& each : got)
    std::cerr << "  " << each << '\n';
}

void check_system_messages() {
  door callbacks;
  statem::virtual_driver<door_types> driver{callbacks, state::locked, data{}};
  driver.start();
  auto& machine = driver.machine();
  machine.suspend();
  driver.cast("open");
  driver.run();
  const bool waits = machine.state() == state::locked;
  machine.replace_state([](state& s, data& d) {
    s = state::open;
    d.log = {"replaced"};
  });
  const bool changed = machine.code_change("extra");
  machine.resume(driver.now());
  const lines expected{"replaced", "code change: extra", "open"};
  if (!waits || !changed || machine.data().log != expected) {
    ++wrong;
    std::cerr << "system messages\n";
  }
}

} // namespace

int main() {
  check({"open", "+"},
        {"locked", "open", "close", "locked after open", "-> ok"});
  check({"again"}, {"locked", "again", "locked"});
  check({"ring", "open"}, {"locked", "ring", "open", "ring", "-> ok"});
  check({"knock", "+"}, {"locked", "knock", "silence"});
  check({"clean", "dirty", "+"}, {"locked", "clean", "dirty"});
  check({"push"}, {"locked", "push", "inserted"});
  check({"sleep", "replace"}, {"locked", "sleep", "replace"});
  check({"repair", "x", "y"}, {"locked", "repair", "repair: x, locked", "y"});
  check({"throw"}, {"locked", "throw"});
  check({"exit"}, {"locked", "terminate: r"});
  check({"fail"}, {"locked", "terminate: error:r"});
  check({"stop"}, {"locked", "stop", "terminate: shutdown"});
  check({"bye"}, {"locked", "bye", "terminate: normal", "-> bye"});
  check({"open", "hold", "+"}, {"locked", "open", "hold", "close at last",
                                "locked after open", "-> ok"});
  check({"open", "until", "forever", "+"},
        {"locked", "open", "until", "forever", "-> ok"});
  check_system_messages();
  return wrong == 0 ? 0 : 1;
}
