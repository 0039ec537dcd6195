#pragma once

#include <string>

#include "keeper.hpp"
#include "signals.hpp"

namespace demo {

/// The live view. Returns when the person quits.
/// @param dashboard the URL of the page, if there is one
/// @throws interrupted if asked to end by Ctrl-C or a signal.
void run_interactive(keeper& tools, const std::string& dashboard,
                     signals& sent);

} // namespace demo
