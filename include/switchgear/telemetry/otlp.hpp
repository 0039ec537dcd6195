#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "switchgear/telemetry/sink.hpp"

/// Export to an OpenTelemetry collector, or to whatever else speaks OTLP. It
/// needs a library that was built with opentelemetry-cpp: `otlp_available()`.
namespace switchgear::telemetry {

/// How messages travel.
enum class otlp_protocol : std::uint8_t {
  http_protobuf, ///< `http/protobuf`
  http_json,     ///< `http/json`
  grpc,          ///< `grpc`
};

/// Where a signal goes.
enum class otlp_exporter : std::uint8_t {
  otlp,    ///< To a collector.
  console, ///< To standard output, for people.
  none,    ///< Nowhere.
};

/// What numbers that only grow tell: all since the beginning, or what is new
/// since the last export.
enum class otlp_temporality : std::uint8_t {
  cumulative,
  delta,
  /// What takes the least memory in programs that count while they run: deltas
  /// of counters and histograms. The same as `delta` here.
  low_memory,
};

enum class otlp_compression : std::uint8_t { none, gzip };

enum class otlp_signal : std::uint8_t { logs, metrics, traces };

std::string_view to_string(otlp_protocol value) noexcept;
std::string_view to_string(otlp_exporter value) noexcept;
std::string_view to_string(otlp_temporality value) noexcept;
std::string_view to_string(otlp_compression value) noexcept;
std::string_view to_string(otlp_signal value) noexcept;

/// The way to a collector. What is not set has a default; for a single signal
/// that is the general setting.
struct otlp_connection {
  /// A URL, `http://localhost:4318`, or of gRPC also `host:port`. The general
  /// one of HTTP gets `/v1/logs` and the like appended, a signal's own one is
  /// used as it is. Default: `http://localhost:4318`, of gRPC
  /// `http://localhost:4317`.
  std::optional<std::string> endpoint;
  /// Default: `http_protobuf`.
  std::optional<otlp_protocol> protocol;
  /// Added to each request; plain, not percent-encoded. Default: none.
  std::optional<std::map<std::string, std::string>> headers;
  /// How long an export may take. 1 ms to 1 h. Default: 10 s.
  std::optional<duration> timeout;
  std::optional<otlp_compression> compression;
  /// File with the certificates that are trusted, in PEM. Default: the
  /// system's.
  std::optional<std::string> certificate;
  /// Files with the own key and certificate, in PEM, for servers that ask.
  std::optional<std::string> client_key;
  std::optional<std::string> client_certificate;
  /// Of gRPC with an endpoint that has no scheme: no TLS. Default: false.
  std::optional<bool> insecure;

  friend bool operator==(const otlp_connection&, const otlp_connection&)
    = default;
};

/// How single records are gathered before they are sent.
struct otlp_batching {
  /// How long the first one waits for others. 0 to 1 min.
  duration schedule_delay = std::chrono::seconds{1};
  /// Records that may wait; of log records those of calls, others have room of
  /// their own. 1 to 1,000,000.
  std::size_t max_queue_size = 2048;
  /// Records in one request. 1 to 65,536, at most `max_queue_size`.
  std::size_t max_export_batch_size = 512;
  /// How long an export may take; the connection's timeout holds as well. 1 ms
  /// to 1 h.
  duration export_timeout = std::chrono::seconds{30};

  friend bool operator==(const otlp_batching&, const otlp_batching&) = default;
};

/// Settings of export. The base has the general way to the collector.
struct otlp_options : otlp_connection {
  /// Nothing is exported at all.
  bool disabled = false;

  /// What is different for one signal.
  otlp_connection logs;
  otlp_connection metrics;
  otlp_connection traces;

  /// Unless set: `otlp` where there is an endpoint.
  std::optional<otlp_exporter> logs_exporter;
  std::optional<otlp_exporter> metrics_exporter;
  std::optional<otlp_exporter> traces_exporter;

  /// The attribute `service.name`. Empty (the default): what the resource
  /// attributes say, else `unknown_service`.
  std::string service_name;
  /// Say what the telemetry is of: `deployment.environment` and the like.
  std::map<std::string, std::string> resource_attributes;

  otlp_batching log_batching;
  otlp_batching span_batching{.schedule_delay = std::chrono::seconds{5}};

  /// How often numbers are exported. 1 ms to 24 h.
  duration metric_interval = std::chrono::minutes{1};
  /// How long that may take; the connection's timeout holds as well. 1 ms to
  /// 1 h.
  duration metric_timeout = std::chrono::seconds{30};
  otlp_temporality temporality = otlp_temporality::cumulative;

  /// Whether successful calls are logged too, as far as `success_events` of
  /// the breakers say.
  bool success_events = false;

  /// Whether each call that is made is a span. Rejections and failures are
  /// events of the active span in any case, where traces are exported.
  bool call_spans = false;

  /// Whether a signal is to be exported: not disabled, its exporter not `none`,
  /// and somebody has named an exporter for it or an endpoint that holds for
  /// it.
  bool exports(otlp_signal signal) const noexcept;

  /// Whether any signal is.
  bool configured() const noexcept;

  friend bool operator==(const otlp_options&, const otlp_options&) = default;
};

/// Where a signal is sent, and how: what the settings amount to.
struct otlp_target {
  otlp_exporter exporter = otlp_exporter::otlp;
  otlp_protocol protocol = otlp_protocol::http_protobuf;
  /// Of HTTP the whole URL, of gRPC `host:port`.
  std::string endpoint;
  bool tls = false;
  std::map<std::string, std::string> headers;
  duration timeout = std::chrono::seconds{10};
  otlp_compression compression = otlp_compression::none;
  std::string certificate;
  std::string client_key;
  std::string client_certificate;
};

otlp_target target_of(const otlp_options& options, otlp_signal signal);

/// All that is wrong with `options`.
std::vector<config_error> validate(const otlp_options& options);

/// The settings that the environment asks for, by OpenTelemetry's rules: a
/// signal's variable beats the general one, an empty one counts as unset, and
/// one that cannot be read is ignored, with a warning in the log.
///
/// `OTEL_SDK_DISABLED` `OTEL_SERVICE_NAME` `OTEL_RESOURCE_ATTRIBUTES`,
/// `OTEL_EXPORTER_OTLP_*` and the same with `LOGS_`, `METRICS_` or `TRACES_`,
/// `OTEL_LOGS_EXPORTER` and the other exporters, `OTEL_METRIC_EXPORT_*`,
/// `OTEL_BLRP_*`, `OTEL_BSP_*`. There are none for `success_events` and
/// `call_spans`.
otlp_options otlp_options_from_environment();

/// The same with variables from elsewhere. `get` gives a variable's value or
/// null; in `ignored` is what could not be read.
otlp_options otlp_options_from_environment(
  const std::function<const char*(const char* name)>& get,
  std::vector<config_error>& ignored);

/// Whether this library was built with OpenTelemetry.
bool otlp_available() noexcept;

/// Exports each event as a log record: its name is `to_string(event_kind)`, its
/// body `describe`, its attributes those of `for_each_attribute`. The factory
/// throws if the options are not valid, or OpenTelemetry is missing.
sink_factory make_otlp_log_sink(otlp_options options);

/// Exports all metrics. The factory throws as that of logs does.
sink_factory make_otlp_metric_sink(otlp_options options);

/// How these sinks are to be served.
sink_options otlp_log_sink_options(const otlp_options& options);
sink_options otlp_metric_sink_options(const otlp_options& options);

} // namespace switchgear::telemetry
