#include <opentelemetry/exporters/ostream/metric_exporter_factory.h>
#include <opentelemetry/proto/collector/metrics/v1/metrics_service.pb.h>
// After the messages, which it needs.
#include <opentelemetry/exporters/otlp/otlp_metric_utils.h>
#include <opentelemetry/sdk/metrics/push_metric_exporter.h>

#include "../../log.hpp"
#include "encoding.hpp"
#include "make_sink.hpp"
#include "metric_data.hpp"
#include "transport.hpp"

namespace switchgear::telemetry {

namespace {

namespace v1 = opentelemetry::proto::collector::metrics::v1;

/// Gives each point its own beginning; the SDK knows one a metric.
template <class Points>
void set_starts(Points& points, const std::vector<wall_time>& starts) {
  for (int i = 0; i < points.size(); ++i) {
    const auto start = starts[static_cast<std::size_t>(i)].time_since_epoch();
    points[i].set_start_time_unix_nano(
      static_cast<std::uint64_t>(std::chrono::nanoseconds{start}.count()));
  }
}

v1::ExportMetricsServiceRequest request_of(const otel::metric_part& part) {
  v1::ExportMetricsServiceRequest result;
  opentelemetry::exporter::otlp::OtlpMetricUtils::PopulateRequest(part.data,
                                                                  &result);
  auto& metrics = *result.mutable_resource_metrics(0)
                     ->mutable_scope_metrics(0)
                     ->mutable_metrics();
  for (int i = 0; i < metrics.size(); ++i) {
    const auto& starts = part.starts[static_cast<std::size_t>(i)];
    auto& metric = metrics[i];
    if (metric.has_sum())
      set_starts(*metric.mutable_sum()->mutable_data_points(), starts);
    else if (metric.has_histogram())
      set_starts(*metric.mutable_histogram()->mutable_data_points(), starts);
  }
  return result;
}

bool wants_deltas(const otlp_options& options) {
  return options.temporality != otlp_temporality::cumulative;
}

class metric_sink : public sink {
public:
  explicit metric_sink(const otlp_options& options)
    : from_(options),
      metrics_(from_, wants_deltas(options)),
      target_(target_of(options, otlp_signal::metrics)),
      way_(otel::make_transport(target_, otlp_signal::metrics)) {
    // nop
  }

  delivery deliver(std::span<const event>) override {
    return delivery::done();
  }

  delivery report(const snapshot& all) override {
    for (const auto& part : metrics_.make(all))
      if (auto result = send(part); result.what != delivery::verdict::delivered)
        return result;
    metrics_.delivered();
    return delivery::done();
  }

private:
  delivery send(const otel::metric_part& part) {
    auto said = way_->send(otel::encode(request_of(part), target_.protocol));
    if (v1::ExportMetricsServiceResponse response;
        said.what.what == delivery::verdict::delivered
        && otel::decode(said.body, target_.protocol, response)
        && response.partial_success().rejected_data_points() > 0)
      log::warn(
        "the collector refused "
        + std::to_string(response.partial_success().rejected_data_points())
        + " metric points: " + response.partial_success().error_message());
    return std::move(said.what);
  }

  otel::origin from_;
  otel::metric_data metrics_;
  otlp_target target_;
  std::unique_ptr<otel::transport> way_;
};

class console_metric_sink : public sink {
public:
  explicit console_metric_sink(const otlp_options& options)
    : from_(options),
      metrics_(from_, wants_deltas(options)),
      exporter_(opentelemetry::exporter::metrics::OStreamMetricExporterFactory::
                  Create()) {
    // nop
  }

  delivery deliver(std::span<const event>) override {
    return delivery::done();
  }

  delivery report(const snapshot& all) override {
    for (auto& part : metrics_.make(all)) {
      // It prints one beginning a metric; any is better than none.
      auto& metrics = part.data.scope_metric_data_.front().metric_data_;
      for (std::size_t i = 0; i < metrics.size(); ++i)
        metrics[i].start_ts
          = opentelemetry::common::SystemTimestamp{part.starts[i].front()};
      if (exporter_->Export(part.data)
          != opentelemetry::sdk::common::ExportResult::kSuccess)
        return delivery::no("standard output");
    }
    metrics_.delivered();
    return delivery::done();
  }

private:
  otel::origin from_;
  otel::metric_data metrics_;
  std::unique_ptr<opentelemetry::sdk::metrics::PushMetricExporter> exporter_;
};

} // namespace

sink_factory make_otlp_metric_sink(otlp_options options) {
  return otel::make_sink<metric_sink, console_metric_sink>(
    std::move(options), otlp_signal::metrics);
}

} // namespace switchgear::telemetry
