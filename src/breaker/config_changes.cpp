#include "show.hpp"
#include "switchgear/breaker/config_fields.hpp"

namespace switchgear {

std::string describe_changes(const config& from, const config& to) {
  std::string result;
  for_each_config_field([&](const auto& field) {
    const auto& before = from.*field.value;
    const auto& after = to.*field.value;
    if (before == after)
      return;
    result += result.empty() ? "" : ", ";
    result
      += std::string{field.name} + ' ' + show(before) + " -> " + show(after);
  });
  return result;
}

} // namespace switchgear
