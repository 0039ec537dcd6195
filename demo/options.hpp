#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>

#include "switchgear/admin.hpp"
#include "switchgear/telemetry/metrics_endpoint.hpp"

namespace demo {

/// A command line that makes no sense; the text says what would.
class usage_error : public std::runtime_error {
public:
  using std::runtime_error::runtime_error;
};

/// What the command line asks for.
struct options {
  bool script = false;
  bool plain = false;
  bool help = false;
  /// Where to export to.
  std::optional<std::string> otlp;
  /// Where to serve metrics.
  std::optional<switchgear::telemetry::metrics_endpoint_options> metrics;

  /// Whether to serve the page.
  enum class admin_use : std::uint8_t {
    automatic, ///< Unless `script`.
    always,
    never,
  };
  admin_use admin = admin_use::automatic;
  /// Where; unset: at the usual place, or if that is taken at a free port.
  std::optional<switchgear::admin_options> admin_place;
  std::string admin_token_file;

  bool wants_admin() const {
    return admin == admin_use::always
           || (admin == admin_use::automatic && !script);
  }
};

/// Understands the arguments, the program's name not among them.
/// @throws usage_error
options parse_options(std::span<const char* const> arguments);

/// What `--help` prints.
std::string_view usage();

} // namespace demo
