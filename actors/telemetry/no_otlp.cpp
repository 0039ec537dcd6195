#include <stdexcept>

#include "switchgear/telemetry/otlp.hpp"
#include "switchgear/telemetry/tracing.hpp"

// Stands in for the sinks where the library is built without OpenTelemetry.
namespace switchgear::telemetry {

namespace {

sink_factory refusal() {
  return []() -> std::unique_ptr<sink> {
    throw std::runtime_error{"this library was built without OpenTelemetry"};
  };
}

} // namespace

bool otlp_available() noexcept {
  return false;
}

sink_factory make_otlp_log_sink(otlp_options) {
  return refusal();
}

sink_factory make_otlp_metric_sink(otlp_options) {
  return refusal();
}

bool trace_calls(const tracing_options&) {
  return false;
}

bool trace_calls(const tracing_options&, const otlp_options&) {
  return false;
}

bool flush_spans(duration) {
  return true;
}

} // namespace switchgear::telemetry
