#pragma once

#include <atomic>
#include <memory>
#include <string>
#include <vector>

#include <caf/behavior.hpp>
#include <caf/event_based_actor.hpp>
#include <caf/response_promise.hpp>
#include <caf/sec.hpp>

#include "support/breakers.hpp"
#include "support/request.hpp"
#include "switchgear/actor.hpp"

namespace switchgear::test {

/// What an actor behind a guard has got.
struct arrivals {
  std::atomic<int> requests{0};
  std::atomic<int> texts{0};
  std::atomic<bool> urgent{false};
  caf::strong_actor_ptr last_sender; // of a text
};

/// Answers the current request with `n` after a while.
inline void deliver_later(caf::event_based_actor* self, duration after, int n) {
  // Shared, for the compiler mistrusts copies of it.
  auto to
    = std::make_shared<caf::response_promise>(self->make_response_promise());
  self->run_delayed(after, [to, n] { to->deliver(n); });
}

/// Answers numbers with themselves, after a while.
inline caf::behavior late_echo(caf::event_based_actor* self, duration after) {
  return {[=](int n) {
    deliver_later(self, after, n);
    return caf::delegated<int>{};
  }};
}

/// Doubles numbers. Refuses negative ones; zero has no response, ever. Takes
/// texts without a word.
inline caf::behavior doubler(caf::event_based_actor* self, arrivals* so_far) {
  const auto urgent
    = [self] { return self->current_mailbox_element()->is_high_priority(); };
  // Kept, for one that is given up is answered.
  auto unanswered = std::make_shared<std::vector<caf::response_promise>>();
  return {
    [=](int n) -> caf::result<int> {
      so_far->urgent = urgent();
      ++so_far->requests;
      if (n == 0) {
        unanswered->push_back(self->make_response_promise());
        return caf::delegated<int>{};
      }
      if (n < 0)
        return caf::make_error(caf::sec::runtime_error, "negative");
      return 2 * n;
    },
    [=](const std::string&) {
      so_far->urgent = urgent();
      so_far->last_sender = self->current_sender();
      ++so_far->texts;
    },
  };
}

} // namespace switchgear::test
