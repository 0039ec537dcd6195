#pragma once

/// The front door: everything that most programs need.
///
///     switchgear::runtime rt;
///     auto db = rt.breaker("database", switchgear::presets::database());
///     auto rows = db.call([&] { return query("select 1"); });
///
/// Who puts other policies around calls also includes
/// `switchgear/policies.hpp`; who talks to breakers as actors,
/// `switchgear/actor.hpp`; who
/// wants events or metrics elsewhere than in the log, what it needs of
/// `switchgear/telemetry/`; who builds a state machine,
/// `switchgear/statem/statem.hpp`.

#include "switchgear/breaker.hpp"
#include "switchgear/breaker/presets.hpp"
#include "switchgear/helpers.hpp"
#include "switchgear/runtime.hpp"
