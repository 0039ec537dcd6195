#pragma once

#include <chrono>
#include <stdexcept>

#include "signals.hpp"
#include "switchgear/switchgear.hpp"

namespace demo {

/// What happened is not what should have happened; the text says how the two
/// differ.
class mismatch : public std::runtime_error {
public:
  using std::runtime_error::runtime_error;
};

/// Shows a breaker's life in five phases, with real calls to a service that
/// really breaks, and compares all that happens with what should.
/// @param pace is a pause after each call, for people.
/// @throws mismatch at the first difference.
/// @throws interrupted if asked to end.
void run_phases(switchgear::runtime& system, signals& sent,
                std::chrono::milliseconds pace);

} // namespace demo
