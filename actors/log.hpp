#pragma once

#include <string_view>

/// Logging, without the weight of its header in every translation unit. The
/// logger is spdlog's, named `switchgear`; register one of that name to have
/// the messages elsewhere than on standard error. A message is one line,
/// whatever it has been made of.
namespace switchgear::log {

void debug(std::string_view text);

/// Whether debug lines are written at all.
bool writes_debug();

void info(std::string_view text);
void warn(std::string_view text);
void error(std::string_view text);

} // namespace switchgear::log
