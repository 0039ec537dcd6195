#pragma once

#include <gtest/gtest.h>

#include <exception>
#include <map>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include <caf/actor_system.hpp>
#include <caf/event_based_actor.hpp>
#include <caf/exit_reason.hpp>

#include "support/deterministic_world.hpp"
#include "switchgear/actor/caf.hpp"
#include "switchgear/actor/exit.hpp"
#include "switchgear/actor/supervisor.hpp"

namespace switchgear::test {

using namespace std::chrono_literals;

using actor::child_info;
using actor::child_spec;
using actor::from_error;
using actor::spawn_supervisor;
using actor::start_result;
using actor::supervisor_options;
using statem::exit_reason;
using supervision::child_counts;
using supervision::child_error;
using supervision::restart_type;

/// A child that obeys: it crashes, or ends, when told so.
inline caf::behavior obedient(caf::event_based_actor* self) {
  self->set_exception_handler([](std::exception_ptr&) -> caf::error {
    return actor::to_error(exit_reason::error("boom"));
  });
  return {
    [](const std::string& word) {
      if (word == "crash")
        throw std::runtime_error{"boom"};
    },
    [self](int) { self->quit(); },
  };
}

/// A child that takes its time when it is told to end.
inline caf::behavior slow(caf::event_based_actor* self, duration time) {
  switchgear::actor::handle_exits(self, [self, time](caf::exit_msg& x) {
    self->run_delayed(time, [self, why = x.reason] { self->quit(why); });
  });
  return {[](const std::string&) {}};
}

/// A child that takes no notice of anything.
inline caf::behavior deaf(caf::event_based_actor* self) {
  switchgear::actor::handle_exits(self, [](caf::exit_msg&) {});
  return {[](const std::string&) {}};
}

/// A supervisor in virtual time. All comings and goings are written to `log`.
class supervised_actors : public testing::Test {
public:
  /// Notes how children, and supervisors, come and go.
  caf::actor note(const std::string& id, const caf::actor& process) {
    log.push_back(id + " up");
    ++alive;
    process->attach_functor([this, id](const caf::error& why) {
      log.push_back(id + ' ' + from_error(why).to_string());
      --alive;
    });
    current[id] = process;
    return process;
  }

  template <class F, class... Ts>
  child_spec child(std::string id, F behavior, Ts... xs) {
    auto start = [=, this]() -> start_result {
      return note(id, system().spawn(behavior, xs...));
    };
    return {id, start, restart_type::permanent, {}, {}};
  }

  child_spec child(std::string id) {
    return child(std::move(id), obedient);
  }

  child_spec broken(std::string id) {
    return {id,
            []() -> start_result { return exit_reason::stopped("nope"); },
            restart_type::permanent,
            {},
            {}};
  }

  /// A child that is a supervisor.
  child_spec house(std::string id, std::vector<child_spec> children,
                   supervisor_options options = {}) {
    auto result = actor::supervisor_child(id, system(), std::move(options),
                                          std::move(children));
    result.start = [this, id, start = result.start]() -> start_result {
      auto soon = std::get<supervision::starting<caf::actor>>(start());
      note(id, soon.process);
      return soon;
    };
    return result;
  }

  /// Starts the supervisor under test.
  void begin(std::vector<child_spec> children,
             supervisor_options options = {}) {
    sup = note("sup", spawn_supervisor(system(), std::move(options),
                                       std::move(children)));
    world.run();
  }

  /// Makes a request without waiting for the answer.
  template <class Result, class... Ts>
  std::shared_ptr<std::optional<caf::expected<Result>>> post(Ts... xs) {
    auto answer = std::make_shared<std::optional<caf::expected<Result>>>();
    system().spawn([=, this](caf::event_based_actor* self) {
      auto pending = actor::ask(self, sup, caf::infinite, xs...);
      const auto fail = [answer](caf::error& why) { *answer = std::move(why); };
      if constexpr (std::is_void_v<Result>)
        std::move(pending).then([answer] { *answer = caf::expected<void>{}; },
                                fail);
      else
        std::move(pending).then(
          [answer](Result& value) {
            *answer = caf::expected<Result>{std::move(value)};
          },
          fail);
    });
    world.run();
    return answer;
  }

  /// Makes a request that is answered at once.
  template <class Result, class... Ts>
  caf::expected<Result> ask(Ts... xs) {
    auto answer = post<Result>(std::move(xs)...);
    if (!*answer)
      throw std::logic_error{"not answered"};
    return std::move(**answer);
  }

  /// How a request went: `ok` or why not.
  template <class Result, class... Ts>
  std::string try_ask(Ts... xs) {
    auto result = ask<Result>(std::move(xs)...);
    return result ? "ok" : text_of(result.error());
  }

  static std::string text_of(const caf::error& why) {
    if (why.category() != caf::type_id_v<child_error>)
      return from_error(why).to_string();
    return std::string{to_string(static_cast<child_error>(why.code()))} + ' '
           + why.context().get_as<std::string>(0);
  }

  std::string which() {
    std::string result;
    const auto list = ask<std::vector<child_info>>(which_children_v);
    for (const auto& x : *list)
      result += x.id + '='
                + (x.process ? x.process == current[x.id] ? "current" : "other"
                             : to_string(x.status))
                + ' ';
    return result;
  }

  void send(const std::string& id, const std::string& word) {
    actor::tell(current.at(id), word);
    world.run();
  }

  void kill(const std::string& id) {
    caf::anon_send_exit(current.at(id), caf::exit_reason::kill);
    world.run();
  }

  /// Tells the supervisor to end.
  void stop() {
    caf::anon_send_exit(sup, caf::exit_reason::user_shutdown);
    world.run();
  }

  std::vector<std::string> news() {
    return std::exchange(log, {});
  }

  caf::actor_system& system() {
    return world.system();
  }

  std::vector<std::string> log;
  int alive = 0; // processes that have been noted and have not ended
  deterministic_world world;
  // These are given up before the world is.
  std::map<std::string, caf::actor> current;
  caf::actor sup;
};

} // namespace switchgear::test
