#include <chrono>
#include <utility>

#include "runtime_impl.hpp"

namespace switchgear {

namespace {

using namespace std::chrono_literals;

constexpr std::size_t longest_name = 255;

} // namespace

std::optional<failure> check_name(std::string_view name) {
  if (!name.empty() && name.size() <= longest_name)
    return std::nullopt;
  return failure{errc::invalid_config, "name of " + std::to_string(name.size())
                                         + " bytes: must be 1 to 255 bytes"};
}

std::vector<config_error> validate(const runtime_options& options) {
  std::vector<config_error> errors;
  const auto require = [&](bool fine, const char* field, std::string value,
                           const char* allowed) {
    if (!fine)
      errors.push_back({field, std::move(value), allowed});
  };
  const auto ms = [](duration d) {
    return std::to_string(
             std::chrono::duration_cast<std::chrono::milliseconds>(d).count())
           + " ms";
  };
  require(options.workers >= 1 && options.workers <= 10'000, "workers",
          std::to_string(options.workers), "1 to 10000");
  require(options.queue <= 1'000'000, "queue", std::to_string(options.queue),
          "0 to 1000000");
  require(options.restart_intensity >= 0
            && options.restart_intensity <= 1'000'000,
          "restart_intensity", std::to_string(options.restart_intensity),
          "0 to 1000000");
  require(options.restart_period >= 1ms && options.restart_period <= 24h,
          "restart_period", ms(options.restart_period), "1 ms to 24 h");
  require(options.shutdown_grace >= 0ms && options.shutdown_grace <= 1h,
          "shutdown_grace", ms(options.shutdown_grace), "0 to 1 h");
  if (options.telemetry.otlp)
    for (auto& each : telemetry::validate(*options.telemetry.otlp))
      errors.push_back(
        {"telemetry.otlp." + each.field, each.value, each.allowed});
  if (options.admin)
    for (auto& each : validate(*options.admin))
      errors.push_back({"admin." + each.field, each.value, each.allowed});
  const auto take = [&](std::string prefix, const config& cfg) {
    for (auto& each : validate(cfg))
      errors.push_back({prefix + each.field, each.value, each.allowed});
  };
  take("defaults.", options.defaults);
  for (const auto& [name, cfg] : options.breakers) {
    if (auto bad = check_name(name))
      errors.push_back(
        {"breakers", name.substr(0, 20) + "...", "named with 1 to 255 bytes"});
    take("breakers." + name + ".", cfg);
  }
  return errors;
}

} // namespace switchgear
