#include "encoding.hpp"

#include <google/protobuf/message.h>
#include <google/protobuf/util/json_util.h>

namespace switchgear::telemetry::otel {

namespace {

namespace util = google::protobuf::util;

} // namespace

std::string encode(const google::protobuf::Message& request,
                   otlp_protocol protocol) {
  if (protocol != otlp_protocol::http_json)
    return request.SerializeAsString();
  util::JsonPrintOptions options;
  options.always_print_enums_as_ints = true; // as OTLP wants it
  std::string result;
  // Fails only for messages that OTLP has none of.
  static_cast<void>(util::MessageToJsonString(request, &result, options));
  return result;
}

bool decode(const std::string& body, otlp_protocol protocol,
            google::protobuf::Message& response) {
  if (protocol != otlp_protocol::http_json)
    return response.ParseFromString(body);
  util::JsonParseOptions options;
  options.ignore_unknown_fields = true;
  return util::JsonStringToMessage(body, &response, options).ok();
}

} // namespace switchgear::telemetry::otel
