#include <algorithm>
#include <cctype>
#include <charconv>
#include <initializer_list>

#include "switchgear/telemetry/otlp.hpp"

namespace switchgear::telemetry {

namespace {

using std::chrono::milliseconds;

std::string_view trim(std::string_view text) {
  const auto begin = text.find_first_not_of(" \t");
  if (begin == text.npos)
    return {};
  return text.substr(begin, text.find_last_not_of(" \t") - begin + 1);
}

bool same(std::string_view x, std::string_view y) {
  const auto lower
    = [](char c) { return std::tolower(static_cast<unsigned char>(c)); };
  return std::ranges::equal(x, y, {}, lower, lower);
}

/// `a%20b` is `a b`; nothing if what follows a `%` is no number.
std::optional<std::string> decode(std::string_view text) {
  std::string result;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      result += text[i];
      continue;
    }
    unsigned char byte = 0;
    const auto* begin = text.data() + i + 1;
    if (i + 2 >= text.size()
        || std::from_chars(begin, begin + 2, byte, 16).ptr != begin + 2)
      return std::nullopt;
    result += static_cast<char>(byte);
    i += 2;
  }
  return result;
}

/// `key=value,key=value`, percent-encoded; nothing if any of it is not.
std::optional<std::map<std::string, std::string>> pairs(std::string_view text) {
  std::map<std::string, std::string> result;
  while (!text.empty()) {
    const auto comma = std::min(text.find(','), text.size());
    const auto entry = trim(text.substr(0, comma));
    text.remove_prefix(std::min(comma + 1, text.size()));
    if (entry.empty())
      continue;
    const auto equals = entry.find('=');
    if (equals == entry.npos)
      return std::nullopt;
    const auto key = decode(trim(entry.substr(0, equals)));
    const auto value = decode(trim(entry.substr(equals + 1)));
    if (!key || key->empty() || !value)
      return std::nullopt;
    result[*key] = *value;
  }
  return result;
}

/// Reads variables. What cannot be read leaves its target as it is.
class reader {
public:
  reader(const std::function<const char*(const char*)>& get,
         std::vector<config_error>& ignored)
    : get_(get),
      ignored_(ignored) {
    // nop
  }

  std::optional<std::string> text(const std::string& name) const {
    const auto* raw = get_(name.c_str());
    const auto value = trim(raw != nullptr ? raw : "");
    if (value.empty())
      return std::nullopt;
    return std::string{value};
  }

  template <class Target>
  void text(const std::string& name, Target& to) const {
    if (auto value = text(name))
      to = std::move(*value);
  }

  template <class Target>
  void time(const std::string& name, Target& to, long long least = 1) const {
    if (auto value = number(name, least, 86'400'000, "milliseconds"))
      to = milliseconds{*value};
  }

  void size(const std::string& name, std::size_t& to,
            long long most = 1'000'000) const {
    if (auto value = number(name, 1, most, "a number"))
      to = static_cast<std::size_t>(*value);
  }

  template <class Target>
  void flag(const std::string& name, Target& to) const {
    const auto value = text(name);
    if (!value)
      return;
    // OpenTelemetry's rule: whatever is not true is false.
    to = same(*value, "true");
    if (!same(*value, "true") && !same(*value, "false"))
      ignore(name, *value, "true or false");
  }

  template <class Enum, class Target>
  void choice(const std::string& name, std::initializer_list<Enum> allowed,
              Target& to) const {
    const auto value = text(name);
    if (!value)
      return;
    std::string names;
    for (auto each : allowed) {
      if (same(*value, to_string(each))) {
        to = each;
        return;
      }
      names.append(names.empty() ? "one of " : ", ").append(to_string(each));
    }
    ignore(name, *value, names);
  }

  template <class Target>
  void map(const std::string& name, Target& to) const {
    const auto value = text(name);
    if (!value)
      return;
    if (auto read = pairs(*value))
      to = std::move(*read);
    else // may be secret
      ignore(name, "(not shown)", "key=value,key=value, percent-encoded");
  }

