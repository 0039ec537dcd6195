#pragma once

#include <cstdint>
#include <vector>

#include <caf/fwd.hpp>
#include <caf/is_error_code_enum.hpp>
#include <caf/type_id.hpp>

#include "switchgear/actor/inspect.hpp"
#include "switchgear/actor/inspect_enum.hpp"
#include "switchgear/supervision/vocabulary.hpp"

namespace switchgear {

class task;

} // namespace switchgear

namespace switchgear::supervision {

template <class Handle>
struct child_spec;

template <class Handle>
struct child_info;

struct child_counts;

} // namespace switchgear::supervision

namespace switchgear::actor {

struct call_done;
struct call_order;
struct inquiry;

// What a supervisor's messages are made of.
using child_spec = supervision::child_spec<caf::actor>;
using child_info = supervision::child_info<caf::actor>;
using supervision::child_counts;
using supervision::child_error;

/// How an actor of ours ended, where CAF's own exit reasons have no word.
enum class exit_code : std::uint8_t {
  shutdown = 1, ///< Told to stop, with a detail.
  stopped,      ///< Stopped with a reason of its own.
  error,        ///< Failed: an exception, or a broken rule.
};

template <class Inspector>
bool inspect(Inspector& f, exit_code& x) {
  return inspect_enum(f, x, exit_code::error);
}

} // namespace switchgear::actor

CAF_ERROR_CODE_ENUM(switchgear::actor::exit_code)
CAF_ERROR_CODE_ENUM(switchgear::errc)
CAF_ERROR_CODE_ENUM(switchgear::supervision::child_error)

/// Ids of the types that appear in messages. Programs that have ids of their
/// own begin after `caf::id_block::switchgear::end`.
CAF_BEGIN_TYPE_ID_BLOCK(switchgear, caf::first_custom_type_id)

  CAF_ADD_TYPE_ID(switchgear, (switchgear::actor::exit_code))

  // What a breaker's messages are made of.
  CAF_ADD_TYPE_ID(switchgear, (switchgear::breaker_event))
  CAF_ADD_TYPE_ID(switchgear, (switchgear::config))
  CAF_ADD_TYPE_ID(switchgear, (switchgear::errc))
  CAF_ADD_TYPE_ID(switchgear, (switchgear::mode))
  CAF_ADD_TYPE_ID(switchgear, (switchgear::outcome))
  CAF_ADD_TYPE_ID(switchgear, (switchgear::permit))
  CAF_ADD_TYPE_ID(switchgear, (switchgear::reason))
  CAF_ADD_TYPE_ID(switchgear, (switchgear::state))
  CAF_ADD_TYPE_ID(switchgear, (switchgear::statistics))
  CAF_ADD_TYPE_ID(switchgear, (switchgear::task))
  CAF_ADD_TYPE_ID(switchgear, (switchgear::transition_record))
  CAF_ADD_TYPE_ID(switchgear, (std::vector<switchgear::transition_record>))

  // Requests to a breaker; see `breaker_actor`.
  CAF_ADD_ATOM(switchgear, switchgear, acquire)
  CAF_ADD_ATOM(switchgear, switchgear, call)
  CAF_ADD_ATOM(switchgear, switchgear, force_open)
  CAF_ADD_ATOM(switchgear, switchgear, get_settings)
  CAF_ADD_ATOM(switchgear, switchgear, get_state)
  CAF_ADD_ATOM(switchgear, switchgear, get_stats)
  CAF_ADD_ATOM(switchgear, switchgear, reconfigure)
  CAF_ADD_ATOM(switchgear, switchgear, report)
  CAF_ADD_ATOM(switchgear, switchgear, reset)
  CAF_ADD_ATOM(switchgear, switchgear, set_mode)
  CAF_ADD_ATOM(switchgear, switchgear, stop)
  CAF_ADD_ATOM(switchgear, switchgear, subscribe)
  CAF_ADD_ATOM(switchgear, switchgear, unsubscribe)

  // Requests to a supervisor, and what they are made of; see
  // `spawn_supervisor`.
  CAF_ADD_TYPE_ID(switchgear, (switchgear::supervision::child_error))
  CAF_ADD_TYPE_ID(switchgear, (switchgear::actor::child_spec))
  CAF_ADD_TYPE_ID(switchgear, (switchgear::actor::child_info))
  CAF_ADD_TYPE_ID(switchgear, (std::vector<switchgear::actor::child_info>))
  CAF_ADD_TYPE_ID(switchgear, (switchgear::supervision::child_counts))
  CAF_ADD_ATOM(switchgear, switchgear, await_start)
  CAF_ADD_ATOM(switchgear, switchgear, count_children)
  CAF_ADD_ATOM(switchgear, switchgear, delete_child)
  CAF_ADD_ATOM(switchgear, switchgear, find_child)
  CAF_ADD_ATOM(switchgear, switchgear, restart_child)
  CAF_ADD_ATOM(switchgear, switchgear, start_child)
  CAF_ADD_ATOM(switchgear, switchgear, terminate_child)
  CAF_ADD_ATOM(switchgear, switchgear, which_children)

  // Between our own actors.
  CAF_ADD_ATOM(switchgear, switchgear::actor, child_exited)
  CAF_ADD_ATOM(switchgear, switchgear::actor, retry_start)
  CAF_ADD_ATOM(switchgear, switchgear::actor, drain)
  CAF_ADD_TYPE_ID(switchgear, (switchgear::actor::call_order))
  CAF_ADD_TYPE_ID(switchgear, (switchgear::actor::call_done))
  CAF_ADD_TYPE_ID(switchgear, (switchgear::actor::inquiry))

  // What `telemetry::make_actor_sink` sends.
  CAF_ADD_TYPE_ID(switchgear, (switchgear::telemetry::event))
  CAF_ADD_TYPE_ID(switchgear, (std::vector<switchgear::telemetry::event>))

CAF_END_TYPE_ID_BLOCK(switchgear)
