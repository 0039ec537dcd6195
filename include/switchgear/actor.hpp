#pragma once

/// Breakers as actors: their messages, tasks, supervisors, configuration;
/// actors that take events.

#include "switchgear/actor/breaker_actor.hpp"
#include "switchgear/actor/caf.hpp"
#include "switchgear/actor/errors.hpp"
#include "switchgear/actor/exit.hpp"
#include "switchgear/actor/init_types.hpp"
#include "switchgear/actor/pipeline_actor.hpp"
#include "switchgear/actor/runtime_config.hpp"
#include "switchgear/actor/statem_driver.hpp"
#include "switchgear/actor/supervisor.hpp"
#include "switchgear/actor/task.hpp"
#include "switchgear/actor/telemetry.hpp"
