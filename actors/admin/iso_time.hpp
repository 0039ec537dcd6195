#pragma once

#include <string>

#include "switchgear/time.hpp"

namespace switchgear::admin {

/// `2026-11-28T02:05:34.123Z`
std::string iso_time(wall_time at);

} // namespace switchgear::admin
