/// A state machine of your own: a connection on which one can send at any time.
/// While there is no connection what is to be sent waits; it is postponed, and
/// comes back by itself when the state changes.
///
/// What to see: the same machine, first in virtual time, where a timeout of
/// two seconds takes none, then inside an actor that others send messages to.
/// The diagram is printed from the tables that the machine runs on, and a
/// change of state that is not in them would end it.

#include <array>
#include <chrono>
#include <cstdio>
#include <string>
#include <utility>

#include <caf/actor_system_config.hpp>
#include <caf/stateful_actor.hpp>

#include "switchgear/actor/caf.hpp"
#include "switchgear/actor/init_types.hpp"
#include "switchgear/actor/statem_driver.hpp"
#include "switchgear/statem/statem.hpp"

using namespace std::chrono_literals;
namespace statem = switchgear::statem;
namespace actor = switchgear::actor;

enum class phase { disconnected, connecting, connected };

/// What the machine is made of.
struct connection_types {
  using state = phase;
  using data = int;            // how many texts were sent
  using message = std::string; // "open", "up", "down", "close", or a text
  using reply = std::string;
};

class connection
  : public statem::state_functions<connection, connection_types> {
public:
  bool state_enter() const override {
    return true;
  }

  transition disconnected(const event& ev, int&) {
    if (ev.is_enter()) {
      std::puts("  disconnected");
      // At the start nobody wants a connection yet.
      return *ev.old_state == phase::disconnected
               ? keep_state()
               : keep_state(state_timeout(1s, "retry"));
    }
    if (ev.content == "open" || ev.type == event_type::state_timeout)
      return next_state(phase::connecting);
    return in_any_state(ev);
  }

  transition connecting(const event& ev, int&) {
    if (ev.is_enter()) {
      std::puts("  connecting");
      return keep_state(state_timeout(2s, "no answer"));
    }
    if (ev.content == "up")
      return next_state(phase::connected);
    if (ev.type == event_type::state_timeout)
      return next_state(phase::disconnected);
    return in_any_state(ev);
  }

  transition connected(const event& ev, int& sent) {
    if (ev.is_enter()) {
      std::puts("  connected");
      return keep_state();
    }
    if (ev.type == event_type::call) {
      std::printf("  sends '%s'\n", ev.content.c_str());
      return keep_state(reply(ev.from, "text " + std::to_string(++sent)));
    }
    if (ev.content == "down")
      return next_state(phase::disconnected);
    return in_any_state(ev);
  }

  static constexpr auto states() {
    return std::array{
      row{phase::disconnected, "disconnected", &connection::disconnected},
      row{phase::connecting, "connecting", &connection::connecting},
      row{phase::connected, "connected", &connection::connected}};
  }

  static constexpr auto edges() {
    using edge = statem::edge<phase>;
    return std::array{
      edge{phase::disconnected, phase::connecting, "open, or 1 s"},
      edge{phase::connecting, phase::connected, "up"},
      edge{phase::connecting, phase::disconnected, "2 s"},
      edge{phase::connected, phase::disconnected, "down"}};
  }

private:
  static transition in_any_state(const event& ev) {
    if (ev.content == "close")
      return stop(statem::exit_reason::shutdown("closed"));
    return keep_state(postpone(ev.type == event_type::call));
  }
};

void in_virtual_time() {
  std::puts("In virtual time:");
  connection rules;
  statem::virtual_driver<connection_types> driver{rules, phase::disconnected,
                                                  0};
  driver.on_reply([](statem::caller who, const std::string& text) {
    std::printf("  caller %d: %s\n", static_cast<int>(who.id), text.c_str());
  });
  driver.start();
  driver.cast("open");
  driver.call("hello");
  driver.call("world");
  driver.advance(2s); // nobody answers
  driver.advance(1s); // the second attempt
  driver.cast("up");
  driver.call("!");
  driver.run();
}

/// The machine inside an actor. `put` tells it something, `get` sends a text.
class connection_actor {
public:
  static inline const char* name = "connection";

  explicit connection_actor(caf::event_based_actor* self)
    : self_(self),
      machine_(rules_, phase::disconnected, 0),
      driver_(self, machine_) {
    // nop
  }

  caf::behavior make_behavior() {
    driver_.start();
    return {
      [this](caf::put_atom, std::string& what) {
        driver_.cast(std::move(what));
      },
      [this](caf::get_atom, std::string& text) {
        driver_.call(std::move(text), self_->make_response_promise());
      },
    };
  }

private:
  caf::event_based_actor* self_;
  connection rules_;
  statem::engine<connection_types> machine_;
  actor::statem_driver<connection_types> driver_;
};

void in_an_actor() {
  std::puts("In an actor:");
  actor::init_types();
  caf::actor_system_config config;
  caf::actor_system system{config};
  caf::scoped_actor self{system};
  auto it = system.spawn<caf::stateful_actor<connection_actor>>();
  auto put = [&](std::string what) {
    actor::tell(it, caf::put_atom_v, std::move(what));
  };
  auto get = [&](std::string text) {
    return actor::ask(self, it, 10s, caf::get_atom_v, std::move(text));
  };
  auto print = [](const std::string& text) {
    std::printf("  reply: %s\n", text.c_str());
  };
  auto print_error = [](const caf::error& why) {
    std::printf("  no reply: %s\n", actor::from_error(why).to_string().c_str());
  };
  put("open");
  auto hello = get("hello");
  put("up");
  std::move(hello).receive(print, print_error);
  put("down");
  auto world = get("world");
  put("close");
  std::move(world).receive(print, print_error);
}

int main() {
  std::fputs(to_mermaid(statem::list_machine<connection>()).c_str(), stdout);
  in_virtual_time();
  in_an_actor();
}
