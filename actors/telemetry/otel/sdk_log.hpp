#pragma once

namespace switchgear::telemetry::otel {

/// From now on what the SDK has to say of itself goes to this library's log,
/// not to standard output. A handler that the user has set stays.
void adopt_sdk_log();

} // namespace switchgear::telemetry::otel
