// The table of environment variables: which there are is asked of the code that
// reads them, what they say is written here.

#include "parts.hpp"

#include <algorithm>
#include <array>
#include <ostream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "switchgear/telemetry/otlp.hpp"

namespace docs {

namespace {

struct text {
  std::string_view variable;
  std::string_view meaning;
  std::string_view fallback;
};

// `*` stands for nothing, or for one of the signals; `?` for one of them, or
// for one of the two ways of gathering.
constexpr std::array texts{
  text{"OTEL_SDK_DISABLED", "`true`: nothing is exported", "`false`"},
  text{"OTEL_SERVICE_NAME", "the resource's `service.name`",
       "`unknown_service`"},
  text{"OTEL_RESOURCE_ATTRIBUTES",
       "its further attributes, `key=value,key=value`, percent-encoded", ""},
  text{"OTEL_EXPORTER_OTLP_*ENDPOINT",
       "a URL; the general one gets `/v1/logs` and the like appended",
       "`http://localhost:4318`, of gRPC `:4317`"},
  text{"OTEL_EXPORTER_OTLP_*PROTOCOL", "`http/protobuf`, `http/json`, `grpc`",
       "`http/protobuf`"},
  text{"OTEL_EXPORTER_OTLP_*HEADERS", "`key=value,key=value`, percent-encoded",
       ""},
  text{"OTEL_EXPORTER_OTLP_*TIMEOUT", "of an export, in ms", "10000"},
  text{"OTEL_EXPORTER_OTLP_*COMPRESSION", "`gzip`, `none`", "`none`"},
  text{"OTEL_EXPORTER_OTLP_*CERTIFICATE",
       "file with the certificates that are trusted", "the system's"},
  text{"OTEL_EXPORTER_OTLP_*CLIENT_KEY", "file with the own key", ""},
  text{"OTEL_EXPORTER_OTLP_*CLIENT_CERTIFICATE",
       "file with the own certificate", ""},
  text{"OTEL_EXPORTER_OTLP_*INSECURE",
       "of gRPC to an endpoint without a scheme: no TLS", "`false`"},
  text{"OTEL_?_EXPORTER", "`otlp`, `console`, `none`",
       "`otlp` where there is an endpoint, else `none`"},
  text{"OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE",
       "`cumulative`, `delta`, `lowmemory`", "`cumulative`"},
  text{"OTEL_METRIC_EXPORT_INTERVAL", "in ms", "60000"},
  text{"OTEL_METRIC_EXPORT_TIMEOUT", "in ms", "30000"},
  text{"OTEL_?_SCHEDULE_DELAY",
       "how long the first record (`BLRP`) or span (`BSP`) waits for others, "
       "in ms",
       "1000, 5000"},
  text{"OTEL_?_MAX_QUEUE_SIZE", "so many may wait", "2048"},
  text{"OTEL_?_MAX_EXPORT_BATCH_SIZE", "so many go together", "512"},
  text{"OTEL_?_EXPORT_TIMEOUT", "in ms", "30000"},
};

void replace(std::string& name, std::string_view from, std::string_view to) {
  if (const auto at = name.find(from); at != name.npos)
    name.replace(at, from.size(), to);
}

std::string pattern_of(std::string name) {
  const auto known = [](const std::string& x) {
    return std::any_of(texts.begin(), texts.end(),
                       [&](const text& t) { return t.variable == x; });
  };
  if (known(name))
    return name;
  for (const auto* each : {"LOGS_", "METRICS_", "TRACES_"}) {
    replace(name, std::string{"OTLP_"} + each, "OTLP_");
    replace(name, std::string{"OTEL_"} + each, "OTEL_?_");
  }
  replace(name, "OTEL_BLRP_", "OTEL_?_");
  replace(name, "OTEL_BSP_", "OTEL_?_");
  replace(name, "OTEL_EXPORTER_OTLP_", "OTEL_EXPORTER_OTLP_*");
  if (!known(name))
    throw std::runtime_error{"no text for " + name};
  return name;
}

} // namespace

void variables_table(std::ostream& out) {
  std::vector<std::string> read;
  std::vector<switchgear::config_error> ignored;
  static_cast<void>(switchgear::telemetry::otlp_options_from_environment(
    [&](const char* name) -> const char* {
      read.push_back(pattern_of(name));
      return nullptr;
    },
    ignored));
  out << "| variable | meaning | default |\n|---|---|---|\n";
  for (const auto& each : texts) {
    if (std::find(read.begin(), read.end(), each.variable) == read.end())
      throw std::runtime_error{"a text for a variable that is not read: "
                               + std::string{each.variable}};
    out << "| `" << each.variable << "` | " << each.meaning << " | "
        << each.fallback << " |\n";
  }
}

} // namespace docs
