#pragma once

#include <chrono>

#include <caf/actor.hpp>
#include <caf/actor_system.hpp>

#include "switchgear/telemetry/sink.hpp"
#include "switchgear/time.hpp"

namespace switchgear::telemetry {

/// Sends each batch to an actor, as a request `(std::vector<event>)`, which it
/// answers when it is ready for the next one: however slow it is, its mailbox
/// holds one batch. An error, or no answer within `patience`, means that the
/// batch is sent again later. Once the actor has ended, batches fail.
///
/// For events without a limit of any kind see `subscribe` of `breaker_actor`.
/// @param sys must outlive the sink
sink_factory make_actor_sink(caf::actor_system& sys, caf::actor who,
                             duration patience = std::chrono::seconds{10});

} // namespace switchgear::telemetry
