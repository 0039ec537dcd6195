#pragma once

#include <string_view>
#include <vector>

#include "breaker/checker.hpp"

namespace switchgear::policy {

/// Throws what is wrong with a policy's options as a `setup_error`.
void require_valid(std::string_view policy,
                   const std::vector<config_error>& errors);

/// Adds what is wrong with a part of the options.
void add_errors(std::vector<config_error>& to, std::string_view part,
                std::vector<config_error> errors);

} // namespace switchgear::policy
