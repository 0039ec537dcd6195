#pragma once

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "switchgear/statem/statem.hpp"

/// A machine whose behaviour each test gives as a function, and a host that
/// writes down what it is asked for.
namespace switchgear::statem::test {

enum class state { a, b, c };

struct types {
  using state = test::state;
  using data = int;
  using message = std::string;
  using reply = std::string;
};

using lines = std::vector<std::string>;

/// A callback module that does what `on` says.
class probe : public handle_event_function<types> {
public:
  using function = std::function<transition(const event&, state, int&)>;

  explicit probe(function f, bool enter = false)
    : on(std::move(f)),
      enter_(enter) {
    // nop
  }

  bool state_enter() const override {
    return enter_;
  }

  transition handle(const event& ev, const state& current, int& data) override {
    return on(ev, current, data);
  }

  void terminate(const exit_reason& why, const state& current,
                 int& data) override {
    ended.push_back(why.to_string() + " in " + "abc"[int(current)] + " with "
                    + std::to_string(data));
    if (on_terminate)
      on_terminate();
  }

  bool code_change(state& current, int& data,
                   const std::string& extra) override {
    return on_code_change && on_code_change(current, data, extra);
  }

  bool allows(const state& from, const state& to) const override {
    return !on_allows || on_allows(from, to);
  }

  function on;
  std::function<void()> on_terminate;
  std::function<bool(state&, int&, const std::string&)> on_code_change;
  std::function<bool(state, state)> on_allows;
  lines ended; // one line for each call of `terminate`

private:
  bool enter_;
};

/// The world of an engine that is driven by hand.
class fake_host : public host<types> {
public:
  void reply(caller to, std::string value) override {
    replies.push_back(std::to_string(to.id) + ' ' + value);
  }

  void arm(timer_ref ref, time_point due) override {
    armed.emplace_back(ref, due);
  }

  void disarm(timer_ref ref) override {
    std::erase_if(armed, [ref](const auto& x) { return x.first == ref; });
  }

  void terminated(const exit_reason& why) override {
    ended.push_back(why.to_string());
  }

  lines replies;
  std::vector<std::pair<timer_ref, time_point>> armed;
  lines ended;
};

/// A machine that has been started, in state a with data 0.
struct running {
  explicit running(probe& callbacks) : machine(callbacks, state::a, 0) {
    machine.attach(&world);
    machine.start(now);
  }

  void cast(const std::string& content) {
    machine.cast(content, now);
  }

  time_point now{std::chrono::hours{1}};
  fake_host world;
  engine<types> machine;
};

} // namespace switchgear::statem::test
