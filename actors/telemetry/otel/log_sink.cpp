#include <list>

#include <opentelemetry/exporters/ostream/log_record_exporter_factory.h>
#include <opentelemetry/proto/collector/logs/v1/logs_service.pb.h>
// After the messages, which it needs.
#include <opentelemetry/exporters/otlp/otlp_log_recordable.h>
#include <opentelemetry/exporters/otlp/otlp_recordable_utils.h>
#include <opentelemetry/sdk/logs/exporter.h>

#include "../../log.hpp"
#include "encoding.hpp"
#include "log_record.hpp"
#include "make_sink.hpp"
#include "switchgear/telemetry/attributes.hpp"
#include "transport.hpp"

namespace switchgear::telemetry {

namespace {

using opentelemetry::sdk::logs::Recordable;
using records = std::vector<std::unique_ptr<Recordable>>;

class log_sink : public sink {
public:
  explicit log_sink(const otlp_options& options)
    : from_(options),
      target_(target_of(options, otlp_signal::logs)),
      way_(otel::make_transport(target_, otlp_signal::logs)) {
    // nop
  }

  delivery deliver(std::span<const event> batch) override {
    namespace otlp = opentelemetry::exporter::otlp;
    namespace v1 = opentelemetry::proto::collector::logs::v1;
    records made;
    made.reserve(batch.size());
    for (const auto& each : batch) {
      auto record = std::make_unique<otlp::OtlpLogRecordable>();
      otel::write(each, describe(each), from_, *record);
      // `SetEventId` does nothing in this version.
      name(record->log_record(), to_string(each.kind));
      made.push_back(std::move(record));
    }
    v1::ExportLogsServiceRequest request;
    otlp::OtlpRecordableUtils::PopulateRequest(
      opentelemetry::nostd::span<std::unique_ptr<Recordable>>{made.data(),
                                                              made.size()},
      &request);
    auto said = way_->send(otel::encode(request, target_.protocol));
    if (v1::ExportLogsServiceResponse response;
        said.what.what == delivery::verdict::delivered
        && otel::decode(said.body, target_.protocol, response)
        && response.partial_success().rejected_log_records() > 0)
      return refused(response.partial_success(), batch.size());
    return std::move(said.what);
  }

private:
  // Older versions of the protocol have no such field.
  template <class Record>
  static void name(Record& record, std::string_view text) {
    if constexpr (requires { record.set_event_name(std::string{}); })
      record.set_event_name(std::string{text});
  }

  // What a collector refuses must not be sent again.
  template <class PartialSuccess>
  static delivery refused(const PartialSuccess& how, std::size_t all) {
    const auto count = static_cast<std::size_t>(how.rejected_log_records());
    auto text = "the collector refused " + std::to_string(count) + " of "
                + std::to_string(all) + " log records: " + how.error_message();
    if (count >= all)
      return delivery::no(std::move(text));
    log::warn(text);
    return delivery::done();
  }

  otel::origin from_;
  otlp_target target_;
  std::unique_ptr<otel::transport> way_;
};

class console_log_sink : public sink {
public:
  explicit console_log_sink(const otlp_options& options)
    : from_(options),
      exporter_(opentelemetry::exporter::logs::OStreamLogRecordExporterFactory::
                  Create()) {
    // nop
  }

  delivery deliver(std::span<const event> batch) override {
    records made;
    std::list<std::string> bodies; // the records refer to them
    for (const auto& each : batch) {
      made.push_back(exporter_->MakeRecordable());
      otel::write(each, bodies.emplace_back(describe(each)), from_,
                  *made.back());
    }
    const auto result = exporter_->Export(
      opentelemetry::nostd::span<std::unique_ptr<Recordable>>{made.data(),
                                                              made.size()});
    return result == opentelemetry::sdk::common::ExportResult::kSuccess
             ? delivery::done()
             : delivery::no("standard output");
  }

private:
  otel::origin from_;
  std::unique_ptr<opentelemetry::sdk::logs::LogRecordExporter> exporter_;
};

} // namespace

bool otlp_available() noexcept {
  return true;
}

sink_factory make_otlp_log_sink(otlp_options options) {
  return otel::make_sink<log_sink, console_log_sink>(std::move(options),
                                                     otlp_signal::logs);
}

} // namespace switchgear::telemetry
