#pragma once

#include <string>

#include "switchgear/telemetry/otlp.hpp"

namespace google::protobuf {
class Message;
} // namespace google::protobuf

namespace switchgear::telemetry::otel {

/// A request as it travels.
std::string encode(const google::protobuf::Message& request,
                   otlp_protocol protocol);

/// Reads a response; false if it is none.
bool decode(const std::string& body, otlp_protocol protocol,
            google::protobuf::Message& response);

} // namespace switchgear::telemetry::otel
