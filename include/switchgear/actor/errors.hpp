#pragma once

#include <caf/error.hpp>

#include "switchgear/failure.hpp"

namespace switchgear::actor {

/// A failure as the error of a response. Its code compares equal to the
/// failure's `errc`; message and retry-after travel along, the exception
/// stays behind.
caf::error to_error(const failure& why);

/// Reads back what `to_error` wrote. CAF's own errors become the nearest of
/// ours: a request timeout `timeout`, a lost receiver `unavailable`.
failure to_failure(const caf::error& why);

} // namespace switchgear::actor
