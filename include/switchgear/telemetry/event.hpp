#pragma once

#include <string>

#include "switchgear/breaker/events.hpp"

namespace switchgear::telemetry {

/// An event together with the breaker that it is of.
struct event : breaker_event {
  std::string breaker;
};

} // namespace switchgear::telemetry
