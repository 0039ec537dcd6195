#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "switchgear/statem/virtual_driver.hpp"
#include "switchgear/supervision/supervisor_machine.hpp"

namespace switchgear::test {

using namespace switchgear::supervision;
using namespace std::chrono_literals;

using statem::exit_reason;
using spec = child_spec<int>;
using types = supervisor_types<int>;

/// Counts the events that it handles.
class counting_machine : public supervisor_machine<int> {
public:
  using supervisor_machine<int>::supervisor_machine;

  statem::transition<types> handle(const statem::event<types>& ev,
                                   const supervisor_state& current,
                                   supervisor_data<int>& d) override {
    ++handled;
    return supervisor_machine<int>::handle(ev, current, d);
  }

  std::size_t handled = 0;
};

/// A supervisor machine in virtual time, and processes that are numbers. All
/// that happens is written to `log`.
class fake_children : private supervisor_host<int> {
public:
  fake_children() : machine_(*this) {
    // nop
  }

  /// Starts the supervisor.
  void begin(std::vector<spec> specs, supervisor_options options = {}) {
    run_.emplace(machine_, supervisor_state::starting,
                 supervisor_data<int>{std::move(options), std::move(specs)});
    run_->on_reply([this](statem::caller, supervisor_reply<int> value) {
      log.push_back(text_of(value));
    });
    run_->on_exit([this](const exit_reason& why) {
      log.push_back("down " + why.to_string());
    });
    run_->start(supervisor_machine<int>::init());
    run_->run();
  }

  /// Makes a request, and lets everything happen that follows from it.
  template <class Request>
  void ask(Request what) {
    run_->call(std::move(what));
    run_->run();
  }

  void stop() {
    run_->cast(notice::stop{exit_reason::shutdown()});
    run_->run();
  }

  /// A process ends.
  void exit(int process, const exit_reason& why) {
    post_exit(process, why);
    run_->run();
  }

  void crash(int process) {
    exit(process, exit_reason::error("boom"));
  }

  /// As `exit`, but nothing happens yet.
  void post_exit(int process, const exit_reason& why) {
    const auto i = alive.find(process);
    if (i == alive.end())
      return;
    run_->info(notice::child_exited{i->second.key, i->second.run, why});
    alive.erase(i);
  }

  void ready(int process) {
    const auto& who = alive.at(process);
    run_->info(notice::child_ready{who.key, who.run});
    run_->run();
  }

  /// A child whose start function gives the next number.
  spec child(std::string id, restart_type restart = restart_type::permanent) {
    auto start = [this, id]() -> start_result<int> {
      log.push_back(id + " up");
      return ++last_process;
    };
    return {id, start, restart, {}, child_type::worker};
  }

  statem::virtual_driver<types>& driver() {
    return *run_;
  }

  std::size_t events_handled() const {
    return machine_.handled;
  }

  /// What has been logged since the last call.
  std::vector<std::string> news() {
    return std::exchange(log, {});
  }

  struct identity {
    child_key key;
    run_id run;
  };

  std::vector<std::string> log;
  std::map<int, identity> alive;
  std::set<int> stubborn; ///< These do not end when told to.
  int last_process = 0;

private:
  void watch(const int& process, child_key key, run_id run) override {
    alive[process] = {key, run};
  }

  void await_ready(const int& process, child_key, run_id) override {
    log.push_back("await " + std::to_string(process));
  }

  void shut_down(const int& process) override {
    log.push_back("shut down " + std::to_string(process));
    if (!stubborn.contains(process))
      post_exit(process, exit_reason::shutdown());
  }

  void kill(const int& process) override {
    log.push_back("kill " + std::to_string(process));
    post_exit(process, exit_reason::killed());
  }

  void retry(child_key key) override {
    run_->cast(notice::retry{key});
  }

  static std::string text_of(const supervisor_reply<int>& value) {
    if (const auto* x = std::get_if<int>(&value))
      return "-> " + std::to_string(*x);
    if (const auto* x = std::get_if<refusal>(&value))
      return std::string{"-> refused "} + to_string(x->code) + ' ' + x->what;
    if (const auto* x = std::get_if<exit_reason>(&value))
      return "-> failed " + x->to_string();
    if (const auto* x = std::get_if<child_counts>(&value))
      return "-> specs=" + std::to_string(x->specs)
             + " active=" + std::to_string(x->active)
             + " supervisors=" + std::to_string(x->supervisors)
             + " workers=" + std::to_string(x->workers);
    if (const auto* x = std::get_if<std::vector<child_info<int>>>(&value)) {
      std::string result = "->";
      for (const auto& info : *x)
        result += ' ' + info.id + '='
                  + (info.process ? std::to_string(info.process)
                                  : std::string{to_string(info.status)});
      return result;
    }
    return "-> done";
  }

  counting_machine machine_;
  std::optional<statem::virtual_driver<types>> run_;
};

/// Starts a supervisor of `a`, `b` and `c`, which are processes 1, 2 and 3.
class supervised : public testing::Test {
public:
  void begin(supervisor_options options = {}) {
    world.begin({world.child("a"), world.child("b"), world.child("c")},
                std::move(options));
    ASSERT_THAT(world.news(), testing::ElementsAre("a up", "b up", "c up"));
  }

  static supervisor_options with(restart_strategy strategy, int intensity = 9) {
    supervisor_options result;
    result.strategy = strategy;
    result.intensity = intensity;
    return result;
  }

  fake_children world;
};

} // namespace switchgear::test
