#pragma once

#include <tl/expected.hpp>

namespace switchgear {

/// A value, or why there is none.
using tl::expected;
using tl::make_unexpected;
using tl::unexpected;

} // namespace switchgear
