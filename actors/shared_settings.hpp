#pragma once

#include <memory>
#include <vector>

#include "switchgear/breaker/config.hpp"
#include "switchgear/expected.hpp"

namespace switchgear {

/// Settings that breakers share: very many are made with few different ones.
/// Remembers the last few that were asked for, which are valid, so that the
/// same ones need not be checked again.
/// @note Not thread-safe.
class shared_settings {
public:
  /// Settings equal to `cfg`, or what is wrong with it.
  expected<std::shared_ptr<const config>, std::vector<config_error>>
  get(const config& cfg);

private:
  std::vector<std::shared_ptr<const config>> recent_; // the last one first
};

} // namespace switchgear
