#include "breaker_driver.hpp"

#include <algorithm>
#include <utility>

#include "switchgear/actor/errors.hpp"

namespace switchgear::actor {

namespace {

// Callers on threads and callers with a response promise must not be mistaken
// for each other.
constexpr std::uint64_t first_on_threads = std::uint64_t{1} << 63;

} // namespace

breaker_driver::breaker_driver(light_actor* self, actor_cell& what,
                               breaker_listeners& listeners)
  : super(self, what.machine()),
    cell_(what),
    listeners_(listeners),
    last_waiting_(first_on_threads) {
  // nop
}

breaker_driver::~breaker_driver() {
  for (auto& each : waiting_->undecided)
    each.what->reached();
  for (auto& each : waiting_->judged)
    each->reached();
}

void breaker_driver::step() {
  drain();
  settle();
}

void breaker_driver::step(breaker_types::message input) {
  drain();
  cast(std::move(input));
  settle();
}

void breaker_driver::step(breaker_types::message input,
                          caf::response_promise promise) {
  drain();
  call(std::move(input), std::move(promise));
  settle();
}

void breaker_driver::drain() {
  cell_.drain(
    now(),
    [this](breaker_types::message&& content,
           std::shared_ptr<judgement>&& awaited) {
      const statem::caller who{++last_waiting_};
      waiting_.edit().undecided.push_back({who, std::move(awaited)});
      machine().call(who, std::move(content), now());
    },
    [this](breaker_types::message&& content) { cast(std::move(content)); },
    [this](std::shared_ptr<judgement>&& awaited) {
      waiting_.edit().judged.push_back(std::move(awaited));
    });
}

void breaker_driver::settle() {
  cell_.publish(now());
  if (waiting_) {
    for (auto& each : std::exchange(waiting_.edit().judged, {}))
      each->reached();
    for (auto& each : std::exchange(waiting_.edit().letters, {})) {
      if (auto* given = std::get_if<permit>(&each.content))
        each.to.deliver(*given);
      else if (auto* refused = std::get_if<failure>(&each.content))
        each.to.deliver(actor::to_error(*refused));
      else
        each.to.deliver();
    }
  }
  listeners_.flush(self());
}

void breaker_driver::deliver(caf::response_promise& to,
                             breaker_types::reply value) {
  waiting_.edit().letters.push_back({std::move(to), std::move(value)});
}

void breaker_driver::reply_elsewhere(statem::caller to, breaker_types::reply) {
  auto& [undecided, judged, letters] = waiting_.edit();
  auto i = std::find_if(undecided.begin(), undecided.end(),
                        [to](const waiting& w) { return w.who == to; });
  if (i != undecided.end()) {
    judged.push_back(std::move(i->what));
    undecided.erase(i);
  }
}

void breaker_driver::due(statem::timer_ref ref) {
  drain(); // what was reported before comes before
  super::due(ref);
  settle();
}

void breaker_driver::ended(const statem::exit_reason& why) {
  if (waiting_)
    for (auto& each : std::exchange(waiting_.edit().undecided, {}))
      waiting_.edit().judged.push_back(std::move(each.what));
  super::ended(why);
}

} // namespace switchgear::actor
