#include "switchgear/telemetry/otlp.hpp"

namespace switchgear::telemetry {

std::string_view to_string(otlp_protocol value) noexcept {
  switch (value) {
    case otlp_protocol::http_protobuf:
      return "http/protobuf";
    case otlp_protocol::http_json:
      return "http/json";
    case otlp_protocol::grpc:
      return "grpc";
  }
  return "?";
}

std::string_view to_string(otlp_exporter value) noexcept {
  switch (value) {
    case otlp_exporter::otlp:
      return "otlp";
    case otlp_exporter::console:
      return "console";
    case otlp_exporter::none:
      return "none";
  }
  return "?";
}

std::string_view to_string(otlp_temporality value) noexcept {
  switch (value) {
    case otlp_temporality::cumulative:
      return "cumulative";
    case otlp_temporality::delta:
      return "delta";
    case otlp_temporality::low_memory:
      return "lowmemory";
  }
  return "?";
}

std::string_view to_string(otlp_compression value) noexcept {
  switch (value) {
    case otlp_compression::none:
      return "none";
    case otlp_compression::gzip:
      return "gzip";
  }
  return "?";
}

std::string_view to_string(otlp_signal value) noexcept {
  switch (value) {
    case otlp_signal::logs:
      return "logs";
    case otlp_signal::metrics:
      return "metrics";
    case otlp_signal::traces:
      return "traces";
  }
  return "?";
}

} // namespace switchgear::telemetry
