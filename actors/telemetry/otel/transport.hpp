#pragma once

#include <memory>
#include <string>

#include "switchgear/telemetry/otlp.hpp"

namespace switchgear::telemetry::otel {

/// What a collector said to a request.
struct answer {
  delivery what;
  /// Of one that was taken: the response, in the encoding of the request.
  std::string body;
};

/// Brings requests to a collector and tells what truly became of them. The
/// SDK's own exporters do not: that of logs by HTTP reports success whatever
/// happens, and that by gRPC does not say whether it makes sense to try again.
class transport {
public:
  virtual ~transport() = default;

  /// Returns within the target's timeout, but for a moment.
  virtual answer send(std::string body) = 0;
};

std::unique_ptr<transport> make_http_transport(const otlp_target& target);

std::unique_ptr<transport> make_grpc_transport(const otlp_target& target,
                                               otlp_signal signal);

inline std::unique_ptr<transport> make_transport(const otlp_target& target,
                                                 otlp_signal signal) {
  return target.protocol == otlp_protocol::grpc
           ? make_grpc_transport(target, signal)
           : make_http_transport(target);
}

} // namespace switchgear::telemetry::otel
