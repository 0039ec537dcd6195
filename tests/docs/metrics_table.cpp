// The table of metrics, as the catalogue has them.

#include "parts.hpp"

#include <ostream>
#include <string>

#include "switchgear/telemetry/metrics.hpp"

namespace docs {

namespace {

using switchgear::telemetry::metric_kind;
using switchgear::telemetry::metric_label;

std::string code(std::string_view text) {
  return '`' + std::string{text} + '`';
}

std::string_view name_of(metric_kind kind) {
  switch (kind) {
    case metric_kind::counter:
      return "counter";
    case metric_kind::gauge:
      return "gauge";
    default:
      return "histogram";
  }
}

std::string in_words(const metric_label& label) {
  auto result = code(label.name);
  if (label.prometheus != label.name)
    result += " (" + code(label.prometheus) + ')';
  if (!label.values.empty())
    result += ": " + std::string{label.values};
  return result;
}

} // namespace

void metrics_table(std::ostream& out) {
  out << "| OpenTelemetry | Prometheus | kind | unit | labels | what it says "
         "|\n|---|---|---|---|---|---|\n";
  for (const auto& each : switchgear::telemetry::metric_catalogue()) {
    out << "| " << (each.name.empty() ? "–" : code(each.name)) << " | "
        << code(each.prometheus) << " | " << name_of(each.kind) << " | "
        << code(each.unit) << " | ";
    std::string_view separator;
    for (const auto& label : each.labels) {
      out << separator << in_words(label);
      separator = "; ";
    }
    out << " | " << each.help << " |\n";
  }
}

} // namespace docs
