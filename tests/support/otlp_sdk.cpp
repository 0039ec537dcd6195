#include "support/otlp_sdk.hpp"

#include <opentelemetry/sdk/common/global_log_handler.h>

namespace switchgear::test {

void complain_as_the_sdk(const std::string& text) {
  OTEL_INTERNAL_LOG_ERROR(text);
}

} // namespace switchgear::test
