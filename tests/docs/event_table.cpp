// The tables of events and of what they carry, as the catalogue has them.

#include "parts.hpp"

#include <ostream>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "switchgear/telemetry/attributes.hpp"

namespace docs {

namespace {

using switchgear::telemetry::attribute_description;
using switchgear::telemetry::common_attributes;
using switchgear::telemetry::event_catalogue;

constexpr std::string_view prefix = "circuit_breaker.";

// In the tables nobody needs to read it thirty times.
std::string short_name(std::string_view name) {
  if (name.starts_with(prefix))
    name.remove_prefix(prefix.size());
  return '`' + std::string{name} + '`';
}

std::string list(std::span<const attribute_description> attributes) {
  constexpr std::string_view causes = "circuit_breaker.cause.";
  std::string result;
  bool has_causes = false;
  for (const auto& each : attributes) {
    if (each.name.starts_with(causes)) {
      has_causes = true;
      continue;
    }
    result += result.empty() ? "" : ", ";
    result += short_name(each.name);
    result += each.always ? "" : "?";
  }
  return has_causes ? result + ", `cause.*`?" : result;
}

} // namespace

void event_table(std::ostream& out) {
  out << "| event | it says | attributes |\n|---|---|---|\n";
  for (const auto& each : event_catalogue())
    out << "| " << short_name(to_string(each.kind)) << " | " << each.meaning
        << " | " << list(each.attributes) << " |\n";
}

void attribute_table(std::ostream& out) {
  std::vector<std::string_view> known;
  const auto row = [&](const attribute_description& what) {
    for (auto name : known)
      if (name == what.name)
        return;
    known.push_back(what.name);
    out << "| " << short_name(what.name) << " | " << what.meaning << " |\n";
  };
  out << "| attribute | meaning |\n|---|---|\n";
  for (const auto& each : common_attributes())
    row(each);
  for (const auto& kind : event_catalogue())
    for (const auto& each : kind.attributes)
      row(each);
}

} // namespace docs
