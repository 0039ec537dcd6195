#pragma once

#include <memory>

#include <caf/actor.hpp>
#include <caf/allowed_unsafe_message_type.hpp>

#include "switchgear/actor/task.hpp"
#include "switchgear/actor/type_ids.hpp"
#include "switchgear/breaker/cell.hpp"
#include "switchgear/executor.hpp"

namespace switchgear::actor {

/// A breaker to the courier: run this, report how it went, answer the caller.
struct call_order {
  std::shared_ptr<cell> where;
  cell::call of;
  task what;
  duration limit{}; ///< Call timeout; zero: none.
};

/// An executor thread to the courier.
struct call_done {
  std::uint64_t id = 0;
  task_result result = caf::message{};
};

/// Spawns the actor that has call messages' callables run by `workers` and
/// answers their callers: with the result, with `timeout` as soon as the call
/// timeout is over, or with `bulkhead_full`.
///
/// It stands between breakers and threads, so that a breaker that is restarted
/// takes no caller down with it.
caf::actor spawn_courier(caf::actor_system& sys,
                         std::shared_ptr<executor> workers);

} // namespace switchgear::actor

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(switchgear::actor::call_order)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(switchgear::actor::call_done)
