#include "origin.hpp"

#include <opentelemetry/sdk/resource/resource_detector.h>

namespace switchgear::telemetry::otel {

namespace {

namespace sdk = opentelemetry::sdk;

/// The SDK's own way to a resource reads the environment, once for all and
/// without decoding it. What counts here is in the options already.
class detector : public sdk::resource::ResourceDetector {
public:
  explicit detector(sdk::resource::ResourceAttributes attributes)
    : attributes_(std::move(attributes)) {
    // nop
  }

  sdk::resource::Resource Detect() override {
    return Create(attributes_);
  }

private:
  sdk::resource::ResourceAttributes attributes_;
};

sdk::resource::Resource make_resource(const otlp_options& options) {
  sdk::resource::ResourceAttributes attributes;
  attributes.SetAttribute("service.name", "unknown_service");
  for (const auto& [name, value] : options.resource_attributes)
    attributes.SetAttribute(name, value);
  attributes.SetAttribute("switchgear.version", SWITCHGEAR_VERSION);
  if (!options.service_name.empty())
    attributes.SetAttribute("service.name", options.service_name);
  return sdk::resource::Resource::GetDefault().Merge(
    detector{std::move(attributes)}.Detect());
}

} // namespace

origin::origin(const otlp_options& options)
  : resource(make_resource(options)),
    scope(sdk::instrumentationscope::InstrumentationScope::Create(
      "switchgear", SWITCHGEAR_VERSION)) {
  // nop
}

} // namespace switchgear::telemetry::otel
