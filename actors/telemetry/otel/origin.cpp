#include "origin.hpp"

namespace switchgear::telemetry::otel {

namespace {

namespace sdk = opentelemetry::sdk;

sdk::resource::Resource make_resource(const otlp_options& options) {
  sdk::resource::ResourceAttributes attributes;
  for (const auto& [name, value] : options.resource_attributes)
    attributes.SetAttribute(name, value);
  attributes.SetAttribute("switchgear.version", SWITCHGEAR_VERSION);
  if (!options.service_name.empty())
    attributes.SetAttribute("service.name", options.service_name);
  return sdk::resource::Resource::Create(attributes);
}

} // namespace

origin::origin(const otlp_options& options)
  : resource(make_resource(options)),
    scope(sdk::instrumentationscope::InstrumentationScope::Create(
      "switchgear", SWITCHGEAR_VERSION)) {
  // nop
}

} // namespace switchgear::telemetry::otel
