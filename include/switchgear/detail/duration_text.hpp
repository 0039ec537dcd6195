#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "switchgear/time.hpp"

namespace switchgear::detail {

/// A time as people write it in settings: `30s`, `1500ms`, `2h`. In the largest
/// unit that gives a whole number.
std::string duration_text(duration value);

/// Understands what `duration_text` writes, and fractions: a number and one of
/// the units ns, us, ms, s, min, h, d, with or without a space between them.
/// @returns nothing if it is none, or too long to be counted
std::optional<duration> parse_duration(std::string_view text);

} // namespace switchgear::detail
