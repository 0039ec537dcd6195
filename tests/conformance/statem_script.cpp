#include "conformance/statem_script.hpp"

#include <set>

#include "conformance/line_reader.hpp"

namespace switchgear::conformance {

namespace {

using statem::event_type;
using timer_key = statem::timer_key<scripted>;
using timeout_action = statem::timeout_action<scripted>;
using module_action = statem::module_action<scripted>;
using std::chrono::milliseconds;

constexpr auto states = "a to h";
constexpr auto longest = 1'000'000'000; // milliseconds: eleven days
constexpr auto timeouts = "timeout, state_timeout, timeout:NAME";
constexpr auto event_types
  = "call, cast, info, internal, timeout, state_timeout, timeout:NAME";

char read_state(line_reader& in, std::string_view what) {
  const auto& word = in.any(what);
  if (word.size() != 1 || word[0] < 'a' || word[0] > 'h')
    in.fail(std::string{what} + " is '" + word + "'", states);
  return word[0];
}

bool read_switch(line_reader& in, std::string_view what) {
  return in.one_of(what, {"on", "off"}) == "on";
}

/// `x`, or `shutdown:x`.
std::string read_reason(line_reader& in) {
  const auto word = in.any("reason");
  const auto colon = word.starts_with("shutdown:") ? word.find(':') + 1 : 0;
  line_reader rest{in.line(), word.substr(colon)};
  rest.name("reason");
  return word;
}

std::optional<timer_key> timer_of(const std::string& word) {
  if (word == "timeout")
    return timer_key{event_type::event_timeout, {}};
  if (word == "state_timeout")
    return timer_key{event_type::state_timeout, {}};
  if (word.starts_with("timeout:") && word.size() > 8)
    return timer_key{event_type::generic_timeout, word.substr(8)};
  return std::nullopt;
}

std::optional<timer_key> type_of(const std::string& word) {
  for (auto type : {event_type::call, event_type::cast, event_type::info,
                    event_type::internal})
    if (word == to_string(type))
      return timer_key{type, {}};
  return timer_of(word);
}

// -- actions ------------------------------------------------------------------

action_line read_timeout(line_reader& in, timer_key key) {
  using operation = timeout_action::operation;
  timeout_action act;
  act.key = key;
  const auto time = in.any("time");
  if (time == "cancel") {
    act.op = operation::cancel;
    return timeout_line{act};
  }
  if (time == "infinity") {
    act.after = infinity;
  } else if (time == "update") {
    act.op = operation::update;
  } else if (time.starts_with("abs")) {
    const auto sign = time.size() > 3 ? time[3] : ' ';
    if (sign != '+' && sign != '-')
      in.fail("time is '" + time + "'", "abs+MS, abs-MS");
    const auto ms = read_number(in, "time", time.substr(4), 0, longest);
    act.op = operation::absolute;
    act.after = milliseconds{sign == '+' ? ms : -ms};
  } else {
    act.after = milliseconds{read_number(in, "time", time, 0, longest)};
  }
  act.content = in.name("content");
  return timeout_line{act};
}

action_line read_action(line_reader& in) {
  using operation = module_action::operation;
  const auto word = in.any("action");
  if (const auto key = timer_of(word))
    return read_timeout(in, *key);
  if (word == "reply") {
    reply_line act;
    if (!in.accept("@"))
      act.id = in.name("id");
    act.text = in.name("reply");
    return act;
  }
  if (word == "next_event") {
    const auto type = in.any("event type");
    const auto key = type_of(type);
    if (!key)
      in.fail("event type is '" + type + "'", event_types);
    return insert_line{*key, in.name("content")};
  }
  if (word == "after") {
    timeout_action act;
    const auto ms = in.number("time", 0, longest);
    act.after = milliseconds{ms};
    act.content = std::to_string(ms);
    return timeout_line{act};
  }
  if (word == "postpone") {
    if (in.accept("true"))
      return statem::postpone_action{true, false};
    if (in.accept("false"))
      return statem::postpone_action{false, false};
    return statem::postpone_action{};
  }
  if (word == "hibernate")
    return statem::hibernate_action{};
  if (word == "change_module")
    return module_line{operation::change, in.one_of("module", {"a", "b"})[0]};
  if (word == "push_module")
    return module_line{operation::push, in.one_of("module", {"a", "b"})[0]};
  if (word == "pop_module")
    return module_line{operation::pop};
  if (word == "bad_timeout") {
    timeout_action act;
    act.after = milliseconds{-1};
    return timeout_line{act};
  }
  if (word == "bad_action" || word == "bad_reply")
    return invalid_line{};
  in.fail("action is '" + word + "'",
          "reply, postpone, next_event, timeout, state_timeout, timeout:NAME, "
          "after, hibernate, change_module, push_module, pop_module, "
          "bad_action, bad_timeout, bad_reply");
}

std::vector<action_line> read_actions(line_reader& in) {
  std::vector<action_line> result;
  while (!in.at_end()) {
    in.one_of("separator", {";"});
    result.push_back(read_action(in));
  }
  return result;
}

// -- rules --------------------------------------------------------------------

transition_line read_transition(line_reader& in) {
  using kind = transition_line::kind;
  transition_line result;
  result.thrown = in.accept("throw");
  const auto word = in.any("transition");
  // Which kind, whether data is new, whether a reason follows.
  struct row {
    const char* word;
    kind what;
    bool new_data;
    bool has_reason;
  };
  static constexpr row table[] = {
    {"next_state", kind::next_state, true, false},
    {"keep_state", kind::keep_state, true, false},
    {"keep_state_and_data", kind::keep_state, false, false},
    {"repeat_state", kind::repeat_state, true, false},
    {"repeat_state_and_data", kind::repeat_state, false, false},
    {"stop", kind::stop, false, false},
    {"stop_data", kind::stop, true, true},
    {"stop_and_reply", kind::stop_and_reply, false, true},
    {"stop_and_reply_data", kind::stop_and_reply, true, true},
    {"error", kind::error, false, true},
    {"exit", kind::exit, false, true},
    {"bad_return", kind::bad_return, false, false},
  };
  std::string allowed;
  for (const auto& each : table) {
    allowed.append(allowed.empty() ? "" : ", ").append(each.word);
    if (word != each.word)
      continue;
    result.what = each.what;
    result.new_data = each.new_data;
    if (each.what == kind::next_state)
      result.target = read_state(in, "new state");
    if (each.has_reason)
      result.reason = read_reason(in);
    else if (each.what == kind::stop)
      result.reason = in.at_end() || in.is(";") ? "normal" : read_reason(in);
    return result;
  }
  in.fail("transition is '" + word + "'", allowed + ", throw");
}

rule read_rule(line_reader& in) {
  rule result;
  if (!in.accept("*"))
    result.state = read_state(in, "state");
  if (in.accept("enter")) {
    result.type.type = event_type::enter;
  } else if (in.accept("*")) {
    result.any_type = true;
  } else {
    const auto word = in.any("type");
    const auto key = type_of(word);
    if (!key)
      in.fail("type is '" + word + "'",
              std::string{"enter, *, "} + event_types);
    result.type = *key;
  }
  result.content = in.accept("*") ? any_content : in.name("content");
  if (!in.accept("->")) {
    const auto word = in.any("->");
    if (!word.starts_with("max="))
      in.fail("'" + word + "' after the content", "max=N, ->");
    result.uses_left = read_number(in, "max", word.substr(4), 0, INT_MAX);
    in.one_of("what follows max", {"->"});
  }
  result.result = read_transition(in);
  result.result.actions = read_actions(in);
  return result;
}

// -- header and steps ---------------------------------------------------------

bool read_header(const std::string& word, line_reader& in,
                 statem_script& script, bool& has_init) {
  using kind = init_line::kind;
  auto init = [&](kind what) {
    has_init = true;
    script.init = {};
    script.init.what = what;
  };
  if (word == "name") {
    in.any("name");
  } else if (word == "mode") {
    script.state_functions
      = in.one_of("mode", {"state_functions", "handle_event_function"})
        == "state_functions";
  } else if (word == "enter") {
    script.enter_a = read_switch(in, "enter");
  } else if (word == "enter_b") {
    script.enter_b = read_switch(in, "enter_b");
  } else if (word == "on_code_change") {
    script.on_code_change
      = in.one_of("on_code_change",
                  {"same", "fail", "a", "b", "c", "d", "e", "f", "g", "h"});
  } else if (word == "init" || word == "init_throw") {
    init(kind::ok);
    script.init.state = read_state(in, "state");
    script.init.actions = read_actions(in);
  } else if (word == "init_stop" || word == "init_error"
             || word == "init_exit") {
    init(kind::failed);
    script.init.reason = read_reason(in);
  } else if (word == "init_ignore") {
    init(kind::ignore);
  } else if (word == "init_bad") {
    init(kind::failed);
    script.init.reason = "bad_return_from_init";
  } else if (word == "rule") {
    script.rules.push_back(read_rule(in));
  } else {
    return false;
  }
  return true;
}

step read_step(const std::string& word, line_reader& in) {
  using kind = step::kind;
  step result;
  if (word == "cast" || word == "info") {
    result.what = word == "cast" ? kind::cast : kind::info;
    result.content = in.name("content");
  } else if (word == "call") {
    result.what = kind::call;
    result.id = in.name("id");
    result.content = in.name("content");
  } else if (word == "wait") {
    result.what = kind::wait;
    result.number = in.number("time", 0, longest);
  } else {
    result.what = kind::system;
    result.id = word;
    if (word == "replace_state") {
      result.content = std::string(1, read_state(in, "state"));
      result.number = in.number("data", INT_MIN, INT_MAX);
    } else if (word == "code_change") {
      result.content = in.name("extra");
    } else if (word == "stop") {
      result.content = read_reason(in);
    } else if (word != "get_state" && word != "get_status" && word != "suspend"
               && word != "resume" && word != "replace_fail") {
      in.fail("step is '" + word + "'",
              "cast, call, info, wait, get_state, get_status, suspend, resume, "
              "replace_state, replace_fail, code_change, stop");
    }
  }
  return result;
}

} // namespace

statem_script parse_statem(const lines& scenario) {
  statem_script script;
  bool has_init = false;
  bool running = false;
  std::set<std::string> calls;
  for (std::size_t i = 0; i < scenario.size(); ++i) {
    line_reader in{i + 1, scenario[i]};
    if (in.at_end())
      continue;
    const auto word = in.any("record");
    if (running) {
      script.steps.push_back(read_step(word, in));
      const auto& last = script.steps.back();
      if (last.what == step::kind::call && !calls.insert(last.id).second)
        in.fail("call id '" + last.id + "' was used before");
    } else if (word == "run") {
      if (!has_init)
        in.fail("'run' before an init",
                "init, init_throw, init_stop, init_ignore, init_error, "
                "init_exit, init_bad");
      running = true;
    } else if (!read_header(word, in, script, has_init)) {
      in.fail("record is '" + word + "'",
              "name, mode, enter, enter_b, on_code_change, init, init_throw, "
              "init_stop, init_ignore, init_error, init_exit, init_bad, rule, "
              "run");
    }
    in.end();
  }
  if (!running)
    throw bad_scenario{"line " + std::to_string(scenario.size())
                       + ": the scenario ends before 'run'"};
  return script;
}

} // namespace switchgear::conformance
