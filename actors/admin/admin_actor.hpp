#pragma once

#include <memory>

#include <caf/actor.hpp>
#include <caf/actor_system.hpp>

#include "desk.hpp"

namespace switchgear::admin {

/// Spawns the actor that serves: it opens the desk, looks at all breakers
/// again and again, and closes the desk when it ends. It has a thread of its
/// own, for it waits for breakers.
caf::actor spawn_admin(caf::actor_system& sys, std::shared_ptr<desk> what);

} // namespace switchgear::admin
