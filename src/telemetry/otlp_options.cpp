#include <algorithm>
#include <array>
#include <charconv>

#include "switchgear/telemetry/otlp.hpp"

namespace switchgear::telemetry {

namespace {

using namespace std::chrono_literals;

const otlp_connection& of(const otlp_options& options, otlp_signal signal) {
  switch (signal) {
    case otlp_signal::logs:
      return options.logs;
    case otlp_signal::metrics:
      return options.metrics;
    case otlp_signal::traces:
      break;
  }
  return options.traces;
}

std::optional<otlp_exporter> exporter_of(const otlp_options& options,
                                         otlp_signal signal) {
  switch (signal) {
    case otlp_signal::logs:
      return options.logs_exporter;
    case otlp_signal::metrics:
      return options.metrics_exporter;
    case otlp_signal::traces:
      break;
  }
  return options.traces_exporter;
}

struct url {
  std::string_view scheme;
  std::string_view authority; // host and port
  std::string_view rest;      // path and query
};

url parse(std::string_view text) {
  url result;
  if (const auto end = text.find("://"); end != text.npos) {
    result.scheme = text.substr(0, end);
    text.remove_prefix(end + 3);
  }
  const auto end = std::min(text.find_first_of("/?#"), text.size());
  result.authority = text.substr(0, end);
  result.rest = text.substr(end);
  return result;
}

// The part after the host: `:4317`, or nothing.
std::string_view port_of(std::string_view authority) {
  const auto bracket = authority.rfind(']');
  const auto colon
    = authority.find(':', bracket == authority.npos ? 0 : bracket);
  return colon == authority.npos ? std::string_view{} : authority.substr(colon);
}

bool is_authority(std::string_view text) {
  const auto port = port_of(text);
  if (port.size() == text.size() || text.find_first_of(" \t") != text.npos)
    return false; // no host
  if (port.empty())
    return true;
  unsigned number = 0;
  const auto* end = port.data() + port.size();
  const auto [stop, error] = std::from_chars(port.data() + 1, end, number);
  return error == std::errc{} && stop == end && number >= 1 && number <= 65535;
}

bool is_endpoint(std::string_view text, otlp_protocol protocol) {
  const auto parts = parse(text);
  const bool plain = protocol == otlp_protocol::grpc && parts.scheme.empty();
  return (plain || parts.scheme == "http" || parts.scheme == "https")
         && is_authority(parts.authority);
}

std::string with_path(std::string_view endpoint, otlp_signal signal) {
  const auto query = std::min(endpoint.find_first_of("?#"), endpoint.size());
  std::string result{endpoint.substr(0, query)};
  while (result.ends_with('/'))
    result.pop_back();
  result += "/v1/";
  result += to_string(signal);
  return result.append(endpoint.substr(query));
}

template <class T>
T either(const std::optional<T>& own, const std::optional<T>& general,
         T fallback) {
  return own ? *own : general ? *general : std::move(fallback);
}

class checker {
public:
  std::vector<config_error> errors;

  void require(bool fine, std::string field, std::string value,
               std::string allowed) {
    if (!fine)
      errors.push_back(
        {std::move(field), std::move(value), std::move(allowed)});
  }

  void time(const std::string& field, duration value, duration least,
            duration most, std::string allowed) {
    const auto ms
      = std::chrono::duration_cast<std::chrono::milliseconds>(value);
    require(value >= least && value <= most, field,
            std::to_string(ms.count()) + " ms", std::move(allowed));
  }

  void size(const std::string& field, std::size_t value, std::size_t most,
            std::string allowed) {
    require(value >= 1 && value <= most, field, std::to_string(value),
            std::move(allowed));
  }

  void connection(const std::string& prefix, const otlp_connection& way,
                  otlp_protocol protocol) {
    if (way.endpoint)
      require(is_endpoint(*way.endpoint, protocol), prefix + "endpoint",
              *way.endpoint,
              protocol == otlp_protocol::grpc
                ? "http://HOST:PORT, https://HOST:PORT or HOST:PORT"
                : "a URL that begins with http:// or https://");
    if (way.timeout)
      time(prefix + "timeout", *way.timeout, 1ms, 1h, "1 ms to 1 h");
    require(way.client_key.has_value() == way.client_certificate.has_value(),
            prefix + "client_key", way.client_key.value_or(""),
            "set together with client_certificate");
    if (way.headers)
      for (const auto& [name, value] : *way.headers)
        require(!name.empty() && name.find_first_of(" \t\r\n:") == name.npos
                  && value.find_first_of("\r\n") == value.npos,
                prefix + "headers", name,
                "names without blanks, and values in one line");
  }

