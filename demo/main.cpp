// The demo: a breaker's life in five phases, then a view of four tools that
// can be broken and mended by hand. All calls are real.

#include <cstdio>
#include <cstdlib>
#include <memory>

#include "exporting.hpp"
#include "fleet.hpp"
#include "http_client.hpp"
#include "interactive.hpp"
#include "logging.hpp"
#include "options.hpp"
#include "phases.hpp"
#include "plain.hpp"
#include "signals.hpp"
#include "terminal.hpp"

namespace {

using namespace std::chrono_literals;

// How long the end waits for what is still to be delivered.
constexpr auto delivery_patience = 3s;

switchgear::telemetry::otlp_options settings_of(const demo::options& chosen) {
  auto result = demo::export_settings(
    chosen, [](const char* name) { return std::getenv(name); },
    [](const std::string& text) {
      std::fprintf(stderr, "demo: ignored: %s\n", text.c_str());
    });
  if (chosen.otlp && !switchgear::telemetry::otlp_available())
    std::fputs("demo: --otlp is ignored: this library was built without "
               "OpenTelemetry\n",
               stderr);
  return result;
}

/// Serves metrics if that is asked for, and tells where.
std::unique_ptr<switchgear::telemetry::metrics_endpoint>
serve_metrics(const demo::options& chosen, const switchgear::runtime& system) {
  if (!chosen.metrics)
    return nullptr;
  const auto& where = *chosen.metrics;
  const bool v6 = where.address.find(':') != where.address.npos;
  const auto host = v6 ? '[' + where.address + ']' : where.address;
  try {
    auto result = std::make_unique<switchgear::telemetry::metrics_endpoint>(
      [&system] { return system.telemetry().collect(); }, where);
    std::printf("Metrics: http://%s:%u/metrics\n", host.c_str(),
                unsigned{result->port()});
    std::fflush(stdout);
    return result;
  } catch (const switchgear::setup_error& error) {
    throw demo::usage_error{"--metrics '" + host + ':'
                            + std::to_string(where.port)
                            + "': " + error.what()};
  }
}

void run_modes(const demo::options& chosen, bool interactive,
               switchgear::runtime& system, demo::signals& sent) {
  demo::run_phases(system, sent, interactive ? 100ms : 0ms);
  if (chosen.script)
    return;
  demo::fleet tools{system};
  if (interactive)
    demo::run_interactive(tools, sent);
  else
    demo::run_plain(tools, sent);
}

void run(const demo::options& chosen) {
  const auto settings = settings_of(chosen);
  const bool interactive
    = !chosen.script && !chosen.plain && demo::has_terminal();
  demo::signals sent; // before any thread
  demo::quiet_log(interactive);
  const demo::http_library http;
  switchgear::runtime_options how;
  how.telemetry.otlp = settings;
  how.shutdown_grace = delivery_patience;
  switchgear::runtime system{how};
  auto metrics = serve_metrics(chosen, system);
  const auto conclude = [&] {
    metrics.reset();
    system.shutdown(); // delivers what there is, and gives up on the rest
    for (const auto& line :
         demo::delivery_report(system.telemetry().health(), settings,
                               switchgear::telemetry::otlp_available()))
      std::puts(line.c_str());
    std::fflush(stdout);
  };
  try {
    run_modes(chosen, interactive, system, sent);
  } catch (...) {
    conclude();
    throw;
  }
  conclude();
}

} // namespace

int main(int argc, char** argv) {
  try {
    const auto chosen
      = demo::parse_options({argv + 1, static_cast<std::size_t>(argc - 1)});
    if (chosen.help)
      std::fputs(demo::usage().data(), stdout);
    else
      run(chosen);
    return 0;
  } catch (const demo::usage_error& error) {
    std::fprintf(stderr, "demo: %s\n", error.what());
    return 2;
  } catch (const demo::interrupted& end) {
    return end.exit_code();
  } catch (const demo::mismatch& difference) {
    std::fprintf(stderr, "demo: not as it should be: %s\n", difference.what());
  } catch (const std::exception& error) {
    std::fprintf(stderr, "demo: %s\n", error.what());
  }
  return 1;
}
