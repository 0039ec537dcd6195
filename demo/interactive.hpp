#pragma once

#include "fleet.hpp"
#include "signals.hpp"

namespace demo {

/// The live view. Returns when the person quits.
/// @throws interrupted if asked to end by Ctrl-C or a signal.
void run_interactive(fleet& tools, signals& sent);

} // namespace demo
