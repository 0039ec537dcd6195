#pragma once

#include <span>
#include <string>
#include <string_view>

#include "switchgear/breaker/config.hpp"

namespace switchgear {

/// What there is to know about a setting, for documentation and forms.
struct config_description {
  std::string_view name;
  /// What it counts or measures: `failures`, `time`, `share`, ...
  std::string_view unit;
  std::string_view meaning;
};

/// All settings, in the order of `config`.
std::span<const config_description> config_catalogue() noexcept;

/// What `validate` allows for a setting beside the others in `cfg`, in words.
/// Empty if there is no such setting.
std::string allowed_values(const config& cfg, std::string_view name);

} // namespace switchgear
