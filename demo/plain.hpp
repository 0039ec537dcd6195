#pragma once

#include "fleet.hpp"
#include "signals.hpp"

namespace demo {

/// Line mode: reads commands from standard input, one a line, until `quit` or
/// the end, and says what came of each.
/// @throws interrupted if asked to end by a signal.
void run_plain(fleet& tools, signals& sent);

} // namespace demo
