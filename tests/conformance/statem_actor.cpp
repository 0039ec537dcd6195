#include <algorithm>
#include <iterator>
#include <map>
#include <utility>

#include <caf/init_global_meta_objects.hpp>
#include <caf/stateful_actor.hpp>

#include "conformance/statem_messages.hpp"
#include "conformance/statem_session.hpp"
#include "support/deterministic_world.hpp"
#include "switchgear/actor/caf.hpp"
#include "switchgear/actor/statem_driver.hpp"

namespace switchgear::conformance {

namespace {

/// Makes sure that our messages are known before there is an actor system.
struct message_types {
  message_types() {
    caf::init_global_meta_objects<caf::id_block::conformance>();
  }
};

/// The actor that the machine lives in. It tells its client what it does.
class machine_actor {
public:
  static inline const char* name = "scripted_machine";

  machine_actor(caf::event_based_actor* self, const statem_script* script,
                caf::actor client)
    : self_(self),
      client_(std::move(client)),
      init_(script->init),
      modules_(
        *script,
        [this](std::string line) { tell(trace_atom_v, std::move(line)); }),
      machine_(modules_.a(), script->init.state, 0),
      driver_(self, machine_) {
    // nop
  }

  caf::behavior make_behavior() {
    tell(trace_atom_v, std::string{"init"});
    tell(started_atom_v, init_answer(init_));
    if (init_.what == init_line::kind::ignore) {
      self_->quit();
      return {};
    }
    if (init_.what == init_line::kind::failed) {
      self_->quit(actor::to_error(statem::exit_reason::parse(init_.reason)));
      return {};
    }
    driver_.start(modules_.init(driver_.now()));
    return {
      [this](cast_atom, std::string& content) {
        driver_.cast(std::move(content));
      },
      [this](info_atom, std::string& content) {
        driver_.info(std::move(content));
      },
      [this](call_atom, std::string& id, std::string& content) {
        modules_.add_caller(std::move(id));
        driver_.call(std::move(content), self_->make_response_promise());
      },
      [this](system_atom, std::string& op, std::string& argument, int number) {
        const step request{step::kind::system, std::move(argument),
                           std::move(op), number};
        self_->make_response_promise().deliver(
          answer(modules_, machine_, request));
        follow_up(machine_, driver_.now(), request);
      },
    };
  }

private:
  template <class... Ts>
  void tell(Ts&&... xs) {
    actor::tell_from(self_, client_, std::forward<Ts>(xs)...);
  }

  caf::event_based_actor* self_;
  caf::actor client_;
  init_line init_;
  statem_modules modules_;
  statem::engine<scripted> machine_;
  actor::statem_driver<scripted> driver_;
};

/// Sends from a client actor, which reads what comes back only while it waits.
class actor_session : public statem_session {
public:
  actor_session(const statem_script& script, lines& trace)
    : trace_(trace),
      calls_(unread_) {
    auto& sys = world_.system();
    client_ = sys.spawn(
      [this](caf::event_based_actor* self) { return client_behavior(self); });
    machine_ = sys.spawn<caf::stateful_actor<machine_actor>>(&script, client_);
    actor::tell(client_, send_atom_v);
    world_.run();
    trace_.push_back("start " + started_);
    if (started_ != "ok") {
      known_dead_ = true;
      last_words_.swap(unread_);
    }
  }

  void send(const step& next) override {
    burst_.push_back(next);
  }

  void wait(std::chrono::milliseconds time) override {
    actor::tell(client_, send_atom_v);
    world_.advance(time);
    read();
  }

  std::optional<std::string> state() override {
    wait(std::chrono::milliseconds{0});
    std::optional<std::string> result;
    caf::scoped_actor self{world_.system()};
    auto request = actor::ask(self, machine_, caf::infinite, system_atom_v,
                              std::string{"get_state"}, std::string{}, 0);
    world_.run();
    std::move(request).receive(
      [&](std::string& text) { result = std::move(text); },
      [](const caf::error&) {});
    return result;
  }

