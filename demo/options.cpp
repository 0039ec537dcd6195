#include "options.hpp"

#include "switchgear/runtime.hpp"

namespace demo {

namespace {

constexpr std::string_view usage_text
  = R"(usage: demo/run [--script | --plain] [--admin [ADDRESS:]PORT | --no-admin]
                [--otlp URL] [--metrics [ADDRESS:]PORT]

Shows a circuit breaker's life in five phases, with real HTTP calls to a small
service that really breaks. Then, on a terminal, a live view of four tools that
you can break and mend with a key; elsewhere commands are read line by line.
A page in the browser shows and does the same; its URL comes first.

  --script  the five phases only; ends with 1 if anything differs from what
            should happen
  --plain   no live view: commands line by line on a terminal, too
  --admin [ADDRESS:]PORT
            where to serve the page and its API; port 0 is a free one. By
            default at 127.0.0.1:9464, or a free port if that is taken, and not
            with --script. Other addresses need a token.
  --no-admin
            no page
  --admin-token-file FILE
            tokens of those who may change things, one a line, each after its
            owner's name: 'alice: TOKEN'. Without it, and without the variable
            SWITCHGEAR_ADMIN_TOKEN, there is a new token each time, which is
            part of the URL.
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

constexpr std::string_view a_place
  = "a PORT or ADDRESS:PORT, e.g. 9464; 0 is a free one";

[[noreturn]] void refuse(std::string_view option, std::string_view value,
                         std::string_view allowed) {
  std::string text{option};
  text.append(" '").append(value).append("': must be ").append(allowed);
  throw usage_error{text};
}

/// As the page's and the numbers' server have it in common.
switchgear::admin_options parse_place(std::string_view option,
                                      std::string_view text) {
  switchgear::admin_options result;
  try {
    switchgear::set_listen_address(result, std::string{text});
  } catch (const switchgear::setup_error&) {
    refuse(option, text,
           "PORT or ADDRESS:PORT, an IPv6 address in brackets, the port 0 to "
           "65535");
  }
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
    else if (name == "--metrics") {
      const auto where = parse_place(name, value_of(name, a_place));
      result.metrics.emplace();
      result.metrics->address = where.address;
      result.metrics->port = where.port;
    } else if (name == "--admin") {
      result.admin = options::admin_use::always;
      result.admin_place = parse_place(name, value_of(name, a_place));
    } else if (argument == "--no-admin")
      result.admin = options::admin_use::never;
    else if (name == "--admin-token-file")
      result.admin_token_file = value_of(name, "a FILE");
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
