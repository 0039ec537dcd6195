#pragma once

#include <functional>
#include <string>
#include <vector>

#include "options.hpp"
#include "switchgear/telemetry/otlp.hpp"

/// Where the demo's events and numbers go, and what became of them.
namespace demo {

/// The settings of export: the variables `OTEL_*`, and over them `--otlp`,
/// which exports everything to one place and successes too.
/// @param get gives a variable's value or null
/// @param warn is told what could not be read and is ignored
/// @throws usage_error if that cannot work
switchgear::telemetry::otlp_options
export_settings(const options& chosen,
                const std::function<const char*(const char* name)>& get,
                const std::function<void(const std::string& text)>& warn);

/// What each sink has delivered where, or why not, a line for each but those
/// of the page.
/// @param available whether the library can export at all
std::vector<std::string>
delivery_report(const std::vector<switchgear::telemetry::sink_health>& sinks,
                const switchgear::telemetry::otlp_options& settings,
                bool available);

} // namespace demo
