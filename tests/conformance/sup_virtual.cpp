#include <deque>

#include "conformance/sup_session.hpp"
#include "switchgear/statem/virtual_driver.hpp"
#include "switchgear/supervision/supervisor_machine.hpp"

namespace switchgear::conformance {

namespace {

using namespace supervision;
using namespace std::chrono_literals;

using statem::exit_reason;
using types = supervisor_types<int>;

/// The machine alone. A process is the number of an entry in a list.
class virtual_session : public sup_session, private supervisor_host<int> {
public:
  virtual_session(const sup_script& script, lines& trace)
    : trace_(trace),
      starts_(trace),
      machine_(*this),
      driver_(machine_, supervisor_state::starting,
              supervisor_data<int>{script.options, specs(script.children)}) {
    driver_.on_exit([this](const exit_reason& why) {
      down_ = why;
      if (started_)
        trace_.push_back("sup down " + why.to_string());
    });
  }

  std::optional<exit_reason> start() override {
    driver_.start(supervisor_machine<int>::init());
    ask(request::await_start{});
    started_ = !down_;
    return down_;
  }

  void end_child(const sup_step& step) override {
    const auto i = current_.find(step.id);
    if (i == current_.end())
      return;
    auto& who = process(i->second);
    switch (step.what) {
      case sup_step::kind::exit:
        terminate(who, step.reason, exit_reason::parse(step.reason));
        break;
      case sup_step::kind::crash:
        terminate(who, step.reason, exit_reason::error(step.reason));
        break;
      default:
        exited(who, exit_reason::killed());
        break;
    }
    driver_.run();
  }

  std::string request(const sup_step& step) override {
    switch (step.what) {
      case sup_step::kind::start:
        return ask(request::start_child<int>{
          std::make_shared<child_spec<int>>(spec(step.child))});
      case sup_step::kind::terminate:
        return ask(request::terminate_child{step.id});
      case sup_step::kind::restart:
        return ask(request::restart_child{step.id});
      default:
        return ask(request::delete_child{step.id});
    }
  }

  std::vector<std::string> which() override {
    ask(request::which_children{});
    std::vector<std::string> result;
    if (const auto* list = std::get_if<std::vector<child_info<int>>>(&answer_))
      for (const auto& x : *list)
        result.push_back(x.id + '='
                         + (x.process
                              ? '#' + std::to_string(process(x.process).number)
                              : std::string{to_string(x.status)}));
    return result;
  }

  child_counts count() override {
    ask(request::count_children{});
    const auto* counts = std::get_if<child_counts>(&answer_);
    return counts ? *counts : child_counts{};
  }

  void wait(std::chrono::milliseconds time) override {
    driver_.run();
    for (; time > 0ms && !at_rest(); time -= 1ms)
      tick();
    driver_.advance(time);
  }

  void stop() override {
    driver_.cast(notice::stop{exit_reason::shutdown()});
    driver_.run();
    while (!down_)
      tick();
  }

private:
  struct entry {
    sup_child child;
    int number = 0;
    child_key key = 0;
    run_id run = 0;
    bool alive = true;
    bool ending = false;
    exit_reason why;
  };

  // -- requests ---------------------------------------------------------------

  /// Whether time alone changes nothing.
  bool at_rest() {
    return ends_.empty()
           && (down_ || driver_.machine().state() == supervisor_state::running);
  }

  /// Times of scenarios are whole milliseconds.
  void tick() {
    driver_.advance(1ms);
    while (!ends_.empty() && ends_.begin()->first <= driver_.now()) {
      auto& who = *ends_.begin()->second;
      exited(who, who.why);
      ends_.erase(ends_.begin());
    }
    driver_.run();
  }

  template <class Request>
  std::string ask(Request what) {
    answer_ = exit_reason::stopped("noproc");
    if (!down_) {
      bool waiting = true;
      driver_.on_reply([&](statem::caller, supervisor_reply<int> value) {
        answer_ = std::move(value);
        waiting = false;
      });
      driver_.call(std::move(what));
      driver_.run();
      while (waiting && !down_)
        tick();
      if (waiting)
        answer_ = *down_;
    }
    if (const auto* started = std::get_if<int>(&answer_))
      return *started ? "ok" : "ok undefined";
    if (const auto* x = std::get_if<refusal>(&answer_))
      return std::string{"error "} + to_string(x->code);
    if (const auto* why = std::get_if<exit_reason>(&answer_))
      return "error " + why->to_string();
    return "ok";
  }

  // -- processes --------------------------------------------------------------

  entry& process(int handle) {
    return processes_[static_cast<std::size_t>(handle) - 1];
  }

  child_spec<int> spec(const sup_child& child) {
    auto start = [this, child]() -> start_result<int> {
      switch (starts_.start(child)) {
        case start_ledger::outcome::failed:
          return failed_start();
        case start_ledger::outcome::ignored:
          return ignore;
        case start_ledger::outcome::up:
          break;
      }
      processes_.push_back(
        {child, starts_.number(child.id), 0, 0, true, false, {}});
      const auto handle = static_cast<int>(processes_.size());
      current_[child.id] = handle;
      return handle;
    };
    return {child.id, start, child.restart, child.shutdown, {}};
  }

  std::vector<child_spec<int>> specs(const std::vector<sup_child>& children) {
    std::vector<child_spec<int>> result;
    for (const auto& child : children)
      result.push_back(spec(child));
    return result;
  }

  /// The process cleans up, which may take time, then ends.
  void terminate(entry& who, const std::string& word, exit_reason why) {
    if (!who.alive || who.ending)
      return;
    trace_.push_back(who.child.id + " #" + std::to_string(who.number)
                     + " terminate " + word);
    who.ending = true;
    who.why = std::move(why);
    if (who.child.slow > 0ms)
      ends_.emplace(driver_.now() + who.child.slow, &who);
    else
      exited(who, who.why);
  }

  void exited(entry& who, const exit_reason& why) {
    if (std::exchange(who.alive, false))
      driver_.info(notice::child_exited{who.key, who.run, why});
  }

  void watch(const int& handle, child_key key, run_id run) override {
    process(handle).key = key;
    process(handle).run = run;
  }

  void await_ready(const int&, child_key, run_id) override {
    // All are ready at once.
  }

  void shut_down(const int& handle) override {
    auto& who = process(handle);
    if (who.child.traps_exits)
      terminate(who, "shutdown", exit_reason::shutdown());
    else
      exited(who, exit_reason::shutdown());
  }

  void kill(const int& handle) override {
    exited(process(handle), exit_reason::killed());
  }

  void retry(child_key key) override {
    driver_.cast(notice::retry{key});
  }

  lines& trace_;
  start_ledger starts_;
  std::deque<entry> processes_;            // entries stay where they are
  std::multimap<time_point, entry*> ends_; // of those that clean up
  std::map<std::string, int> current_;
  bool started_ = false;
  std::optional<exit_reason> down_;
  supervisor_reply<int> answer_;
  supervisor_machine<int> machine_;
  statem::virtual_driver<types> driver_;
};

} // namespace

std::unique_ptr<sup_session> start_virtual_sup(const sup_script& script,
                                               lines& trace) {
  return std::make_unique<virtual_session>(script, trace);
}

} // namespace switchgear::conformance
