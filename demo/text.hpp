#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "switchgear/time.hpp"

/// Text as a terminal shows it: measured in columns, not bytes.
namespace demo {

/// Columns that `text` takes. Wide characters take two, combining ones none.
std::size_t display_width(std::string_view text);

/// What a terminal can show of `text`: control characters and what is not
/// UTF-8 become `?`; so does all that is not ASCII unless `unicode`.
std::string printable(std::string_view text, bool unicode);

/// `text` cut to at most `columns`, its end replaced by `mark` if it had to be.
std::string shorten(std::string_view text, std::size_t columns,
                    std::string_view mark);

/// `420 ns`, `340 us`, `12 ms`, `1.4 s`, `3 min`: two or three digits are
/// enough for an eye that passes over them.
std::string brief(switchgear::duration value);

/// What is left of a time, in a text that keeps its length as it goes down:
/// `0.4 s`, `12 s`.
std::string countdown(switchgear::duration left);

/// `2,345` and from a million on `12.3M`, for a column of six.
std::string brief(std::size_t count);

} // namespace demo
