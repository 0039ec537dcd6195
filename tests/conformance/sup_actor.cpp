#include <functional>
#include <stdexcept>
#include <utility>

#include <caf/exit_reason.hpp>
#include <caf/stateful_actor.hpp>

#include "conformance/sup_session.hpp"
#include "support/deterministic_world.hpp"
#include "switchgear/actor/caf.hpp"
#include "switchgear/actor/exit.hpp"
#include "switchgear/actor/supervisor.hpp"

namespace switchgear::conformance {

namespace {

using namespace std::chrono_literals;

using statem::exit_reason;

/// A child that cleans up when it ends, as the scenario says.
class child_actor {
public:
  child_actor(caf::event_based_actor* self, const sup_child& child,
              std::string name, lines* trace)
    : self_(self),
      child_(child),
      name_(std::move(name)),
      trace_(trace) {
    // nop
  }

  caf::behavior make_behavior() {
    if (child_.traps_exits)
      actor::handle_exits(self_, [this](caf::exit_msg& x) {
        const auto why = actor::from_error(x.reason);
        terminate(why.to_string(), [this, why] { quit(why); });
      });
    self_->set_exception_handler([](std::exception_ptr& x) -> caf::error {
      try {
        std::rethrow_exception(x);
      } catch (const std::exception& ex) {
        return actor::to_error(exit_reason::error(ex.what()));
      }
    });
    return {
      // A step, and the reason of the exit.
      [this](const std::string& step, const std::string& word) {
        if (step == "crash")
          terminate(word, [word] { throw std::runtime_error{word}; });
        else
          terminate(word, [this, word] { quit(exit_reason::parse(word)); });
      },
    };
  }

private:
  /// Cleans up, which may take time, then ends.
  template <class F>
  void terminate(const std::string& word, F end) {
    if (std::exchange(ending_, true))
      return;
    trace_->push_back(name_ + " terminate " + word);
    if (child_.slow > 0ms)
      self_->run_delayed(child_.slow, std::move(end));
    else
      end();
  }

  void quit(const exit_reason& why) {
    self_->quit(actor::to_error(why));
  }

  caf::event_based_actor* self_;
  sup_child child_;
  std::string name_;
  lines* trace_;
  bool ending_ = false;
};

class actor_session : public sup_session {
public:
  actor_session(const sup_script& script, lines& trace)
    : trace_(trace),
      starts_(trace),
      script_(script) {
    // nop
  }

  ~actor_session() override {
    // The world ends with actors that are still referenced only by itself.
    sup_ = nullptr;
    current_.clear();
  }

  std::optional<exit_reason> start() override {
    std::vector<actor::child_spec> specs;
    for (const auto& child : script_.children)
      specs.push_back(spec(child));
    sup_ = actor::spawn_supervisor(world_.system(), script_.options,
                                   std::move(specs));
    sup_->attach_functor([this](const caf::error& why) {
      down_ = actor::from_error(why);
      if (started_)
        trace_.push_back("sup down " + down_->to_string());
    });
    ask(done(), await_start_v);
    started_ = !down_;
    return down_;
  }

  void end_child(const sup_step& step) override {
    const auto i = current_.find(step.id);
    if (i == current_.end())
      return;
    if (step.what == sup_step::kind::kill)
      caf::anon_send_exit(i->second, caf::exit_reason::kill);
    else
      actor::tell(i->second, step.word, step.reason);
    world_.run();
  }

  std::string request(const sup_step& step) override {
    const auto started = [this](const caf::actor& process) {
      answer_ = process ? "ok" : "ok undefined";
    };
    switch (step.what) {
      case sup_step::kind::start:
        return ask(started, start_child_v, spec(step.child));
      case sup_step::kind::terminate:
        return ask(done(), terminate_child_v, step.id);
      case sup_step::kind::restart:
        return ask(started, restart_child_v, step.id);
      default:
        return ask(done(), delete_child_v, step.id);
    }
  }

  std::vector<std::string> which() override {
    std::vector<std::string> result;
    ask(
      [&](const std::vector<actor::child_info>& list) {
        for (const auto& x : list)
          result.push_back(
            x.id + '='
            + (x.process ? '#' + std::to_string(numbers_.at(x.process.id()))
                         : std::string{to_string(x.status)}));
        answer_ = "ok";
      },
      which_children_v);
    return result;
  }

  supervision::child_counts count() override {
    supervision::child_counts result;
    ask(
      [&](const supervision::child_counts& counts) {
        result = counts;
        answer_ = "ok";
      },
      count_children_v);
    return result;
  }

  void wait(std::chrono::milliseconds time) override {
    world_.advance(time);
  }

  void stop() override {
    caf::anon_send_exit(sup_, caf::exit_reason::user_shutdown);
    world_.run();
    while (!down_)
      world_.advance(1ms);
  }

private:
  actor::child_spec spec(const sup_child& child) {
    auto start = [this, child]() -> actor::start_result {
      switch (starts_.start(child)) {
        case start_ledger::outcome::failed:
          return failed_start();
        case start_ledger::outcome::ignored:
          return supervision::ignore;
        case start_ledger::outcome::up:
          break;
      }
      auto result = world_.system().spawn<caf::stateful_actor<child_actor>>(
        child, starts_.name(child.id), &trace_);
      numbers_[result.id()] = starts_.number(child.id);
      current_[child.id] = result;
      return result;
    };
    return {child.id, start, child.restart, child.shutdown, {}};
  }

  std::function<void()> done() {
    return [this] { answer_ = "ok"; };
  }

  /// Makes a request. Time passes until it is answered.
  /// @param on_response must set `answer_`
  template <class F, class... Ts>
  std::string ask(F on_response, Ts... xs) {
    if (down_)
      return "error noproc";
    answer_.clear();
    world_.system().spawn([&, this](caf::event_based_actor* self) {
      actor::ask(self, sup_, caf::infinite, std::move(xs)...)
        .then(on_response, [this](const caf::error& why) {
          answer_ = "error " + text_of(why);
        });
    });
    world_.run();
    while (answer_.empty())
      world_.advance(1ms);
    return answer_;
  }

  static std::string text_of(const caf::error& why) {
    if (why.category() == caf::type_id_v<supervision::child_error>)
      return to_string(static_cast<supervision::child_error>(why.code()));
    return actor::from_error(why).to_string();
  }

  lines& trace_;
  start_ledger starts_;
  const sup_script& script_;
  test::deterministic_world world_;
  caf::actor sup_;
  std::map<std::string, caf::actor> current_;
  std::map<caf::actor_id, int> numbers_;
  bool started_ = false;
  std::optional<exit_reason> down_;
  std::string answer_;
};

} // namespace

std::unique_ptr<sup_session> start_sup_actor(const sup_script& script,
                                             lines& trace) {
  return std::make_unique<actor_session>(script, trace);
}

} // namespace switchgear::conformance
