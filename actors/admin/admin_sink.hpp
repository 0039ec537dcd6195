#pragma once

#include <memory>

#include "desk.hpp"
#include "switchgear/telemetry/sink.hpp"

namespace switchgear::admin {

/// Brings what breakers tell to the desk: all but successes.
telemetry::sink_factory make_admin_sink(std::shared_ptr<desk> where);

} // namespace switchgear::admin
