#pragma once

#include <opentelemetry/sdk/logs/recordable.h>

#include "origin.hpp"
#include "switchgear/telemetry/event.hpp"

namespace switchgear::telemetry::otel {

/// Writes an event into a record, whatever exporter that is of. Some keep no
/// copy of the body, so it has to live until they have exported the record.
void write(const event& what, const std::string& body, const origin& from,
           opentelemetry::sdk::logs::Recordable& to);

} // namespace switchgear::telemetry::otel
