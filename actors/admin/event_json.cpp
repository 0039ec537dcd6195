#include <variant>

#include <nlohmann/json.hpp>

#include "../http/message.hpp"
#include "iso_time.hpp"
#include "json.hpp"
#include "switchgear/detail/utf8.hpp"
#include "switchgear/telemetry/attributes.hpp"

namespace switchgear::admin {

namespace {

std::string without_prefix(std::string_view name) {
  constexpr std::string_view prefix = "circuit_breaker.";
  if (name.starts_with(prefix))
    name.remove_prefix(prefix.size());
  return std::string{name};
}

} // namespace

json to_json(const telemetry::event& what) {
  json result{{"at", iso_time(what.when)},
              {"tool", detail::to_utf8(what.breaker)},
              {"id", http::percent_encode(what.breaker)},
              {"kind", without_prefix(to_string(what.kind))},
              {"severity", to_string(severity_of(what))},
              {"text", describe(what).substr(what.breaker.size() + 2)}};
  for_each_attribute(what, [&](std::string_view name, const auto& value) {
    if (name == "circuit_breaker.name")
      return; // it is there as `tool`
    std::visit([&](const auto& x) { result[without_prefix(name)] = x; }, value);
  });
  return result;
}

} // namespace switchgear::admin
