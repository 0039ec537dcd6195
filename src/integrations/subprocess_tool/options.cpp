#include "switchgear/integrations/detail/option_checker.hpp"
#include "switchgear/integrations/subprocess_tool.hpp"

namespace switchgear {

std::vector<config_error> validate(const subprocess_options& options) {
  using namespace std::chrono_literals;
  constexpr std::size_t gibibyte = 1024 * 1024 * 1024;
  detail::option_checker c;
  c.time("timeout", options.timeout, 1ms, 24h, "1 ms to 24 h");
  c.time("grace", options.grace, 0ms, 1h, "0 to 1 h");
  c.number<std::size_t>("output_limit", options.output_limit, 0, gibibyte);
  for (auto each : options.answers)
    c.number("answers", each, 0, 255);
  const auto cut
    = [](const std::string& x) { return x.find('\0') != std::string::npos; };
  c.require(!cut(options.directory), "directory", "(with a zero byte)",
            "a path");
  // What is behind the name may be a secret.
  constexpr std::string_view cuts{"=\0", 2};
  if (options.environment)
    for (const auto& each : *options.environment)
      c.require(
        each.find('=', 1) != std::string::npos && !cut(each), "environment",
        '"' + each.substr(0, each.find_first_of(cuts)) + '"', "NAME=value");
  return std::move(c.errors);
}

} // namespace switchgear
