// The tables of settings and presets.

#include "parts.hpp"

#include <array>
#include <ostream>
#include <stdexcept>

#include "durations.hpp"
#include "switchgear/breaker/config_catalogue.hpp"
#include "switchgear/breaker/config_fields.hpp"
#include "switchgear/breaker/presets.hpp"

namespace docs {

namespace {

using switchgear::config;
using switchgear::duration;

std::string show(duration value) {
  return value == duration::zero() ? "0" : in_words(value);
}

std::string show(bool value) {
  return value ? "true" : "false";
}

std::string show(std::uint32_t value) {
  return std::to_string(value);
}

std::string show(double value) {
  auto result = std::to_string(value); // six digits
  while (result.back() == '0')
    result.pop_back();
  return result.back() == '.' ? result + '0' : result;
}

} // namespace

void config_table(std::ostream& out) {
  out << "| field | default | unit | allowed | meaning |\n"
         "|---|---|---|---|---|\n";
  const config cfg;
  auto words = switchgear::config_catalogue().begin();
  switchgear::for_each_config_field([&](const auto& field) {
    if (words->name != field.name)
      throw std::runtime_error{"no text for " + std::string{field.name}};
    out << "| `" << field.name << "` | " << show(cfg.*field.value) << " | "
        << words->unit << " | " << switchgear::allowed_values(cfg, field.name)
        << " | " << words->meaning << " |\n";
    ++words;
  });
}

void preset_table(std::ostream& out) {
  namespace presets = switchgear::presets;
  const std::array<std::pair<std::string_view, config>, 11> all{{
    {"http_api", presets::http_api()},
    {"llm_service", presets::llm_service()},
    {"database", presets::database()},
    {"notifications", presets::notifications()},
    {"cache", presets::cache()},
    {"critical_service", presets::critical_service()},
    {"high_volume", presets::high_volume()},
    {"database_strict", presets::database_strict()},
    {"conservative", presets::conservative()},
    {"aggressive", presets::aggressive()},
    {"percentage", presets::percentage()},
  }};
  const auto in_a_row = [](const config& cfg) {
    return cfg.failure_threshold == 1'000'000 ? std::string{"–"}
                                              : show(cfg.failure_threshold);
  };
  const auto from = [](const config& cfg) {
    return cfg.minimum_calls == 0 ? std::string{}
                                  : ", from " + show(cfg.minimum_calls) + " on";
  };
  out << "| preset | failures in a row | or share of the last | open | "
         "probes at a time | to close |\n|---|---|---|---|---|---|\n";
  for (const auto& [name, cfg] : all)
    out << "| `" << name << "` | " << in_a_row(cfg) << " | "
        << show(cfg.failure_rate_threshold) << " of " << cfg.window_size
        << from(cfg) << " | " << show(cfg.open_timeout) << " | "
        << cfg.half_open_max_calls << " | " << cfg.success_threshold << " |\n";
}

} // namespace docs
