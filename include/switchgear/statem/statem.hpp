#pragma once

/// The state machine engine: gen_statem for C++.
///
/// A machine is a class with one member function per state (see
/// `state_functions`); an `engine` runs it; a driver connects the engine to
/// time and callers: `virtual_driver` here, or `actor_driver` inside an actor.

#include "switchgear/statem/diagram.hpp"
#include "switchgear/statem/engine.hpp"
#include "switchgear/statem/virtual_driver.hpp"
