#include "conformance/breaker_model.hpp"

#include <deque>
#include <map>
#include <utility>

namespace switchgear::conformance {

namespace {

using std::to_string;

struct model {
  explicit model(const config& settings) : cfg(settings) {
    // nop
  }

  const config& cfg;
  std::string state = "closed";
  unsigned long cf = 0, cs = 0, ok = 0, fail = 0, rejected = 0, trips = 0;
  unsigned long recoveries = 0, inflight = 0, epoch = 1;
  bool down = false; // tripped, and not closed since
  std::deque<char> window;
  std::chrono::milliseconds now{}, reopens{};
  std::map<std::string, unsigned long> begun; // the epochs of calls
  std::string told = "breaker_initialized";

  unsigned long total() const {
    return ok + fail + (cfg.rejected_in_total ? rejected : 0);
  }

  void tell(const std::string& event) {
    told += (told.empty() ? "" : " ") + event;
  }

  void enter(const std::string& next) {
    ++epoch;
    inflight = 0;
    if (next != state)
      tell("state_transition:" + state + '>' + next);
    state = next;
    if (next == "open") {
      ++trips;
      cs = 0;
      down = true;
      reopens = now
                + std::chrono::duration_cast<std::chrono::milliseconds>(
                  cfg.open_timeout);
    } else {
      cf = cs = 0;
    }
    if (next == "closed") {
      down = false;
      window.clear();
    }
  }

  bool acquire() {
    const bool given
      = state == "closed"
        || (state == "half_open" && inflight < cfg.half_open_max_calls);
    if (given) {
      inflight += state == "half_open";
    } else {
      ++rejected;
      tell("call_rejected");
    }
    return given;
  }

  void report(unsigned long of, bool good) {
    ++(good ? ok : fail);
    tell(good ? "call_succeeded" : "call_failed");
    if (of != epoch)
      return;
    cf = good ? 0 : cf + 1;
    cs = good ? cs + 1 : 0;
    if (state == "half_open") {
      --inflight;
      if (!good) {
        enter("open");
      } else if (cs >= cfg.success_threshold) {
        recoveries += down;
        enter("closed");
      }
      return;
    }
    window.push_back(good ? 'S' : 'F');
    if (window.size() > cfg.window_size)
      window.pop_front();
    if (good)
      return;
    double failed = 0;
    for (auto each : window)
      failed += each == 'F';
    if (cf >= cfg.failure_threshold
        || (window.size() == cfg.window_size
            && failed / cfg.window_size >= cfg.failure_rate_threshold))
      enter("open");
  }

  std::string make(const breaker_step& next) {
    using kind = breaker_step::kind;
    static const std::string refused = "error:circuit_breaker_open";
    switch (next.what) {
      case kind::call:
        if (!acquire())
          return refused;
        report(epoch, next.error.empty());
        return next.error.empty() ? "ok" : "error:" + next.error;
      case kind::begin:
        if (!acquire())
          return refused;
        begun[next.id] = epoch;
        return "ok";
      case kind::end:
        report(begun.at(next.id), next.error.empty());
        begun.erase(next.id);
        return "ok";
      case kind::wait:
        now += next.time;
        if (state == "open" && now >= reopens)
          enter("half_open");
        return "-";
      case kind::get_state:
        return state;
      case kind::stats:
        return "state=" + state + ",total_calls=" + to_string(total())
               + ",total_successes=" + to_string(ok) + ",total_failures="
               + to_string(fail) + ",total_rejected=" + to_string(rejected)
               + ",trip_count=" + to_string(trips) + ",success_permille="
               + to_string(total() ? ok * 1000 / total() : 0)
               + ",failure_permille="
               + to_string(total() ? fail * 1000 / total() : 0)
               + ",recoveries=" + to_string(recoveries)
               + ",last_failure=" + (fail > 0 ? "true" : "false");
      case kind::reset:
        enter("closed");
        break;
      case kind::force_open:
        if (state != "open")
          enter("open");
        break;
    }
    return "ok";
  }

  std::string line(const std::string& event, const std::string& result) {
    const auto events = std::exchange(told, {});
    return event + " -> " + result + " | state=" + state
           + " cf=" + to_string(cf) + " cs=" + to_string(cs)
           + " calls=" + to_string(total()) + " ok=" + to_string(ok)
           + " fail=" + to_string(fail) + " rej=" + to_string(rejected)
           + " trips=" + to_string(trips) + " win="
           + (window.empty() ? "-" : std::string{window.begin(), window.end()})
           + " inflight=" + to_string(inflight)
           + " timer=" + (state == "open" ? "1" : "0") + " | "
           + (events.empty() ? "-" : events);
  }
};

} // namespace

lines model_breaker(const breaker_script& script) {
  model m{script.cfg};
  lines trace{m.line("start", "ok")};
  for (const auto& each : script.steps) {
    const auto result = m.make(each);
    trace.push_back(m.line(each.text, result));
  }
  trace.push_back("stop -> ok | dead | breaker_terminated");
  return trace;
}

} // namespace switchgear::conformance
