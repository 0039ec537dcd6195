#include "support/otlp_recorder.hpp"

#include <google/protobuf/util/json_util.h>
#include <nlohmann/json.hpp>
#include <opentelemetry/proto/collector/logs/v1/logs_service.pb.h>
#include <opentelemetry/proto/collector/metrics/v1/metrics_service.pb.h>
#include <opentelemetry/proto/collector/trace/v1/trace_service.pb.h>

#include <stdexcept>

namespace switchgear::test {

namespace {

using nlohmann::json;
namespace pb = google::protobuf;
namespace logs = opentelemetry::proto::collector::logs::v1;
namespace metrics = opentelemetry::proto::collector::metrics::v1;
namespace traces = opentelemetry::proto::collector::trace::v1;

bool is_logs(const std::string& path) {
  return path.find("logs") != path.npos;
}

bool is_traces(const std::string& path) {
  return path.find("trace") != path.npos;
}

/// A message of the signal that the path names.
template <class Logs, class Traces, class Metrics>
std::unique_ptr<pb::Message> message(const std::string& path) {
  if (is_logs(path))
    return std::make_unique<Logs>();
  if (is_traces(path))
    return std::make_unique<Traces>();
  return std::make_unique<Metrics>();
}

// 64-bit numbers are texts in OTLP's JSON.
template <class T>
T number(const json& from, const char* name) {
  if (!from.contains(name))
    return {};
  const auto& value = from.at(name);
  if (!value.is_string())
    return value.get<T>();
  if constexpr (std::is_same_v<T, double>)
    return std::stod(value.get<std::string>());
  else
    return static_cast<T>(std::stoll(value.get<std::string>()));
}

otlp_value value_of(const json& any) {
  if (any.contains("stringValue"))
    return any.at("stringValue").get<std::string>();
  if (any.contains("boolValue"))
    return any.at("boolValue").get<bool>();
  if (any.contains("doubleValue"))
    return any.at("doubleValue").get<double>();
  return number<std::int64_t>(any, "intValue");
}

otlp_attributes attributes_of(const json& from) {
  otlp_attributes result;
  for (const auto& each : from.value("attributes", json::array()))
    if (!result.emplace(each.at("key"), value_of(each.at("value"))).second)
      throw std::runtime_error{"twice: " + each.at("key").get<std::string>()};
  return result;
}

otlp_origin origin_of(const json& resource, const json& scope) {
  return {attributes_of(resource.at("resource")), scope.at("scope").at("name"),
          scope.at("scope").value("version", "")};
}

otlp_log log_of(const otlp_origin& from, const json& record) {
  return {from,
          record.value("eventName", ""),
          std::get<std::string>(value_of(record.at("body"))),
          record.value("severityNumber", 0),
          record.value("severityText", ""),
          number<std::uint64_t>(record, "timeUnixNano"),
          attributes_of(record)};
}

otlp_point point_of(otlp_point result, const json& point) {
  result.attributes = attributes_of(point);
  result.start = number<std::uint64_t>(point, "startTimeUnixNano");
  result.time = number<std::uint64_t>(point, "timeUnixNano");
  if (result.kind == "histogram") {
    result.value = number<double>(point, "sum");
    result.count = number<std::uint64_t>(point, "count");
    result.bounds = point.at("explicitBounds").get<std::vector<double>>();
    for (const auto& each : point.at("bucketCounts"))
      result.buckets.push_back(each.is_string()
                                 ? std::stoull(each.get<std::string>())
                                 : each.get<std::uint64_t>());
  } else if (point.contains("asDouble")) {
    result.value = number<double>(point, "asDouble");
  } else {
    result.value = static_cast<double>(number<std::int64_t>(point, "asInt"));
  }
  return result;
}

void add_logs(const json& request, std::vector<otlp_log>& to) {
  for (const auto& resource : request.at("resourceLogs"))
    for (const auto& scope : resource.at("scopeLogs"))
      for (const auto& record : scope.at("logRecords"))
        to.push_back(log_of(origin_of(resource, scope), record));
}

otlp_span span_of(const otlp_origin& from, const json& span) {
  otlp_span result{from,
                   span.at("name"),
                   span.at("spanId"),
                   span.value("parentSpanId", ""),
                   0,
                   {},
                   attributes_of(span),
                   {}};
  if (span.contains("status")) {
    result.status = span.at("status").value("code", 0);
    result.status_text = span.at("status").value("message", "");
  }
  for (const auto& each : span.value("events", json::array()))
    result.events.push_back({each.at("name"), attributes_of(each)});
  return result;
}

void add_spans(const json& request, std::vector<otlp_span>& to) {
  for (const auto& resource : request.at("resourceSpans"))
    for (const auto& scope : resource.at("scopeSpans"))
      for (const auto& span : scope.at("spans"))
        to.push_back(span_of(origin_of(resource, scope), span));
}

void add_points(const json& request, std::vector<otlp_point>& to) {
  for (const auto& resource : request.at("resourceMetrics"))
    for (const auto& scope : resource.at("scopeMetrics"))
      for (const auto& metric : scope.at("metrics"))
        for (const char* kind : {"sum", "gauge", "histogram"}) {
          if (!metric.contains(kind))
            continue;
          const auto& data = metric.at(kind);
          otlp_point blank;
          blank.from = origin_of(resource, scope);
          blank.metric = metric.at("name");
          blank.unit = metric.at("unit");
          blank.kind = kind;
          blank.temporality = data.value("aggregationTemporality", 0);
          blank.monotonic = data.value("isMonotonic", false);
          for (const auto& point : data.at("dataPoints"))
            to.push_back(point_of(blank, point));
        }
}

} // namespace

mood otlp_recorder::receive(std::map<std::string, std::string> headers,
                            const std::string& path, const std::string& text) {
  std::unique_lock guard{mutex_};
  ++requests_;
  headers_ = std::move(headers);
  changed_.wait(guard, [this] { return stopped_ || mood_ != mood::slow; });
  if (stopped_)
    return mood::unavailable;
  if (mood_ != mood::fine)
    return mood_;
  const auto request = json::parse(text);
  if (is_logs(path))
    add_logs(request, logs_);
  else if (is_traces(path))
    add_spans(request, spans_);
  else
    add_points(request, points_);
  return mood::fine;
}

void otlp_recorder::release(bool stopped) {
  std::lock_guard guard{mutex_};
  stopped_ = stopped;
  changed_.notify_all();
}

void otlp_recorder::become(mood value) {
  std::lock_guard guard{mutex_};
  mood_ = value;
  changed_.notify_all();
}

std::vector<otlp_log> otlp_recorder::logs() const {
  std::lock_guard guard{mutex_};
  return logs_;
}

std::vector<otlp_point> otlp_recorder::points() const {
  std::lock_guard guard{mutex_};
  return points_;
}

std::vector<otlp_span> otlp_recorder::spans() const {
  std::lock_guard guard{mutex_};
  return spans_;
}

std::size_t otlp_recorder::requests() const {
  std::lock_guard guard{mutex_};
  return requests_;
}

std::map<std::string, std::string> otlp_recorder::headers() const {
  std::lock_guard guard{mutex_};
  return headers_;
}

std::string json_of(const std::string& path, const std::string& protobuf) {
  auto request
    = message<logs::ExportLogsServiceRequest, traces::ExportTraceServiceRequest,
              metrics::ExportMetricsServiceRequest>(path);
  if (!request->ParseFromString(protobuf))
    throw std::runtime_error{"not a request"};
  pb::util::JsonPrintOptions options;
  options.always_print_enums_as_ints = true;
  std::string result;
  if (!pb::util::MessageToJsonString(*request, &result, options).ok())
    throw std::runtime_error{"cannot be shown as JSON"};
  return result;
}

std::string response_to(const std::string& path, mood value) {
  auto response = message<logs::ExportLogsServiceResponse,
                          traces::ExportTraceServiceResponse,
                          metrics::ExportMetricsServiceResponse>(path);
  if (value != mood::picky)
    return response->SerializeAsString();
  const std::string count
    = is_logs(path) ? "rejectedLogRecords" : "rejectedDataPoints";
  const auto text = R"({"partialSuccess":{")" + count
                    + R"(":"1","errorMessage":"not liked"}})";
  if (!pb::util::JsonStringToMessage(text, response.get()).ok())
    throw std::logic_error{text};
  return response->SerializeAsString();
}

} // namespace switchgear::test