  void ignore(std::string name, std::string value, std::string allowed) const {
    ignored_.push_back({std::move(name), std::move(value), std::move(allowed)});
  }

private:
  std::optional<long long> number(const std::string& name, long long least,
                                  long long most,
                                  const std::string& what) const {
    const auto value = text(name);
    if (!value)
      return std::nullopt;
    long long result = 0;
    const auto* end = value->data() + value->size();
    const auto [stop, error] = std::from_chars(value->data(), end, result);
    if (error == std::errc{} && stop == end && result >= least
        && result <= most)
      return result;
    ignore(name, *value,
           what + ", " + std::to_string(least) + " to " + std::to_string(most));
    return std::nullopt;
  }

  const std::function<const char*(const char*)>& get_;
  std::vector<config_error>& ignored_;
};

void connection(const reader& read, const std::string& prefix,
                otlp_connection& to) {
  read.text(prefix + "ENDPOINT", to.endpoint);
  read.choice(prefix + "PROTOCOL",
              {otlp_protocol::http_protobuf, otlp_protocol::http_json,
               otlp_protocol::grpc},
              to.protocol);
  read.map(prefix + "HEADERS", to.headers);
  read.time(prefix + "TIMEOUT", to.timeout);
  read.choice(prefix + "COMPRESSION",
              {otlp_compression::none, otlp_compression::gzip}, to.compression);
  read.text(prefix + "CERTIFICATE", to.certificate);
  read.text(prefix + "CLIENT_KEY", to.client_key);
  read.text(prefix + "CLIENT_CERTIFICATE", to.client_certificate);
  read.flag(prefix + "INSECURE", to.insecure);
}

void exporter(const reader& read, const char* name,
              std::optional<otlp_exporter>& to) {
  read.choice(
    name, {otlp_exporter::otlp, otlp_exporter::console, otlp_exporter::none},
    to);
}

void batching(const reader& read, const std::string& prefix,
              otlp_batching& to) {
  read.time(prefix + "SCHEDULE_DELAY", to.schedule_delay, 0);
  read.size(prefix + "MAX_QUEUE_SIZE", to.max_queue_size);
  read.size(prefix + "MAX_EXPORT_BATCH_SIZE", to.max_export_batch_size, 65'536);
  read.time(prefix + "EXPORT_TIMEOUT", to.export_timeout);
  if (to.max_export_batch_size > to.max_queue_size)
    to.max_export_batch_size = to.max_queue_size;
}

} // namespace

otlp_options otlp_options_from_environment(
  const std::function<const char*(const char* name)>& get,
  std::vector<config_error>& ignored) {
  const reader read{get, ignored};
  otlp_options result;
  read.flag("OTEL_SDK_DISABLED", result.disabled);
  read.text("OTEL_SERVICE_NAME", result.service_name);
  read.map("OTEL_RESOURCE_ATTRIBUTES", result.resource_attributes);

  connection(read, "OTEL_EXPORTER_OTLP_", result);
  connection(read, "OTEL_EXPORTER_OTLP_LOGS_", result.logs);
  connection(read, "OTEL_EXPORTER_OTLP_METRICS_", result.metrics);
  connection(read, "OTEL_EXPORTER_OTLP_TRACES_", result.traces);
  exporter(read, "OTEL_LOGS_EXPORTER", result.logs_exporter);
  exporter(read, "OTEL_METRICS_EXPORTER", result.metrics_exporter);
  exporter(read, "OTEL_TRACES_EXPORTER", result.traces_exporter);

  read.choice("OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE",
              {otlp_temporality::cumulative, otlp_temporality::delta,
               otlp_temporality::low_memory},
              result.temporality);
  read.time("OTEL_METRIC_EXPORT_INTERVAL", result.metric_interval);
  read.time("OTEL_METRIC_EXPORT_TIMEOUT", result.metric_timeout);
  batching(read, "OTEL_BLRP_", result.log_batching);
  batching(read, "OTEL_BSP_", result.span_batching);
  return result;
}

} // namespace switchgear::telemetry
