#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "switchgear/breaker/config.hpp"
#include "switchgear/runtime.hpp"
#include "transfer/http.hpp"

namespace switchgear::transfer {

/// Collects what is wrong with options.
class checker {
public:
  std::vector<config_error> errors;

  void require(bool fine, std::string_view field, std::string_view value,
               std::string_view allowed) {
    if (!fine)
      errors.push_back(
        {std::string{field}, std::string{value}, std::string{allowed}});
  }

  void time(std::string_view field, duration value, duration least,
            duration most, std::string_view allowed) {
    const auto ms
      = std::chrono::duration_cast<std::chrono::milliseconds>(value);
    require(value >= least && value <= most, field,
            std::to_string(ms.count()) + " ms", allowed);
  }

  template <class T>
  void number(std::string_view field, T value, std::type_identity_t<T> least,
              std::type_identity_t<T> most) {
    require(value >= least && value <= most, field, std::to_string(value),
            std::to_string(least) + " to " + std::to_string(most));
  }

  void headers(std::string_view field, const http_headers& value) {
    for (const auto& each : value)
      require(is_header(each), field, each.name,
              "names without blanks, and values in one line");
  }
};

/// @throws setup_error unless there are no errors
inline void require_none(const std::vector<config_error>& errors) {
  if (!errors.empty())
    throw setup_error{errc::invalid_config, explain(errors)};
}

} // namespace switchgear::transfer
