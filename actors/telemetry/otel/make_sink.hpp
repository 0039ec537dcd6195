#pragma once

#include <stdexcept>

#include "sdk_log.hpp"
#include "switchgear/telemetry/otlp.hpp"

namespace switchgear::telemetry::otel {

/// For who asks for a sink although nothing is to be exported.
class idle_sink : public sink {
public:
  delivery deliver(std::span<const event>) override {
    return delivery::done();
  }
};

template <class Otlp, class Console>
sink_factory make_sink(otlp_options options, otlp_signal signal) {
  return [options = std::move(options), signal]() -> std::unique_ptr<sink> {
    if (const auto wrong = validate(options); !wrong.empty())
      throw std::invalid_argument{explain(wrong)};
    adopt_sdk_log();
    switch (target_of(options, signal).exporter) {
      case otlp_exporter::otlp:
        return std::make_unique<Otlp>(options);
      case otlp_exporter::console:
        return std::make_unique<Console>(options);
      case otlp_exporter::none:
        break;
    }
    return std::make_unique<idle_sink>();
  };
}

} // namespace switchgear::telemetry::otel
