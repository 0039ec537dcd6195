#pragma once

#include <future>
#include <memory>

#include <caf/allowed_unsafe_message_type.hpp>

#include "switchgear/actor/type_ids.hpp"
#include "switchgear/breaker/config.hpp"
#include "switchgear/breaker/statistics.hpp"

namespace switchgear::actor {

/// What a breaker's actor knows.
struct breaker_report {
  statistics stats;
  config settings;
};

/// A thread's question to a breaker's actor. If it gets lost, because the actor
/// ends, the promise is broken, and the thread knows.
struct inquiry {
  std::shared_ptr<std::promise<breaker_report>> answer;
};

} // namespace switchgear::actor

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(switchgear::actor::inquiry)
