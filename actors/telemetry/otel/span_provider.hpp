#pragma once

#include "switchgear/telemetry/otlp.hpp"

namespace switchgear::telemetry::otel {

/// Sets a tracer provider for the process that exports as `options` say, unless
/// the program has set one of its own, or nothing is to be exported.
void provide_spans(const otlp_options& options);

/// Flushes the provider that was set, if one was.
bool flush_provided_spans(duration limit);

} // namespace switchgear::telemetry::otel
