#include "conformance/statem_session.hpp"

namespace switchgear::conformance {

namespace {

class virtual_session : public statem_session {
public:
  virtual_session(const statem_script& script, lines& trace)
    : trace_(trace),
      modules_(script,
               [this](std::string line) { trace_.push_back(std::move(line)); }),
      calls_(trace),
      driver_(modules_.a(), script.init.state, 0) {
    driver_.on_reply([this](statem::caller to, const std::string& text) {
      calls_.replied(modules_.id_of(to), text);
    });
    driver_.on_exit([this](const statem::exit_reason& why) {
      trace_.push_back("down " + why.to_string());
      fail_calls(why.to_string());
    });
    trace_.push_back("start ok");
    trace_.push_back("init");
    driver_.start(modules_.init(driver_.now()));
    driver_.run(); // what is due at the start comes before all that is sent
  }

  void send(const step& next) override {
    using kind = step::kind;
    switch (next.what) {
      case kind::cast:
        driver_.cast(next.content);
        break;
      case kind::info:
        driver_.info(next.content);
        break;
      case kind::call:
        if (known_dead_) {
          calls_.failed(next.id, "noproc");
        } else if (driver_.machine().terminated()) {
          calls_.sent(next.id);
        } else {
          modules_.add_caller(next.id);
          calls_.sent(next.id);
          driver_.call(next.content);
        }
        break;
      case kind::system:
        if (known_dead_)
          say(next, "noproc");
        else
          driver_.system([this, next](auto& machine, time_point now) {
            handle(machine, now, next);
          });
        break;
      case kind::wait:
        break;
    }
  }

  void wait(std::chrono::milliseconds time) override {
    if (driver_.machine().terminated())
      fail_calls("noproc"); // it was dead before they came
    driver_.advance(time);
    known_dead_ = driver_.machine().terminated();
  }

  std::optional<std::string> state() override {
    wait(std::chrono::milliseconds{0});
    if (driver_.machine().terminated())
      return std::nullopt;
    return state_and_data(driver_.machine());
  }

  std::vector<std::string> unanswered() const override {
    return calls_.pending();
  }

private:
  void handle(statem::engine<scripted>& machine, time_point now,
              const step& request) {
    if (machine.terminated()) {
      say(request, "noproc");
      return;
    }
    say(request, answer(modules_, machine, request));
    follow_up(machine, now, request);
  }

  void fail_calls(const std::string& why) {
    for (const auto& id : std::vector{calls_.pending()})
      calls_.failed(id, why);
  }

  void say(const step& request, const std::string& text) {
    trace_.push_back("sys " + request.id + ' ' + text);
  }

  lines& trace_;
  statem_modules modules_;
  call_ledger calls_;
  statem::virtual_driver<scripted> driver_;
  bool known_dead_ = false; // that is seen only when the sender waits
};

} // namespace

std::unique_ptr<statem_session> start_virtual(const statem_script& script,
                                              lines& trace) {
  return std::make_unique<virtual_session>(script, trace);
}

} // namespace switchgear::conformance
