#include "span_provider.hpp"

#include <chrono>
#include <memory>
#include <mutex>
#include <utility>

#include <opentelemetry/exporters/ostream/span_exporter_factory.h>
#include <opentelemetry/sdk/trace/batch_span_processor_factory.h>
#include <opentelemetry/sdk/trace/batch_span_processor_options.h>
#include <opentelemetry/sdk/trace/processor.h>
#include <opentelemetry/sdk/trace/tracer_provider.h>
#include <opentelemetry/sdk/trace/tracer_provider_factory.h>
#include <opentelemetry/trace/noop.h>
#include <opentelemetry/trace/provider.h>

#include "origin.hpp"
#include "sdk_log.hpp"
#include "span_exporter.hpp"

namespace switchgear::telemetry::otel {

namespace {

namespace exporter = opentelemetry::exporter;
namespace sdk = opentelemetry::sdk;
namespace trace = opentelemetry::trace;

using exporter_ptr = std::unique_ptr<sdk::trace::SpanExporter>;

exporter_ptr make_exporter(const otlp_target& target) {
  if (target.exporter == otlp_exporter::console)
    return exporter::trace::OStreamSpanExporterFactory::Create();
  return make_span_exporter(target);
}

using provider_ptr = std::shared_ptr<sdk::trace::TracerProvider>;

provider_ptr make_provider(const otlp_options& options) {
  using milliseconds = std::chrono::milliseconds;
  const auto& batching = options.span_batching;
  sdk::trace::BatchSpanProcessorOptions how;
  how.max_queue_size = batching.max_queue_size;
  how.max_export_batch_size = batching.max_export_batch_size;
  how.schedule_delay_millis
    = std::chrono::duration_cast<milliseconds>(batching.schedule_delay);
  return sdk::trace::TracerProviderFactory::Create(
    sdk::trace::BatchSpanProcessorFactory::Create(
      make_exporter(target_of(options, otlp_signal::traces)), how),
    origin{options}.resource);
}

std::mutex providing;
provider_ptr provided;

} // namespace

void provide_spans(const otlp_options& options) {
  std::lock_guard guard{providing};
  const auto known = trace::Provider::GetTracerProvider();
  const bool unset = dynamic_cast<trace::NoopTracerProvider*>(known.get());
  if (provided || !unset || !options.exports(otlp_signal::traces))
    return;
  adopt_sdk_log();
  provided = make_provider(options);
  trace::Provider::SetTracerProvider(
    opentelemetry::nostd::shared_ptr<trace::TracerProvider>{
      std::shared_ptr<trace::TracerProvider>{provided}});
}

bool flush_provided_spans(duration limit) {
  const auto flushed = [] {
    std::lock_guard guard{providing};
    return provided;
  }();
  return !flushed
         || flushed->ForceFlush(
           std::chrono::duration_cast<std::chrono::microseconds>(limit));
}

} // namespace switchgear::telemetry::otel
