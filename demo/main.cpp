// The demo: a breaker's life in five phases, then a view of four tools that
// can be broken and mended by hand. All calls are real.

#include <cstdio>
#include <cstdlib>
#include <memory>
#include <optional>

#include "controls.hpp"
#include "dashboard.hpp"
#include "exporting.hpp"
#include "http_client.hpp"
#include "interactive.hpp"
#include "keeper.hpp"
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

std::string host_of(const std::string& address) {
  const bool v6 = address.find(':') != address.npos;
  return v6 ? '[' + address + ']' : address;
}

/// Serves metrics if that is asked for.
std::unique_ptr<switchgear::telemetry::metrics_endpoint>
serve_metrics(const demo::options& chosen, const switchgear::runtime& system) {
  if (!chosen.metrics)
    return nullptr;
  const auto& where = *chosen.metrics;
  try {
    return std::make_unique<switchgear::telemetry::metrics_endpoint>(
      [&system] { return system.telemetry().collect(); }, where);
  } catch (const switchgear::setup_error& error) {
    throw demo::usage_error{"--metrics '" + host_of(where.address) + ':'
                            + std::to_string(where.port)
                            + "': " + error.what()};
  }
}

void say_where(const demo::dashboard& page,
               const switchgear::telemetry::metrics_endpoint* metrics,
               const demo::options& chosen) {
  if (page.server)
    std::printf("Dashboard: %s\n", page.url.c_str());
  if (metrics != nullptr)
    std::printf("Metrics: http://%s:%u/metrics\n",
                host_of(chosen.metrics->address).c_str(),
                unsigned{metrics->port()});
  std::fflush(stdout);
}

void run_modes(const demo::options& chosen, bool interactive,
               switchgear::runtime& system, const demo::dashboard& page,
               demo::signals& sent) {
  demo::run_phases(system, sent, interactive ? 100ms : 0ms);
  if (chosen.script)
    return;
  demo::keeper tools{system};
  std::optional<demo::page_controls> buttons;
  if (page.server)
    buttons.emplace(*page.server, tools);
  if (interactive)
    demo::run_interactive(tools, page.url, sent);
  else
    demo::run_plain(tools, page.url, sent);
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
  // After what has been asked for: it makes do with another port.
  auto page = demo::open_dashboard(chosen, system);
  say_where(page, metrics.get(), chosen);
  const auto conclude = [&] {
    page.server.reset();
    metrics.reset();
    system.shutdown(); // delivers what there is, and gives up on the rest
    for (const auto& line :
         demo::delivery_report(system.telemetry().health(), settings,
                               switchgear::telemetry::otlp_available()))
      std::puts(line.c_str());
    std::fflush(stdout);
  };
  try {
    run_modes(chosen, interactive, system, page, sent);
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
