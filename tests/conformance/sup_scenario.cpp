#include "conformance/sup_session.hpp"

namespace switchgear::conformance {

namespace {

class player {
public:
  explicit player(const sup_script& script, driver how)
    : script_(script),
      session_(how == driver::actor ? start_sup_actor(script, trace_)
                                    : start_virtual_sup(script, trace_)) {
    // nop
  }

  lines play() {
    const auto failure = session_->start();
    trace_.push_back("sup start "
                     + (failure ? "error " + failure->to_string() : "ok"));
    for (const auto& step : script_.steps)
      carry_out(step);
    session_->stop();
    return std::move(trace_);
  }

private:
  void carry_out(const sup_step& step) {
    using kind = sup_step::kind;
    switch (step.what) {
      case kind::exit:
      case kind::crash:
      case kind::kill:
        session_->end_child(step);
        break;
      case kind::wait:
        session_->wait(step.time);
        now_ += step.time;
        trace_.push_back('@' + std::to_string(now_.count()));
        break;
      case kind::which:
        trace_.push_back(which());
        break;
      case kind::count:
        trace_.push_back(count());
        break;
      default:
        answer(step);
        break;
    }
  }

  void answer(const sup_step& step) {
    const auto text = session_->request(step); // writes lines of its own first
    trace_.push_back(step.word + ' ' + step.id + " -> " + text);
  }

  std::string which() {
    std::string result;
    for (const auto& child : session_->which())
      result.append(result.empty() ? "" : " ").append(child);
    return "which " + result;
  }

  std::string count() {
    const auto x = session_->count();
    return "count specs=" + std::to_string(x.specs)
           + " active=" + std::to_string(x.active)
           + " supervisors=" + std::to_string(x.supervisors)
           + " workers=" + std::to_string(x.workers);
  }

  const sup_script& script_;
  lines trace_;
  std::unique_ptr<sup_session> session_;
  std::chrono::milliseconds now_{0};
};

} // namespace

lines run_sup(const lines& scenario, driver how) {
  const auto script = parse_sup(scenario);
  return player{script, how}.play();
}

} // namespace switchgear::conformance
