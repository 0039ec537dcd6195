#pragma once

#include <opentelemetry/sdk/logs/recordable.h>

#include "origin.hpp"
#include "switchgear/telemetry/event.hpp"

namespace switchgear::telemetry::otel {

/// Writes an event into a record, whatever exporter that is of.
void write(const event& what, const origin& from,
           opentelemetry::sdk::logs::Recordable& to);

} // namespace switchgear::telemetry::otel
