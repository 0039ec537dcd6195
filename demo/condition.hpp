#pragma once

#include <cstdint>
#include <string_view>

namespace demo {

/// What is the matter with a service.
enum class condition : std::uint8_t {
  healthy,
  errors,  ///< Answers 500.
  hanging, ///< Takes connections and never answers.
  paused,  ///< Stopped (SIGSTOP): the kernel takes connections, nobody reads.
  dead,    ///< No process (SIGKILL): connections are refused.
};

/// In two words at most, for a table.
constexpr std::string_view to_string(condition value) noexcept {
  switch (value) {
    case condition::healthy:
      return "healthy";
    case condition::errors:
      return "HTTP 500";
    case condition::hanging:
      return "hangs";
    case condition::paused:
      return "stopped";
    case condition::dead:
      return "killed";
  }
  return "?";
}

} // namespace demo
