#pragma once

#include <vector>

#include <caf/settings.hpp>

#include "switchgear/runtime.hpp"

namespace switchgear {

/// Reads the section `telemetry` of our options. What it says of OTLP comes on
/// top of what the environment asks for.
void read_telemetry(const caf::settings& from, telemetry_options& into,
                    std::vector<config_error>& errors);

} // namespace switchgear
