#include <map>

#include "conformance/breaker_script.hpp"
#include "conformance/breaker_session.hpp"

namespace switchgear::conformance {

namespace {

std::string number(std::uint64_t value) {
  return std::to_string(value);
}

std::string permille(std::uint64_t part, std::uint64_t whole) {
  return number(whole == 0 ? 0 : part * 1000 / whole);
}

// `state=closed,total_calls=0,...`
std::string full_stats(const statistics& s) {
  return "state=" + std::string{to_string(s.state)}
         + ",total_calls=" + number(s.total_calls)
         + ",total_successes=" + number(s.total_successes)
         + ",total_failures=" + number(s.total_failures) + ",total_rejected="
         + number(s.total_rejected) + ",trip_count=" + number(s.trip_count)
         + ",success_permille=" + permille(s.total_successes, s.total_calls)
         + ",failure_permille=" + permille(s.total_failures, s.total_calls)
         + ",recoveries=" + number(s.recoveries)
         + ",last_failure=" + (s.last_failure_time ? "true" : "false");
}

// `state=closed cf=0 cs=0 ...`
std::string short_stats(const statistics& s, std::size_t timers) {
  return "state=" + std::string{to_string(s.state)}
         + " cf=" + number(s.consecutive_failures) + " cs="
         + number(s.consecutive_successes) + " calls=" + number(s.total_calls)
         + " ok=" + number(s.total_successes)
         + " fail=" + number(s.total_failures)
         + " rej=" + number(s.total_rejected) + " trips=" + number(s.trip_count)
         + " win=" + (s.window.empty() ? "-" : s.window)
         + " inflight=" + number(s.probes_out) + " timer=" + number(timers);
}

// What the recorded machine tells of, too; empty for the rest.
std::string label(const breaker_event& event) {
  switch (event.kind) {
    case event_kind::breaker_initialized:
    case event_kind::call_succeeded:
    case event_kind::call_failed:
    case event_kind::call_rejected:
    case event_kind::breaker_terminated:
      break;
    case event_kind::state_transition:
      return "state_transition:" + std::string{to_string(event.from)} + '>'
             + std::string{to_string(event.to)};
    default:
      return {};
  }
  const auto name = to_string(event.kind);
  return std::string{name.substr(name.find('.') + 1)};
}

class player {
public:
  explicit player(std::unique_ptr<breaker_session> breaker)
    : breaker_(std::move(breaker)) {
    // nop
  }

  lines play(const breaker_script& script) {
    say("start", "ok", snapshot());
    for (const auto& each : script.steps) {
      const auto result = carry_out(each);
      say(each.text, result, snapshot());
    }
    breaker_->stop();
    say("stop", "ok", "dead");
    return std::move(trace_);
  }

private:
  using kind = breaker_step::kind;

  std::string carry_out(const breaker_step& next) {
    switch (next.what) {
      case kind::call:
        return call(next);
      case kind::begin:
        return begin(next);
      case kind::end:
        return end(next);
      case kind::wait:
        breaker_->wait(next.time);
        return "-";
      case kind::get_state:
        return std::string{to_string(breaker_->get_state())};
      case kind::stats:
        return full_stats(breaker_->stats());
      case kind::reset:
        breaker_->reset();
        break;
      case kind::force_open:
        breaker_->force_open();
        break;
    }
    return "ok";
  }

  std::string call(const breaker_step& next) {
    const auto given = breaker_->acquire();
    if (!given)
      return rejected;
    breaker_->report(*given, next.error);
    return next.error.empty() ? "ok" : "error:" + next.error;
  }

  std::string begin(const breaker_step& next) {
    if (out_.contains(next.id))
      fail(next, "is out already");
    const auto given = breaker_->acquire();
    if (!given)
      return rejected;
    out_.emplace(next.id, *given);
    return "ok";
  }

  std::string end(const breaker_step& next) {
    const auto i = out_.find(next.id);
    if (i == out_.end())
      fail(next, "is not out");
    breaker_->report(i->second, next.error);
    out_.erase(i);
    return "ok";
  }

  [[noreturn]] void fail(const breaker_step& where, const char* what) const {
    std::string text = "line " + std::to_string(where.line) + ": id '"
                       + where.id + "' " + what + "; out are:";
    for (const auto& [id, given] : out_)
      text += ' ' + id;
    throw bad_scenario{out_.empty() ? text + " none" : text};
  }

  std::string snapshot() {
    return short_stats(breaker_->stats(), breaker_->timers());
  }

  void say(const std::string& event, const std::string& result,
           const std::string& after) {
    std::string telemetry;
    for (const auto& each : breaker_->take_events())
      if (const auto text = label(each); !text.empty())
        telemetry.append(telemetry.empty() ? "" : " ").append(text);
    trace_.push_back(event + " -> " + result + " | " + after + " | "
                     + (telemetry.empty() ? "-" : telemetry));
  }

  // The recorded machine knows one kind of rejection only.
  static constexpr auto rejected = "error:circuit_breaker_open";

  std::unique_ptr<breaker_session> breaker_;
  std::map<std::string, permit> out_;
  lines trace_;
};

} // namespace

lines run_breaker(const lines& scenario, driver how) {
  auto script = parse_breaker(scenario);
  // The recorded machine waits for a probe for ever.
  script.cfg.probe_lease = longest_open;
  const auto start = [&] {
    switch (how) {
      case driver::actor:
        return start_breaker_actor(script.cfg);
      case driver::lane:
        return start_breaker_lane(script.cfg);
      default:
        return start_virtual_breaker(script.cfg);
    }
  };
  return player{start()}.play(script);
}

} // namespace switchgear::conformance
