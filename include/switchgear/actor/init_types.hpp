#pragma once

namespace switchgear::actor {

/// Registers the types of our messages with CAF. Call it, or let `runtime` do
/// it, before the first `actor_system` is made; more than once does no harm.
void init_types();

} // namespace switchgear::actor
