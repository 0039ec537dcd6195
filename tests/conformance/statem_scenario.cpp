#include <algorithm>
#include <stdexcept>
#include <utility>

#include "conformance/scenario.hpp"
#include "conformance/statem_session.hpp"

namespace switchgear::conformance {

namespace {

using engine = statem::engine<scripted>;

/// As get_status shows them: `[TYPE/CONTENT,...]`.
std::string list(const std::vector<std::string>& items) {
  std::string result = "[";
  for (const auto& each : items)
    result.append(result.size() > 1 ? "," : "").append(each);
  return result + "]";
}

std::string status(const statem_modules& modules, const engine& machine) {
  std::vector<std::string> postponed;
  for (std::size_t i = 0; i < machine.postponed().size(); ++i) {
    const auto& ev = machine.postponed()[i];
    postponed.push_back(modules.label(ev) + '/' + ev.content);
  }
  std::vector<std::string> timeouts;
  for (const auto& each : machine.timers())
    timeouts.push_back(statem_modules::label(each.key) + '/' + each.content);
  std::ranges::sort(timeouts);
  return std::string{machine.suspended() ? "suspended" : "running"}
         + " postponed=" + list(postponed) + " timeouts=" + list(timeouts);
}

/// Stands for a machine that did not start. Its last words are read only when
/// the sender waits.
class nobody : public statem_session {
public:
  explicit nobody(lines& trace) : trace_(trace) {
    // nop
  }

  void send(const step& next) override {
    if (next.what == step::kind::call)
      trace_.push_back("callerr " + next.id + " noproc");
    else if (next.what == step::kind::system)
      trace_.push_back("sys " + next.id + " noproc");
  }

  void wait(std::chrono::milliseconds) override {
    read_last_words();
  }

  std::optional<std::string> state() override {
    read_last_words();
    return std::nullopt;
  }

  std::vector<std::string> unanswered() const override {
    return {};
  }

private:
  void read_last_words() {
    if (!std::exchange(read_, true))
      trace_.push_back("init");
  }

  lines& trace_;
  bool read_ = false;
};

std::unique_ptr<statem_session> start(const statem_script& script, driver how,
                                      lines& trace) {
  if (how == driver::actor)
    return start_actor(script, trace);
  if (script.init.what == init_line::kind::ok)
    return start_virtual(script, trace);
  trace.push_back("start " + init_answer(script.init));
  return std::make_unique<nobody>(trace);
}

} // namespace

std::string init_answer(const init_line& init) {
  switch (init.what) {
    case init_line::kind::ok:
      return "ok";
    case init_line::kind::ignore:
      return "ignore";
    case init_line::kind::failed:
      break;
  }
  return "error " + init.reason;
}

std::string state_and_data(const engine& machine) {
  return std::string{machine.state()} + " d=" + std::to_string(machine.data());
}

std::string answer(const statem_modules& modules, engine& machine,
                   const step& request) {
  const auto& op = request.id;
  if (op == "get_state")
    return state_and_data(machine);
  if (op == "get_status")
    return status(modules, machine);
  if (op == "suspend") {
    machine.suspend();
    return "ok";
  }
  if (op == "replace_state") {
    machine.replace_state([&](char& state, int& data) {
      state = request.content.front();
      data = request.number;
    });
    return state_and_data(machine);
  }
  if (op == "replace_fail") {
    try {
      machine.replace_state([](char& state, int& data) {
        state = 'h';
        data = -1;
        throw std::runtime_error{"replace_fail"};
      });
    } catch (const std::runtime_error&) {
      return "error";
    }
  }
  if (op == "code_change")
    return machine.code_change(request.content) ? "ok" : "error";
  return "ok"; // resume and stop, which are to follow
}

void follow_up(engine& machine, time_point now, const step& request) {
  if (request.id == "resume")
    machine.resume(now);
  else if (request.id == "stop")
    machine.stop(statem::exit_reason::parse(request.content), now);
}

lines run_statem(const lines& scenario, driver how) {
  const auto script = parse_statem(scenario);
  lines trace;
  const auto session = start(script, how, trace);
  std::chrono::milliseconds now{0};
  for (const auto& each : script.steps) {
    if (each.what == step::kind::wait) {
      const std::chrono::milliseconds time{each.number};
      now += time;
      session->wait(time);
      trace.push_back('@' + std::to_string(now.count()));
    } else {
      session->send(each);
    }
  }
  const auto state = session->state();
  trace.push_back("end " + state.value_or("dead"));
  for (const auto& id : session->unanswered())
    trace.push_back("pending " + id);
  return trace;
}

} // namespace switchgear::conformance
