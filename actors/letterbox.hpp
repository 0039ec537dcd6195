#pragma once

#include <mutex>
#include <utility>

#include <caf/actor.hpp>
#include <caf/actor_addr.hpp>
#include <caf/actor_cast.hpp>

#include "switchgear/actor/caf.hpp"
#include "switchgear/actor/courier.hpp"

namespace switchgear::actor {

/// Where threads leave results for an actor. One that comes after the actor's
/// end is dropped: the actor system may be gone as well. Thread-safe.
class letterbox {
public:
  explicit letterbox(caf::actor_addr owner) : owner_(std::move(owner)) {
    // nop
  }

  void put(call_done content) {
    std::lock_guard guard{mutex_};
    if (auto to = caf::actor_cast<caf::actor>(owner_))
      tell(to, std::move(content));
  }

  void close() {
    std::lock_guard guard{mutex_};
    owner_ = nullptr;
  }

private:
  std::mutex mutex_;
  caf::actor_addr owner_;
};

} // namespace switchgear::actor
