#pragma once

#include <functional>
#include <memory>

#include <caf/actor.hpp>
#include <caf/fwd.hpp>

#include "sink_line.hpp"

namespace switchgear::telemetry {

/// Spawns the actor that serves a sink: it starts what is to be done on the
/// sink's thread, waits, and starts again. It ends with an error when the sink
/// throws, and a supervisor starts another one.
/// @param now_and_then called within it, every ten seconds or so
caf::actor spawn_sink(caf::actor_system& sys, std::shared_ptr<sink_line> what,
                      std::function<void()> now_and_then);

} // namespace switchgear::telemetry
