#include "switchgear/actor/supervisor.hpp"

#include <cstdint>
#include <future>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <unordered_map>
#include <utility>
#include <variant>
#include <vector>

#include <caf/actor_addr.hpp>
#include <caf/actor_cast.hpp>
#include <caf/exit_reason.hpp>
#include <caf/stateful_actor.hpp>

#include "switchgear/actor/caf.hpp"
#include "switchgear/actor/statem_driver.hpp"
#include "switchgear/supervision/supervisor_machine.hpp"

namespace switchgear::actor {

namespace {

using supervision::child_key;
using supervision::run_id;

using types = supervision::supervisor_types<caf::actor>;
using machine = supervision::supervisor_machine<caf::actor>;

namespace request = supervision::request;
namespace notice = supervision::notice;

/// What a request gets instead of a response: an error even if the reason is
/// `normal`.
caf::error failure(const statem::exit_reason& why) {
  if (auto err = to_error(why))
    return err;
  return to_error(statem::exit_reason::stopped(why.to_string()));
}

/// Turns replies into response messages.
class supervisor_driver : public statem_driver<types> {
public:
  using statem_driver<types>::statem_driver;

  /// As `call`, for more callers than a list is good for: thousands of them may
  /// wait while a child is being stopped.
  void ask(types::message what, caf::response_promise promise) {
    const auto who = machine().new_caller();
    waiting_.emplace(who.id, std::move(promise));
    machine().call(who, std::move(what), now());
  }

  /// As `ask`; the reply is dropped.
  void ask_for_nobody(types::message what) {
    machine().call(machine().new_caller(), std::move(what), now());
  }

  void reply_elsewhere(statem::caller to, types::reply value) override {
    if (auto found = waiting_.extract(to.id))
      std::visit([&](auto& x) { respond(found.mapped(), x); }, value);
  }

  void ended(const statem::exit_reason& why) override {
    for (auto& [who, promise] : waiting_)
      promise.deliver(failure(why));
    waiting_.clear();
    statem_driver<types>::ended(why);
  }

private:
  static void respond(caf::response_promise& to, supervision::done&) {
    to.deliver();
  }

  static void respond(caf::response_promise& to, supervision::refusal& x) {
    to.deliver(caf::make_error(x.code, x.what));
  }

  static void respond(caf::response_promise& to, statem::exit_reason& why) {
    to.deliver(failure(why));
  }

  template <class T>
  static void respond(caf::response_promise& to, T& value) {
    to.deliver(std::move(value));
  }

  std::unordered_map<std::uint64_t, caf::response_promise> waiting_;
};

/// The actor around the machine.
class supervisor_state : private supervision::supervisor_host<caf::actor> {
public:
  static inline const char* name = "switchgear.supervisor";

  supervisor_state(caf::event_based_actor* self, supervisor_options options,
                   std::vector<child_spec> children)
    : self_(self),
      machine_(*this),
      engine_(machine_, supervision::supervisor_state::starting,
              {std::move(options), std::move(children)}),
      driver_(self, engine_) {
    // nop
  }

  /// Runs when the actor ends, however it does. Children do not outlive their
  /// supervisor: if it did not come to stopping them, they are killed.
  ~supervisor_state() override {
    engine_.data().children.for_each([](const auto& x) {
      if (x.process)
        caf::anon_send_exit(x.process, caf::exit_reason::kill);
    });
  }

