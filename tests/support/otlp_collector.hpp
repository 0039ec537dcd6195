#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "switchgear/telemetry/otlp.hpp"

namespace switchgear::test {

using otlp_value = std::variant<std::string, std::int64_t, double, bool>;
using otlp_attributes = std::map<std::string, otlp_value>;

/// What a record or point came with.
struct otlp_origin {
  otlp_attributes resource;
  std::string scope;
  std::string scope_version;
};

/// A log record as a collector sees it.
struct otlp_log {
  otlp_origin from;
  std::string event_name;
  std::string body;
  int severity = 0;
  std::string severity_text;
  std::uint64_t time = 0; // ns
  otlp_attributes attributes;
};

/// A point of a metric as a collector sees it.
struct otlp_point {
  otlp_origin from;
  std::string metric;
  std::string unit;
  std::string kind;    // sum, gauge or histogram
  int temporality = 0; // 1 delta, 2 cumulative
  bool monotonic = false;
  otlp_attributes attributes;
  std::uint64_t start = 0; // ns
  std::uint64_t time = 0;  // ns
  double value = 0;        // of a histogram the sum
  std::uint64_t count = 0;
  std::vector<double> bounds;
  std::vector<std::uint64_t> buckets;
};

/// Something that happened within a span.
struct otlp_span_event {
  std::string name;
  otlp_attributes attributes;
};

/// A span as a collector sees it.
struct otlp_span {
  otlp_origin from;
  std::string name;
  std::string id;
  std::string parent; // empty: none
  int status = 0;     // 2: an error
  std::string status_text;
  otlp_attributes attributes;
  std::vector<otlp_span_event> events;
};

/// How a collector treats requests.
enum class mood {
  fine,
  unavailable, ///< 503, UNAVAILABLE
  busy,        ///< 429, RESOURCE_EXHAUSTED
  bad,         ///< 400, INVALID_ARGUMENT
  slow,        ///< Does not answer before its mood changes, or it stops.
  picky,       ///< Takes the request, and none of what is in it.
};

/// A real collector on a free port of the loopback interface.
class otlp_collector {
public:
  virtual ~otlp_collector() = default;

  /// Ends it; what it has recorded stays. All others find its port closed.
  virtual void stop() = 0;

  /// Starts it again, on the same port.
  virtual void start() = 0;

  virtual std::string endpoint() const = 0;
  virtual void become(mood value) = 0;

  virtual std::vector<otlp_log> logs() const = 0;
  virtual std::vector<otlp_point> points() const = 0;
  virtual std::vector<otlp_span> spans() const = 0;
  /// Requests that it got, whatever became of them, and the headers of the last
  /// one with names in lower case.
  virtual std::size_t requests() const = 0;
  virtual std::map<std::string, std::string> headers() const = 0;
};

/// Speaks HTTP, with JSON and protobuf.
std::unique_ptr<otlp_collector> make_http_collector();
std::unique_ptr<otlp_collector> make_grpc_collector();

/// The one for a protocol.
inline std::unique_ptr<otlp_collector>
make_collector(telemetry::otlp_protocol protocol) {
  return protocol == telemetry::otlp_protocol::grpc ? make_grpc_collector()
                                                    : make_http_collector();
}

} // namespace switchgear::test
