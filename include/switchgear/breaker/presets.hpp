#pragma once

#include "switchgear/breaker/config.hpp"

/// Settings for common kinds of tools, to start from. Failures are those in a
/// row; where many are allowed the window for the failure rate is twice as
/// long, so that the rate does not trip first.
///
/// They are plain values: change what you want otherwise, field by field.
///
///     auto cfg = switchgear::presets::http_api();
///     cfg.open_timeout = 10s;
namespace switchgear::presets {

/// An HTTP API: 5 failures, 30 s open, 2 successes, 3 probes.
config http_api();

/// A large language model: 3 failures, 120 s open, 2 successes, 2 probes.
config llm_service();

/// A database: 10 failures, 10 s open, 3 successes, 5 probes.
config database();

/// Notifications: 10 failures, 60 s open, 2 successes, 3 probes.
config notifications();

/// A cache: 8 failures, 20 s open, 3 successes, 4 probes.
config cache();

/// Something that must not be harmed: 2 failures, 5 min open.
config critical_service();

/// Many calls, some of which always fail: 20 failures in a row or half of the
/// last 100, 30 s open.
config high_volume();

/// A database that must answer: 3 failures, 60 s open.
config database_strict();

/// In doubt let it be tried: 10 failures, 60 s open.
config conservative();

/// In doubt leave it alone: 3 failures, 60 s open.
config aggressive();

/// By the rate alone: more than 10 calls, more than half of the last 100 of
/// which failed; 60 s open. A threshold trips at `>=`, so it is 0.501: of 11
/// to 100 calls no share lies between one half and that.
config percentage();

} // namespace switchgear::presets
