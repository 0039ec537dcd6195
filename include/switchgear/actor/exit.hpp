#pragma once

#include <caf/error.hpp>

#include "switchgear/statem/exit_reason.hpp"

namespace switchgear::actor {

/// The error with which an actor quits, or that its callers get, for `why`.
/// `from_error` reads it back, also in another process.
caf::error to_error(const statem::exit_reason& why);

/// The exit reason that a down or exit message tells of. CAF's own reasons
/// count as what they mean: `user_shutdown` is `shutdown`, `kill` is `killed`,
/// a lost node or an unhandled exception is an error.
statem::exit_reason from_error(const caf::error& why);

} // namespace switchgear::actor
