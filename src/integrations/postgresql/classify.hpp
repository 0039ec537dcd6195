#pragma once

#include <optional>
#include <string_view>

#include "switchgear/errc.hpp"

namespace switchgear::pg {

/// Whether an error is the server's failure, and which; none: it is an answer
/// to a statement that is wrong.
/// @param read_only whether the server itself takes no changes: a standby, or
///        made so by its operator
std::optional<errc> failure_of(std::string_view sqlstate,
                               bool read_only) noexcept;

} // namespace switchgear::pg
