#pragma once

#include <stdexcept>
#include <string>

#include "switchgear/errc.hpp"

namespace switchgear {

/// A mistake in how breakers or policies are set up: a name or a configuration
/// that is not allowed. `what()` names the field, the value, and what is
/// allowed.
class setup_error : public std::runtime_error {
public:
  setup_error(errc code, const std::string& what)
    : std::runtime_error(what),
      code_(code) {
    // nop
  }

  errc code() const noexcept {
    return code_;
  }

private:
  errc code_;
};

} // namespace switchgear
