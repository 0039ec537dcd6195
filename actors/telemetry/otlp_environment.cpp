#include <cstdlib>

#include "log.hpp"
#include "switchgear/telemetry/otlp.hpp"

namespace switchgear::telemetry {

otlp_options otlp_options_from_environment() {
  std::vector<config_error> ignored;
  auto result = otlp_options_from_environment(
    [](const char* name) { return std::getenv(name); }, ignored);
  for (const auto& each : ignored)
    log::warn("ignored: " + each.to_string());
  return result;
}

} // namespace switchgear::telemetry
