#include "telemetry_config.hpp"

#include <span>
#include <string>
#include <utility>

#include "config_section.hpp"

namespace switchgear {

namespace {

using namespace telemetry;

// One of several words, which are what `to_string` says.
template <class T>
void read_word(section& from, const char* key, T& into,
               std::span<const T> all) {
  std::string allowed;
  for (const auto& each : all)
    allowed
      += (allowed.empty() ? "one of " : ", ") + std::string{to_string(each)};
  std::string word;
  from.read(key, word, allowed.c_str());
  for (const auto& each : all)
    if (to_string(each) == word) {
      into = each;
      return;
    }
  if (from.has(key))
    from.refuse(key, allowed);
}

void read_otlp(const caf::settings& values, otlp_options& into,
               std::vector<config_error>& errors) {
  section s{"telemetry.otlp.", values, errors};
  if (s.has("endpoint"))
    s.read("endpoint", into.endpoint.emplace(), "a URL");
  if (s.has("headers"))
    s.read("headers", into.headers.emplace(), "names and values");
  if (s.has("timeout"))
    s.read("timeout", into.timeout.emplace());
  if (s.has("protocol")) {
    constexpr otlp_protocol all[]
      = {otlp_protocol::http_protobuf, otlp_protocol::http_json,
         otlp_protocol::grpc};
    read_word<otlp_protocol>(s, "protocol", into.protocol.emplace(), all);
  }
  constexpr otlp_temporality kinds[]
    = {otlp_temporality::cumulative, otlp_temporality::delta,
       otlp_temporality::low_memory};
  read_word<otlp_temporality>(s, "temporality", into.temporality, kinds);
  s.read("service-name", into.service_name, "a text");
  s.read("resource-attributes", into.resource_attributes, "names and values");
  s.read("metric-interval", into.metric_interval);
  s.read("success-events", into.success_events);
  s.read("call-spans", into.call_spans);
  s.read("disabled", into.disabled);
  for (const auto* known : {"endpoint", "headers", "timeout", "protocol"})
    s.take(known);
  s.reject_others();
}

} // namespace

std::string_view to_string(telemetry_options::log_use value) noexcept {
  switch (value) {
    case telemetry_options::log_use::automatic:
      return "automatic";
    case telemetry_options::log_use::always:
      return "always";
    case telemetry_options::log_use::never:
      return "never";
  }
  return "?";
}

void read_telemetry(const caf::settings& from, telemetry_options& into,
                    std::vector<config_error>& errors) {
  using log_use = telemetry_options::log_use;
  section s{"telemetry.", from, errors};
  constexpr log_use uses[]
    = {log_use::automatic, log_use::always, log_use::never};
  read_word<log_use>(s, "log", into.log, uses);
  if (const auto* value = s.take("otlp")) {
    if (const auto* values = caf::get_if<caf::settings>(value)) {
      into.otlp = otlp_options_from_environment();
      read_otlp(*values, *into.otlp, errors);
    } else {
      errors.push_back({"telemetry.otlp", to_string(*value), "a section"});
    }
  }
  s.reject_others();
}

} // namespace switchgear
