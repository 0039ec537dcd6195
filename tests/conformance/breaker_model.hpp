#pragma once

#include "conformance/breaker_script.hpp"

namespace switchgear::conformance {

/// What a breaker is, said once more and as plainly as possible: no engine, no
/// events, no timers. It shares nothing with the real one but the script.
/// @returns the trace of a scenario
lines model_breaker(const breaker_script& script);

} // namespace switchgear::conformance
