// Export to an OpenTelemetry collector: log records, metrics, and a span for
// each call. The endpoint comes from the command line, else from the variables
// OTEL_*; if neither names one it is that of a collector on this machine.
// Without a collector the calls go on as ever, and the sinks' health says what
// became of the events:
//
//     telemetry_otlp http://localhost:4318

#include "switchgear/switchgear.hpp"
#include "switchgear/telemetry/otlp.hpp"

#include <iostream>
#include <stdexcept>

using namespace std::chrono_literals;
namespace telemetry = switchgear::telemetry;

namespace {

int query(int n) {
  if (n % 2 == 0)
    throw std::runtime_error{"connection refused"};
  return n;
}

} // namespace

int main(int argc, char** argv) {
  auto otlp = telemetry::otlp_options_from_environment();
  if (argc > 1)
    otlp.endpoint = argv[1];
  else if (!otlp.configured())
    otlp.endpoint = "http://localhost:4318";
  if (otlp.service_name.empty())
    otlp.service_name = "telemetry_otlp";
  otlp.success_events = true;
  otlp.call_spans = true;
  switchgear::runtime_options options;
  options.telemetry.otlp = otlp;
  options.shutdown_grace = 1s;
  switchgear::runtime rt{options};

  auto db = rt.breaker("database", {.failure_threshold = 10});
  for (int n = 1; n <= 6; ++n)
    db.call([&] { return query(n); });
  const bool delivered = rt.telemetry().flush(2s);

  std::cout << "built with OpenTelemetry: "
            << (telemetry::otlp_available() ? "yes" : "no") << '\n'
            << "all delivered: " << (delivered ? "yes" : "no") << '\n';
  for (const auto& each : rt.telemetry().health()) {
    std::cout << each.name << ": ";
    if (each.reports_delivered + each.reports_failed > 0)
      std::cout << each.reports_delivered << " reports delivered, "
                << each.reports_failed << " failed\n";
    else
      std::cout << each.offered << " events: " << each.delivered
                << " delivered, " << each.failed << " failed, " << each.dropped
                << " dropped, " << each.queued << " waiting\n";
    if (!each.last_error.empty())
      std::cout << "  last error: " << each.last_error << '\n';
  }
}