  caf::behavior make_behavior() {
    handle_exits(self_, [this](caf::exit_msg& x) {
      if (x.reason) // a normal exit of somebody linked to us is not our concern
        driver_.cast(notice::stop{from_error(x.reason)});
    });
    driver_.start(machine::init());
    if (engine_.terminated())
      return {};
    return {
      [this](start_child, child_spec& spec) {
        return call(request::start_child<caf::actor>{
          std::make_shared<child_spec>(std::move(spec))});
      },
      [this](terminate_child, std::string& id) {
        return call(request::terminate_child{std::move(id)});
      },
      [this](restart_child, std::string& id) {
        return call(request::restart_child{std::move(id)});
      },
      [this](delete_child, std::string& id) {
        return call(request::delete_child{std::move(id)});
      },
      [this](find_child, std::string& id) {
        return call(request::find_child{std::move(id)});
      },
      [this](which_children) { return call(request::which_children{}); },
      [this](count_children) { return call(request::count_children{}); },
      [this](await_start) { return call(request::await_start{}); },
      [this](child_exited, child_key key, run_id run, const caf::error& why) {
        driver_.info(notice::child_exited{key, run, from_error(why)});
      },
      [this](retry_start, child_key key) { driver_.cast(notice::retry{key}); },
    };
  }

private:
  caf::response_promise call(types::message what) {
    // Runtimes start breakers by the thousand and wait for none of them.
    if (!self_->current_sender()) {
      driver_.ask_for_nobody(std::move(what));
      return {};
    }
    auto promise = self_->make_response_promise();
    driver_.ask(std::move(what), promise);
    return promise;
  }

  void watch(const caf::actor& process, child_key key, run_id run) override {
    // This runs in the thread in which the child ends: all it does is send. It
    // must not keep the supervisor alive, which keeps the child alive.
    process->attach_functor(
      [me = self_->address(), key, run](const caf::error& why) {
        if (auto to = caf::actor_cast<caf::actor>(me))
          tell(to, child_exited_v, key, run, why);
      });
  }

  void await_ready(const caf::actor& process, child_key key,
                   run_id run) override {
    ask(self_, process, caf::infinite, await_start_v)
      .then(
        [this, key, run] {
          driver_.info(notice::child_ready{key, run});
        },
        [this, process](const caf::error& why) {
          // Usually it has ended. Otherwise it does not know the question,
          // and will never be ready.
          self_->send_exit(process, why);
        });
  }

  void shut_down(const caf::actor& process) override {
    self_->send_exit(process, caf::exit_reason::user_shutdown);
  }

  void kill(const caf::actor& process) override {
    self_->send_exit(process, caf::exit_reason::kill);
  }

  void retry(child_key key) override {
    tell_from(self_, caf::actor_cast<caf::actor>(self_), retry_start_v, key);
  }

  caf::event_based_actor* self_;
  machine machine_;
  statem::engine<types> engine_;
  supervisor_driver driver_;
};

void require(const std::optional<std::string>& wrong) {
  if (wrong)
    throw std::invalid_argument{*wrong};
}

} // namespace

caf::actor spawn_supervisor(caf::actor_system& system,
                            supervisor_options options,
                            std::vector<child_spec> children) {
  require(check(options, children));
  return system.spawn<caf::stateful_actor<supervisor_state>>(
    std::move(options), std::move(children));
}

caf::expected<caf::actor> start_supervisor(caf::actor_system& system,
                                           supervisor_options options,
                                           std::vector<child_spec> children) {
  auto result
    = spawn_supervisor(system, std::move(options), std::move(children));
  bool up = false;
  caf::scoped_actor self{system};
  ask(self, result, caf::infinite, await_start_v)
    .receive([&up] { up = true; }, [](const caf::error&) {});
  if (up)
    return result;
  // If it had ended before the question came the response does not say why.
  auto end = std::make_shared<std::promise<caf::error>>();
  result->attach_functor([end](const caf::error& why) { end->set_value(why); });
  return end->get_future().get();
}

child_spec supervisor_child(std::string id, caf::actor_system& system,
                            supervisor_options options,
                            std::vector<child_spec> children) {
  require(check(options, children));
  auto start = [&system, options = std::move(options),
                children = std::move(children)]() -> start_result {
    return supervision::starting<caf::actor>{
      spawn_supervisor(system, options, children)};
  };
  return {std::move(id),
          std::move(start),
          supervision::restart_type::permanent,
          {},
          supervision::child_type::supervisor};
}

} // namespace switchgear::actor
