#pragma once

#include <string>

#include "keeper.hpp"
#include "signals.hpp"

namespace demo {

/// Line mode: reads commands from standard input, one a line, until `quit` or
/// the end, and says what came of each.
/// @param dashboard the URL of the page, if there is one
/// @throws interrupted if asked to end by a signal.
void run_plain(keeper& tools, const std::string& dashboard, signals& sent);

} // namespace demo
