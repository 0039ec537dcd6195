#include "exporting.hpp"

#include <algorithm>

namespace demo {

namespace {

using namespace switchgear::telemetry;

constexpr std::string_view log_sink = "log";
// With the port after it: events that wait for those who look.
constexpr std::string_view admin_sinks = "admin.";
constexpr std::string_view otlp_logs = "otlp.logs";
constexpr std::string_view otlp_metrics = "otlp.metrics";

std::string amount(std::uint64_t n, std::string_view what) {
  return std::to_string(n).append(" ").append(what).append(n == 1 ? "" : "s");
}

std::string place_of(const otlp_options& settings, otlp_signal signal) {
  const auto target = target_of(settings, signal);
  if (target.exporter == otlp_exporter::console)
    return "standard output";
  return target.endpoint
         + (target.protocol == otlp_protocol::grpc ? " (gRPC)" : "");
}

std::string line_of(const sink_health& sink, const otlp_options& settings) {
  std::string result = "Telemetry: " + sink.name + ": ";
  if (sink.name == otlp_metrics) {
    result += amount(sink.reports_delivered, "report") + " delivered to "
              + place_of(settings, otlp_signal::metrics) + ", "
              + std::to_string(sink.reports_failed) + " failed";
  } else {
    result += amount(sink.delivered, "event") + " delivered";
    if (sink.name == otlp_logs)
      result += " to " + place_of(settings, otlp_signal::logs);
    result += ", " + std::to_string(sink.failed) + " failed, "
              + std::to_string(sink.dropped) + " dropped";
  }
  if (!sink.last_error.empty())
    result += "; last error: " + sink.last_error;
  return result;
}

/// Why nothing is exported, or how it would be.
std::string advice(const otlp_options& settings, bool available) {
  if (!available && settings.configured())
    return "nothing is exported: this library was built without OpenTelemetry";
  if (settings.disabled)
    return "nothing is exported: OTEL_SDK_DISABLED is true";
  if (settings.endpoint)
    return "nothing is exported: OTEL_LOGS_EXPORTER and OTEL_METRICS_EXPORTER "
           "are none";
  return "--otlp URL or the OTEL_* variables export them";
}

} // namespace

otlp_options
export_settings(const options& chosen,
                const std::function<const char*(const char* name)>& get,
                const std::function<void(const std::string& text)>& warn) {
  std::vector<switchgear::config_error> ignored;
  auto result = otlp_options_from_environment(get, ignored);
  for (const auto& each : ignored)
    warn(each.to_string());
  if (result.service_name.empty()
      && !result.resource_attributes.contains("service.name"))
    result.service_name = "switchgear_demo";
  if (chosen.otlp) {
    result.endpoint = *chosen.otlp;
    result.logs.endpoint.reset();
    result.metrics.endpoint.reset();
    result.success_events = true;
  }
  for (const auto& each : validate(result)) {
    if (chosen.otlp && each.value == *chosen.otlp)
      throw usage_error{"--otlp '" + each.value + "': must be " + each.allowed};
    throw usage_error{"the variables OTEL_*: " + each.to_string()};
  }
  return result;
}

std::vector<std::string> delivery_report(const std::vector<sink_health>& sinks,
                                         const otlp_options& settings,
                                         bool available) {
  std::vector<std::string> result;
  const auto stays_here
    = [](const auto& each) { return each.name.starts_with(admin_sinks); };
  const bool exported = std::ranges::any_of(sinks, [&](const auto& each) {
    return each.name != log_sink && !stays_here(each);
  });
  for (const auto& each : sinks)
    if (stays_here(each))
      continue;
    else if (each.name == log_sink && !exported)
      result.push_back("Telemetry: " + amount(each.delivered, "event")
                       + " went to the log, which is quiet here; "
                       + advice(settings, available));
    else
      result.push_back(line_of(each, settings));
  return result;
}

} // namespace demo
