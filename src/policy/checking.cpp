#include "checking.hpp"

#include <string>
#include <utility>

#include "switchgear/setup_error.hpp"

namespace switchgear::policy {

void require_valid(std::string_view policy,
                   const std::vector<config_error>& errors) {
  if (!errors.empty())
    throw setup_error{errc::invalid_config,
                      std::string{policy} + ": " + explain(errors)};
}

void add_errors(std::vector<config_error>& to, std::string_view part,
                std::vector<config_error> errors) {
  for (auto& each : errors) {
    each.field = std::string{part} + "." + each.field;
    to.push_back(std::move(each));
  }
}

} // namespace switchgear::policy
