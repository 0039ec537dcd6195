#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "show.hpp"
#include "switchgear/breaker/config.hpp"

namespace switchgear {

/// Collects what is wrong with settings.
class checker {
public:
  std::vector<config_error> errors;

  template <class T>
  void require(bool fine, std::string_view field, T value,
               std::string_view allowed) {
    if (fine)
      return;
    errors.push_back({std::string{field}, show(value), std::string{allowed}});
  }

  // A duration for which zero means "not used".
  void optional_time(std::string_view field, duration value, duration least,
                     duration most, std::string_view allowed) {
    require(value == duration::zero() || (value >= least && value <= most),
            field, value, allowed);
  }
};

} // namespace switchgear
