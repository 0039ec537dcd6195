#include "switchgear/actor/telemetry.hpp"

#include <memory>
#include <utility>
#include <vector>

#include <caf/actor_addr.hpp>
#include <caf/actor_cast.hpp>
#include <caf/scoped_actor.hpp>
#include <caf/sec.hpp>

#include "switchgear/actor/caf.hpp"
#include "switchgear/actor/type_ids.hpp"

namespace switchgear::telemetry {

namespace {

class actor_sink final : public sink {
public:
  actor_sink(caf::actor_system& sys, const caf::actor_addr& who,
             duration patience)
    : system_(sys),
      who_(who),
      patience_(patience) {
    // nop
  }

  delivery deliver(std::span<const event> batch) override {
    // A sink must not keep its listener from ending.
    const auto who = caf::actor_cast<caf::actor>(who_);
    if (!who)
      return delivery::no("the actor has ended");
    auto result = delivery::done();
    caf::scoped_actor self{system_, true};
    actor::ask(self, who, patience_,
               std::vector<event>{batch.begin(), batch.end()})
      .receive([] {},
               [&](const caf::error& why) {
                 const bool gone = why == caf::sec::request_receiver_down;
                 auto text = to_string(why);
                 result = gone ? delivery::no(std::move(text))
                               : delivery::later(std::move(text));
               });
    return result;
  }

private:
  caf::actor_system& system_;
  caf::actor_addr who_;
  duration patience_;
};

} // namespace

sink_factory make_actor_sink(caf::actor_system& sys, caf::actor who,
                             duration patience) {
  return [&sys, who = who.address(), patience] {
    return std::make_unique<actor_sink>(sys, who, patience);
  };
}

} // namespace switchgear::telemetry
