#include "options.hpp"

#include <charconv>

namespace demo {

namespace {

constexpr std::string_view usage_text
  = R"(usage: demo/run [--script | --plain] [--otlp URL] [--metrics [ADDRESS:]PORT]

Shows a circuit breaker's life in five phases, with real HTTP calls to a small
service that really breaks. Then, on a terminal, a live view of four tools that
you can break and mend with a key; elsewhere commands are read line by line.

  --script  the five phases only; ends with 1 if anything differs from what
            should happen
  --plain   no live view: commands line by line on a terminal, too
  --otlp URL
            export all events and metrics to an OpenTelemetry collector, e.g.
            http://localhost:4318; with OTEL_EXPORTER_OTLP_PROTOCOL=grpc also
            HOST:PORT
  --metrics [ADDRESS:]PORT
            serve metrics for Prometheus, on 127.0.0.1 unless there is an
            address; port 0 is a free one
  --help    this

Environment: NO_COLOR turns colours off; TERM=dumb is like --plain; the OTEL_*
variables say what is exported, and how. The last lines tell what arrived.
)";

[[noreturn]] void refuse(std::string_view option, std::string_view value,
                         std::string_view allowed) {
  std::string text{option};
  text.append(" '").append(value).append("': must be ").append(allowed);
  throw usage_error{text};
}

switchgear::telemetry::metrics_endpoint_options
parse_place(std::string_view text) {
  constexpr auto allowed
    = "PORT or ADDRESS:PORT, an IPv6 address in brackets, the port 0 to 65535";
  switchgear::telemetry::metrics_endpoint_options result;
  auto port = text;
  if (const auto colon = text.rfind(':'); colon != text.npos) {
    auto address = text.substr(0, colon);
    if (address.starts_with('[') && address.ends_with(']'))
      address = address.substr(1, address.size() - 2);
    else if (address.find(':') != address.npos)
      refuse("--metrics", text, allowed);
    result.address = address;
    port = text.substr(colon + 1);
  }
  const auto* end = port.data() + port.size();
  const auto [stop, error] = std::from_chars(port.data(), end, result.port);
  if (error != std::errc{} || stop != end)
    refuse("--metrics", text, allowed);
  return result;
}

} // namespace

options parse_options(std::span<const char* const> arguments) {
  options result;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const std::string_view argument = arguments[i];
    // `--name VALUE` or `--name=VALUE`
    const auto value_of = [&](std::string_view name, std::string_view what) {
      if (argument.size() > name.size())
        return argument.substr(name.size() + 1);
      if (i + 1 == arguments.size())
        throw usage_error{std::string{name}.append(" needs ").append(what)};
      return std::string_view{arguments[++i]};
    };
    const auto name = argument.substr(0, argument.find('='));
    if (argument == "--script")
      result.script = true;
    else if (argument == "--plain")
      result.plain = true;
    else if (argument == "--help" || argument == "-h")
      result.help = true;
    else if (name == "--otlp")
      result.otlp = value_of(name, "a URL, e.g. http://localhost:4318");
    else if (name == "--metrics")
      result.metrics = parse_place(
        value_of(name, "a PORT or ADDRESS:PORT, e.g. 9464; 0 is a free one"));
    else
      throw usage_error{"unknown option '" + std::string{argument}
                        + "'; see --help"};
  }
  return result;
}

std::string_view usage() {
  return usage_text;
}

} // namespace demo
