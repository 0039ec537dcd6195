#include "conformance/statem_modules.hpp"

#include <array>
#include <stdexcept>

namespace switchgear::conformance {

namespace {

/// Rules may insert events for ever. This is more than any sane scenario has.
constexpr auto most_callbacks = 20'000;

using statem::event_type;
using statem::transition;
using module_base = statem::callback_module<scripted>;

/// What both kinds of module have in common: they leave all to `scene`, and
/// tell it by a suffix of the trace's lines which one they are.
template <class Base>
class scripted_module : public Base {
public:
  using data_type = typename module_base::data_type;

  scripted_module(statem_modules& scene, bool enter, const char* suffix)
    : scene_(scene),
      enter_(enter),
      suffix_(suffix) {
    // nop
  }

  bool state_enter() const override {
    return enter_;
  }

  void terminate(const statem::exit_reason& why, const char& state,
                 int& data) override {
    scene_.terminate(why, state, data, suffix_);
  }

  bool code_change(char& state, int& data, const std::string& extra) override {
    return scene_.code_change(state, data, extra);
  }

protected:
  transition<scripted> apply(const statem::event<scripted>& ev, char state,
                             int& data) {
    return scene_.handle(ev, state, data, suffix_);
  }

private:
  statem_modules& scene_;
  bool enter_;
  std::string suffix_;
};

class handle_event_module
  : public scripted_module<statem::handle_event_function<scripted>> {
public:
  using scripted_module::scripted_module;

  transition handle(const event& ev, const char& state, int& data) override {
    return apply(ev, state, data);
  }
};

class state_functions_module
  : public scripted_module<
      statem::state_functions<state_functions_module, scripted>> {
public:
  using scripted_module::scripted_module;

  template <char State>
  transition in(const event& ev, int& data) {
    return apply(ev, State, data);
  }

  static constexpr auto states() {
    using me = state_functions_module;
    return std::array<row, 8>{{
      {'a', "a", &me::in<'a'>},
      {'b', "b", &me::in<'b'>},
      {'c', "c", &me::in<'c'>},
      {'d', "d", &me::in<'d'>},
      {'e', "e", &me::in<'e'>},
      {'f', "f", &me::in<'f'>},
      {'g', "g", &me::in<'g'>},
      {'h', "h", &me::in<'h'>},
    }};
  }
};

std::unique_ptr<module_base> make_module(const statem_script& script,
                                         statem_modules& scene, bool enter,
                                         const char* suffix) {
  if (script.state_functions)
    return std::make_unique<state_functions_module>(scene, enter, suffix);
  return std::make_unique<handle_event_module>(scene, enter, suffix);
}

std::string with_data(char state, int data) {
  return std::string{state} + " d=" + std::to_string(data);
}

} // namespace

statem_modules::statem_modules(const statem_script& script,
                               std::function<void(std::string)> trace)
  : rules_(script.rules),
    init_(script.init),
    on_code_change_(script.on_code_change),
    trace_(std::move(trace)),
    a_(make_module(script, *this, script.enter_a, "")),
    b_(make_module(script, *this, script.enter_b, " mod=b")) {
  // nop
}

statem_modules::~statem_modules() = default;

statem_modules::module& statem_modules::a() noexcept {
  return *a_;
}

statem_modules::transition statem_modules::init(time_point now) {
  transition result{transition::kind::keep_state};
  event none;
  none.now = now;
  add_actions(result, init_.actions, none);
  return result;
}

std::string statem_modules::label(const event& ev) const {
  if (ev.type == event_type::call)
    return "call:" + id_of(ev.from);
  return label(statem::timer_key<scripted>{ev.type, ev.name});
}

std::string statem_modules::label(const statem::timer_key<scripted>& key) {
  if (key.type == event_type::generic_timeout)
    return "timeout:" + key.name;
  return to_string(key.type);
}

// -- callbacks ----------------------------------------------------------------

statem_modules::transition statem_modules::handle(const event& ev, char state,
                                                  int& data,
                                                  const std::string& suffix) {
  if (++callbacks_ > most_callbacks)
    throw std::runtime_error{"endless"};
  const auto tail = " d=" + std::to_string(data) + suffix;
  if (ev.is_enter())
    trace_(std::string{"enter "} + state + " old=" + *ev.old_state + tail);
  else
    trace_(std::string{"event "} + state + ' ' + label(ev) + ' ' + ev.content
           + tail);
  if (ev.type == event_type::call)
    handled_[id_of(ev.from)] = ev.from;
  if (auto* found = find_rule(ev, state)) {
    --found->uses_left;
    return carry_out(found->result, ev, data);
  }
  if (ev.type == event_type::call)
    return module::keep_state(module::reply(ev.from, "nomatch"));
  return module::keep_state();
}

void statem_modules::terminate(const statem::exit_reason& why, char state,
                               int data, const std::string& suffix) {
  const bool failed = why.what == statem::exit_reason::kind::error;
  trace_("terminate " + (failed ? why.detail : why.to_string()) + ' '
         + with_data(state, data) + suffix);
}

bool statem_modules::code_change(char& state, int& data,
                                 const std::string& extra) {
  trace_("code_change " + with_data(state, data) + " extra=" + extra);
  if (on_code_change_ == "fail")
    return false;
  if (on_code_change_ != "same")
    state = on_code_change_.front();
  data += 100;
  return true;
}

// -- rules --------------------------------------------------------------------

rule* statem_modules::find_rule(const event& ev, char state) {
  const auto content = ev.is_enter() ? std::string{*ev.old_state} : ev.content;
  for (auto& each : rules_) {
    const bool type_matches
      = each.any_type
          ? !ev.is_enter()
          : each.type == statem::timer_key<scripted>{ev.type, ev.name};
    if (each.uses_left > 0 && type_matches
        && (each.state == any_state || each.state == state)
        && (each.content == any_content || each.content == content))
      return &each;
  }
  return nullptr;
}

statem_modules::transition
statem_modules::carry_out(const transition_line& rule, const event& ev,
                          int& data) {
  switch (rule.what) {
    case transition_line::kind::error:
      throw std::runtime_error{rule.reason};
    case transition_line::kind::exit:
      throw statem::exit{statem::exit_reason::parse(rule.reason)};
    default:
      break;
  }
  if (rule.thrown)
    throw result(rule, ev, data);
  return result(rule, ev, data);
}

statem_modules::transition statem_modules::result(const transition_line& rule,
                                                  const event& ev, int& data) {
  using kind = transition_line::kind;
  const auto reason = statem::exit_reason::parse(rule.reason);
  if (rule.new_data)
    ++data;
  transition to;
  switch (rule.what) {
    case kind::next_state:
      to = module::next_state(rule.target);
      break;
    case kind::keep_state:
      to = module::keep_state();
      break;
    case kind::repeat_state:
      to = module::repeat_state();
      break;
    case kind::stop:
      return module::stop(reason);
    case kind::stop_and_reply:
      to = module::stop_and_reply(reason);
      break;
    default:
      return {}; // a bad return
  }
  add_actions(to, rule.actions, ev);
  return to;
}

void statem_modules::add_actions(transition& to,
                                 const std::vector<action_line>& actions,
                                 const event& ev) {
  struct visitor {
    statem_modules& scene;
    const event& ev;
    transition& to;

    void add(statem::action<scripted> act) {
      to << std::move(act);
    }

    void operator()(const reply_line& x) {
      if (!x.id.empty()) {
        const auto i = scene.handled_.find(x.id);
        if (i != scene.handled_.end())
          add(module::reply(i->second, x.text));
      } else if (ev.from) {
        add(module::reply(ev.from, x.text));
      }
    }
    void operator()(const insert_line& x) {
      event inserted;
      inserted.type = x.type.type;
      inserted.name = x.type.name;
      inserted.content = x.content;
      if (x.type.type == event_type::call) {
        if (!ev.from)
          return;
        inserted.from = ev.from;
      }
      add(module::next_event(std::move(inserted)));
    }
    void operator()(const timeout_line& x) {
      auto act = x.act;
      if (act.op == statem::timeout_action<scripted>::operation::absolute)
        act.at = ev.now + act.after;
      add(std::move(act));
    }
    void operator()(const module_line& x) {
      auto& target = x.target == 'a' ? *scene.a_ : *scene.b_;
      add(statem::module_action<scripted>{x.op, &target});
    }
    void operator()(const invalid_line&) {
      add({});
    }
    void operator()(const statem::postpone_action& x) {
      add(x);
    }
    void operator()(const statem::hibernate_action& x) {
      add(x);
    }
  };
  for (const auto& each : actions)
    std::visit(visitor{*this, ev, to}, each);
}

} // namespace switchgear::conformance
