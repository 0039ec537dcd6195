#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "switchgear/time.hpp"

namespace switchgear::grpc_client {

/// What we know of a `google.rpc.Status`, the details that a gRPC status may
/// carry. Written and read by hand: generated classes of these well-known types
/// would stand beside those of the user's, which protobuf forbids.
struct error_details {
  std::optional<duration> retry_delay; ///< `RetryInfo`
  std::string reason;                  ///< `ErrorInfo`
  std::string domain;
};

/// @param code, message of the status, which are repeated in it
std::string write_details(int code, std::string_view message,
                          const error_details& content);

/// What cannot be read is left out.
error_details read_details(std::string_view bytes);

} // namespace switchgear::grpc_client
