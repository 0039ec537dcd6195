#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace switchgear::detail {

/// How many bytes the UTF-8 character has that `text` begins with; zero if they
/// are none: too long a form, a surrogate, beyond Unicode, or cut short.
std::size_t utf8_length(std::string_view text) noexcept;

/// `text`, in which each byte that is not part of a UTF-8 character is written
/// out as `\xHH`, so that names that differ still do.
std::string to_utf8(std::string_view text);

} // namespace switchgear::detail
