#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "switchgear/breaker/config.hpp"
#include "switchgear/runtime.hpp"

namespace switchgear::detail {

/// Gathers what is wrong with the options of an integration.
class option_checker {
public:
  void require(bool good, std::string field, std::string value,
               std::string allowed) {
    if (!good)
      errors.push_back(
        {std::move(field), std::move(value), std::move(allowed)});
  }

  /// A whole number from `least` to `most`.
  template <class T>
  void number(std::string field, T value, std::type_identity_t<T> least,
              std::type_identity_t<T> most) {
    require(value >= least && value <= most, std::move(field),
            std::to_string(value),
            std::to_string(least) + " to " + std::to_string(most));
  }

  /// A time from `least` to `most`; `allowed` says that for people.
  void time(std::string field, duration value, duration least, duration most,
            std::string allowed) {
    using ms = std::chrono::duration<double, std::milli>;
    auto text = std::to_string(ms{value}.count());
    text.erase(text.find_last_not_of('0') + 1);
    if (text.ends_with('.'))
      text.pop_back();
    require(value >= least && value <= most, std::move(field),
            std::move(text) + " ms", std::move(allowed));
  }

  std::vector<config_error> errors;
};

/// The options, if nothing is wrong with them.
/// @throws setup_error else
template <class Options>
Options checked(Options options) {
  if (const auto errors = validate(options); !errors.empty())
    throw setup_error{errc::invalid_config, explain(errors)};
  return options;
}

} // namespace switchgear::detail