  void batching(const std::string& prefix, const otlp_batching& value) {
    time(prefix + "schedule_delay", value.schedule_delay, 0ms, 1min,
         "0 to 1 min");
    size(prefix + "max_queue_size", value.max_queue_size, 1'000'000,
         "1 to 1000000");
    size(prefix + "max_export_batch_size", value.max_export_batch_size,
         std::min<std::size_t>(65'536, value.max_queue_size),
         "1 to 65536, and at most max_queue_size");
    time(prefix + "export_timeout", value.export_timeout, 1ms, 1h,
         "1 ms to 1 h");
  }
};

} // namespace

bool otlp_options::exports(otlp_signal signal) const noexcept {
  const auto exporter = exporter_of(*this, signal);
  if (disabled || exporter == otlp_exporter::none)
    return false;
  return exporter || endpoint || of(*this, signal).endpoint;
}

bool otlp_options::configured() const noexcept {
  return exports(otlp_signal::logs) || exports(otlp_signal::metrics)
         || exports(otlp_signal::traces);
}

otlp_target target_of(const otlp_options& options, otlp_signal signal) {
  const auto& own = of(options, signal);
  otlp_target result;
  result.exporter
    = options.disabled
        ? otlp_exporter::none
        : exporter_of(options, signal).value_or(otlp_exporter::otlp);
  result.protocol
    = either(own.protocol, options.protocol, otlp_protocol::http_protobuf);
  result.headers = either(own.headers, options.headers, {});
  result.timeout = either(own.timeout, options.timeout, duration{10s});
  if (signal == otlp_signal::metrics)
    result.timeout = std::min(result.timeout, options.metric_timeout);
  else
    result.timeout
      = std::min(result.timeout, signal == otlp_signal::logs
                                   ? options.log_batching.export_timeout
                                   : options.span_batching.export_timeout);
  result.compression
    = either(own.compression, options.compression, otlp_compression::none);
  result.certificate = either(own.certificate, options.certificate, {});
  // These two belong together.
  const auto& client = own.client_key ? own : options;
  result.client_key = client.client_key.value_or("");
  result.client_certificate = client.client_certificate.value_or("");

  if (result.protocol == otlp_protocol::grpc) {
    const auto text = either(own.endpoint, options.endpoint,
                             std::string{"http://localhost:4317"});
    const auto parts = parse(text);
    result.tls = parts.scheme.empty()
                   ? !either(own.insecure, options.insecure, false)
                   : parts.scheme == "https";
    result.endpoint = parts.authority;
    if (port_of(parts.authority).empty())
      result.endpoint += result.tls ? ":443" : ":4317";
  } else {
    result.endpoint
      = own.endpoint
          ? *own.endpoint
          : with_path(options.endpoint.value_or("http://localhost:4318"),
                      signal);
    result.tls = result.endpoint.starts_with("https:");
  }
  return result;
}

std::vector<config_error> validate(const otlp_options& options) {
  checker c;
  const auto general = options.protocol.value_or(otlp_protocol::http_protobuf);
  c.connection("", options, general);
  for (auto signal :
       {otlp_signal::logs, otlp_signal::metrics, otlp_signal::traces}) {
    const auto& own = of(options, signal);
    const std::string name{to_string(signal)};
    const auto protocol = own.protocol.value_or(general);
    c.connection(name + ".", own, protocol);
    // A host without a scheme is fine for gRPC, but not for what it is
    // inherited by.
    if (options.endpoint && !own.endpoint
        && is_endpoint(*options.endpoint, general))
      c.require(is_endpoint(*options.endpoint, protocol), name + ".endpoint",
                *options.endpoint,
                "a URL that begins with http:// or https://");
  }
  c.batching("log_batching.", options.log_batching);
  c.batching("span_batching.", options.span_batching);
  c.time("metric_interval", options.metric_interval, 1ms, 24h, "1 ms to 24 h");
  c.time("metric_timeout", options.metric_timeout, 1ms, 1h, "1 ms to 1 h");
  return std::move(c.errors);
}

sink_options otlp_log_sink_options(const otlp_options& options) {
  sink_options result;
  result.wants.successes = options.success_events;
  result.queue = options.log_batching.max_queue_size;
  result.batch = options.log_batching.max_export_batch_size;
  result.linger = options.log_batching.schedule_delay;
  return result;
}

sink_options otlp_metric_sink_options(const otlp_options& options) {
  sink_options result;
  result.wants = interests::nothing();
  result.report_interval = options.metric_interval;
  return result;
}

} // namespace switchgear::telemetry
