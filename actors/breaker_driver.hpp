#pragma once

#include <memory>
#include <vector>

#include "breaker_listeners.hpp"
#include "switchgear/actor/breaker_actor.hpp"
#include "switchgear/actor/statem_driver.hpp"
#include "switchgear/detail/on_demand.hpp"

namespace switchgear::actor {

/// Drives a breaker's machine inside its actor.
///
/// What callers wait for leaves only after the cell has been published: who
/// has an answer must see the state that goes with it.
class breaker_driver final : public statem_driver<breaker_types, light_actor> {
public:
  using super = statem_driver<breaker_types, light_actor>;

  /// @param what,listeners must outlive it
  breaker_driver(light_actor* self, actor_cell& what,
                 breaker_listeners& listeners);

  /// Lets go of those who wait: their results are counted, and that is all
  /// that can be said.
  ~breaker_driver() override;

  /// Works off what callers have left in the cell, then `input` if there is
  /// one, and lets the world see what came of it.
  void step();
  void step(breaker_types::message input);
  void step(breaker_types::message input, caf::response_promise promise);

private:
  void drain();
  void settle();

  void deliver(caf::response_promise& to, breaker_types::reply value) override;
  void reply_elsewhere(statem::caller to, breaker_types::reply) override;
  void due(statem::timer_ref ref) override;
  void ended(const statem::exit_reason& why) override;

  struct waiting {
    statem::caller who;
    std::shared_ptr<judgement> what;
  };

  struct letter {
    caf::response_promise to;
    breaker_types::reply content;
  };

  /// Those who are to hear how something was judged; empty as a rule.
  struct waiting_room {
    std::vector<waiting> undecided;
    std::vector<std::shared_ptr<judgement>> judged;
    std::vector<letter> letters;
  };

  actor_cell& cell_;
  breaker_listeners& listeners_;
  std::uint64_t last_waiting_;
  switchgear::detail::on_demand<waiting_room> waiting_;
};

} // namespace switchgear::actor
