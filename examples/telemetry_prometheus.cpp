// Metrics for Prometheus: an endpoint that can be scraped (here at a free port,
// by default at 127.0.0.1:9464), and what a scrape shows of one breaker.

#include "switchgear/switchgear.hpp"
#include "switchgear/telemetry/metrics_endpoint.hpp"
#include "switchgear/telemetry/prometheus.hpp"

#include <iostream>
#include <sstream>
#include <stdexcept>

namespace telemetry = switchgear::telemetry;

namespace {

int query(int n) {
  if (n > 2)
    throw std::runtime_error{"connection refused"};
  return n;
}

} // namespace

int main() {
  switchgear::runtime rt;
  // In a process that lives on, this is all that is needed.
  telemetry::metrics_endpoint endpoint{
    [&rt] { return rt.telemetry().collect(); }, {.port = 0}};
  std::cout << "serves: " << (endpoint.port() != 0 ? "yes" : "no") << '\n';

  auto db = rt.breaker("database", {.failure_threshold = 3});
  for (int n = 1; n <= 7; ++n)
    db.call([&] { return query(n); });

  // The same text as `GET /metrics` gets, for a server of your own.
  std::istringstream text{telemetry::to_prometheus(rt.telemetry().collect())};
  for (std::string line; std::getline(text, line);)
    if (line.starts_with("circuit_breaker_calls_total")
        || line.starts_with("circuit_breaker_state"))
      std::cout << line << '\n';
}
