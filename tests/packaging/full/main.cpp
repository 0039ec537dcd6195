#include "switchgear/switchgear.hpp"
#include "switchgear/telemetry/otlp.hpp"

#include <iostream>

namespace telemetry = switchgear::telemetry;

int main() {
  // Needs all that a static library of ours is linked with.
  if (telemetry::otlp_available()) {
    telemetry::otlp_options options;
    options.protocol = telemetry::otlp_protocol::grpc;
    telemetry::make_otlp_log_sink(options)();
    telemetry::make_otlp_metric_sink(options)();
  }
  switchgear::runtime rt;
  auto db = rt.breaker("database");
  auto rows = db.call([] { return 42; });
  std::cout << "the call gave " << rows.value() << '\n';
  return rows.value() == 42 ? 0 : 1;
}
