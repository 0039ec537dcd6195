#pragma once

#include <memory>

#include <opentelemetry/sdk/trace/exporter.h>

#include "switchgear/telemetry/otlp.hpp"

namespace switchgear::telemetry::otel {

/// Brings spans to a collector, one batch at a time.
std::unique_ptr<opentelemetry::sdk::trace::SpanExporter>
make_span_exporter(const otlp_target& target);

} // namespace switchgear::telemetry::otel