  std::vector<std::string> unanswered() const override {
    return calls_.pending();
  }

private:
  caf::behavior client_behavior(caf::event_based_actor* self) {
    return {
      [this, self](send_atom) {
        if (!watching_) {
          watching_ = true;
          actor::watch(self, machine_,
                       [this](const caf::actor_addr&, const caf::error& why) {
                         down_ = actor::from_error(why);
                       });
        }
        for (const auto& each : burst_)
          send_as(self, each);
        burst_.clear();
      },
      [this](started_atom, std::string& answer) {
        started_ = std::move(answer);
      },
      [this](trace_atom, std::string& line) {
        unread_.push_back(std::move(line));
      },
    };
  }

  void send_as(caf::event_based_actor* self, const step& next) {
    using kind = step::kind;
    switch (next.what) {
      case kind::cast:
        actor::tell_from(self, machine_, cast_atom_v, next.content);
        break;
      case kind::info:
        actor::tell_from(self, machine_, info_atom_v, next.content);
        break;
      case kind::call:
        calls_.sent(next.id);
        actor::ask(self, machine_, caf::infinite, call_atom_v, next.id,
                   next.content)
          .then([this, id = next.id](
                  const std::string& text) { calls_.replied(id, text); },
                [this, id = next.id, was_dead = down_.has_value()](
                  const caf::error& why) { call_failed(id, was_dead, why); });
        break;
      case kind::system:
        actor::ask(self, machine_, caf::infinite, system_atom_v, next.id,
                   next.content, next.number)
          .then(
            [this, op = next.id](const std::string& text) {
              unread_.push_back("sys " + op + ' ' + text);
            },
            [this, op = next.id](const caf::error&) { system_failed(op); });
        break;
      case kind::wait:
        break;
    }
  }

  /// @param why what the machine's actor gave as the reason, or CAF, which
  ///            only knows that nobody is there.
  void call_failed(const std::string& id, bool was_dead,
                   const caf::error& why) {
    if (known_dead_)
      calls_.failed(id, "noproc");
    else if (was_dead)
      errors_[id] = "noproc";
    else if (why != caf::sec::request_receiver_down)
      errors_[id] = actor::from_error(why).to_string();
    else
      errors_[id] = {}; // as the machine
  }

  void system_failed(const std::string& op) {
    auto& to = known_dead_ ? unread_ : failed_;
    to.push_back("sys " + op + " noproc");
  }

  /// Reads what has come, the end of the machine last.
  void read() {
    if (down_ && !known_dead_) {
      known_dead_ = true;
      unread_.push_back("down " + down_->to_string());
      for (const auto& id : std::vector{calls_.pending()}) {
        const auto i = errors_.find(id);
        if (i != errors_.end())
          calls_.failed(id, i->second.empty() ? down_->to_string() : i->second);
      }
      move_lines(failed_, unread_);
    }
    move_lines(unread_, trace_);
    move_lines(last_words_, trace_);
  }

  static void move_lines(lines& from, lines& to) {
    std::ranges::move(from, std::back_inserter(to));
    from.clear();
  }

  lines& trace_;
  lines unread_;     // what the client has got but not read
  lines last_words_; // of a machine that did not start
  lines failed_;     // answers to system messages that the machine died of
  std::vector<step> burst_;
  call_ledger calls_;
  std::map<std::string, std::string> errors_; // of calls, by id
  std::optional<statem::exit_reason> down_;
  std::string started_; // what the one who started the machine got
  bool watching_ = false;
  bool known_dead_ = false;
  message_types types_;
  test::deterministic_world world_;
  caf::actor client_;
  caf::actor machine_;
};

} // namespace

std::unique_ptr<statem_session> start_actor(const statem_script& script,
                                            lines& trace) {
  return std::make_unique<actor_session>(script, trace);
}

} // namespace switchgear::conformance
