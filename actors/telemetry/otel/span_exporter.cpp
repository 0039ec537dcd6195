#include "span_exporter.hpp"

#include <chrono>
#include <utility>

#include <opentelemetry/proto/collector/trace/v1/trace_service.pb.h>
// After the messages, which it needs.
#include <opentelemetry/exporters/otlp/otlp_recordable.h>
#include <opentelemetry/exporters/otlp/otlp_recordable_utils.h>

#include "../../log.hpp"
#include "encoding.hpp"
#include "transport.hpp"

namespace switchgear::telemetry::otel {

namespace {

namespace otlp = opentelemetry::exporter::otlp;
namespace sdk = opentelemetry::sdk;

class span_exporter final : public sdk::trace::SpanExporter {
public:
  using records
    = opentelemetry::nostd::span<std::unique_ptr<sdk::trace::Recordable>>;

  explicit span_exporter(const otlp_target& target)
    : protocol_(target.protocol),
      way_(make_transport(target, otlp_signal::traces)) {
    // nop
  }

  std::unique_ptr<sdk::trace::Recordable> MakeRecordable() noexcept override {
    return std::make_unique<otlp::OtlpRecordable>();
  }

  sdk::common::ExportResult Export(const records& spans) noexcept override {
    namespace v1 = opentelemetry::proto::collector::trace::v1;
    try {
      v1::ExportTraceServiceRequest request;
      otlp::OtlpRecordableUtils::PopulateRequest(spans, &request);
      const auto said = way_->send(encode(request, protocol_));
      if (said.what.what == delivery::verdict::delivered)
        return sdk::common::ExportResult::kSuccess;
      log::warn("telemetry: " + std::to_string(spans.size())
                + " spans were not delivered: " + said.what.error);
    } catch (const std::exception& error) {
      log::warn(std::string{"telemetry: spans were not delivered: "}
                + error.what());
    }
    return sdk::common::ExportResult::kFailure;
  }

  bool ForceFlush(std::chrono::microseconds) noexcept override {
    return true; // nothing is kept back
  }

  bool Shutdown(std::chrono::microseconds) noexcept override {
    return true;
  }

private:
  otlp_protocol protocol_;
  std::unique_ptr<transport> way_;
};

} // namespace

std::unique_ptr<sdk::trace::SpanExporter>
make_span_exporter(const otlp_target& target) {
  return std::make_unique<span_exporter>(target);
}

} // namespace switchgear::telemetry::otel
