#include "sink_actor.hpp"

#include <chrono>
#include <utility>

#include <caf/event_based_actor.hpp>

#include "../log.hpp"
#include "switchgear/actor/caf.hpp"
#include "switchgear/actor/type_ids.hpp"

namespace switchgear::telemetry {

namespace {

using namespace std::chrono_literals;

constexpr auto look_around = 10s;

class sink_actor final : public caf::event_based_actor {
public:
  sink_actor(caf::actor_config& cfg, std::shared_ptr<sink_line> what,
             std::function<void()> now_and_then)
    : caf::event_based_actor(cfg),
      line_(std::move(what)),
      now_and_then_(std::move(now_and_then)) {
    // nop
  }

  const char* name() const override {
    return "switchgear.sink";
  }

  caf::behavior make_behavior() override {
    tick();
    go();
    return {
      [this](actor::drain) { go(); },
    };
  }

  void on_exit() override {
    line_->end_service(caf::actor{this});
  }

private:
  void go() {
    auto next = line_->proceed(switchgear::clock::now());
    if (next.what == sink_line::step::kind::fault) {
      log::warn("telemetry: sink " + line_->name()
                + " threw and is made anew: " + next.why);
      quit(caf::make_error(actor::exit_code::error, next.why));
    } else if (next.what == sink_line::step::kind::wait
               && next.until != wakes_at_) {
      wakes_at_ = next.until;
      run_delayed(next.until - switchgear::clock::now(),
                  [this, at = next.until] {
                    if (wakes_at_ == at)
                      wakes_at_ = time_point::min();
                    go();
                  });
    }
  }

  void tick() {
    run_delayed(look_around, [this] {
      now_and_then_();
      tick();
    });
  }

  std::shared_ptr<sink_line> line_;
  std::function<void()> now_and_then_;
  time_point wakes_at_ = time_point::min();
};

} // namespace

caf::actor spawn_sink(caf::actor_system& sys, std::shared_ptr<sink_line> what,
                      std::function<void()> now_and_then) {
  caf::actor result = sys.spawn<sink_actor>(what, std::move(now_and_then));
  what->begin_service(result);
  actor::tell(result, actor::drain_v); // it may have looked before
  return result;
}

} // namespace switchgear::telemetry
