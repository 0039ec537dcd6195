#include "log_record.hpp"

#include <opentelemetry/logs/severity.h>

#include "switchgear/telemetry/attributes.hpp"

namespace switchgear::telemetry::otel {

namespace {

using opentelemetry::common::AttributeValue;

opentelemetry::logs::Severity translate(severity value) {
  switch (value) {
    case severity::debug:
      return opentelemetry::logs::Severity::kDebug;
    case severity::info:
      return opentelemetry::logs::Severity::kInfo;
    case severity::warn:
      break;
  }
  return opentelemetry::logs::Severity::kWarn;
}

AttributeValue translate(const attribute_value& value) {
  return std::visit(
    []<class T>(const T& x) -> AttributeValue {
      if constexpr (std::is_same_v<T, std::string_view>)
        return view(x);
      else
        return x;
    },
    value);
}

} // namespace

void write(const event& what, const std::string& body, const origin& from,
           opentelemetry::sdk::logs::Recordable& to) {
  to.SetTimestamp(opentelemetry::common::SystemTimestamp{what.when});
  to.SetObservedTimestamp(
    opentelemetry::common::SystemTimestamp{std::chrono::system_clock::now()});
  to.SetSeverity(translate(severity_of(what)));
  to.SetBody(opentelemetry::nostd::string_view{body});
  // The field of the record for it came after this attribute, and not every
  // exporter or reader knows it.
  to.SetAttribute("event.name", view(to_string(what.kind)));
  for_each_attribute(what, [&](std::string_view name, attribute_value value) {
    to.SetAttribute(view(name), translate(value));
  });
  to.SetResource(from.resource);
  to.SetInstrumentationScope(*from.scope);
}

} // namespace switchgear::telemetry::otel
