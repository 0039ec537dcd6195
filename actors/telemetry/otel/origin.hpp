#pragma once

#include <opentelemetry/sdk/instrumentationscope/instrumentation_scope.h>
#include <opentelemetry/sdk/resource/resource.h>

#include "switchgear/telemetry/otlp.hpp"

namespace switchgear::telemetry::otel {

/// Says what telemetry is of and who gathered it.
struct origin {
  explicit origin(const otlp_options& options);

  opentelemetry::sdk::resource::Resource resource;
  opentelemetry::nostd::unique_ptr<
    opentelemetry::sdk::instrumentationscope::InstrumentationScope>
    scope;
};

/// A text as the SDK takes it.
inline opentelemetry::nostd::string_view view(std::string_view text) {
  return {text.data(), text.size()};
}

} // namespace switchgear::telemetry::otel
