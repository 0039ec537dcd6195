#pragma once

#include <string>
#include <vector>

#include <caf/actor.hpp>
#include <caf/allowed_unsafe_message_type.hpp>
#include <caf/expected.hpp>
#include <caf/fwd.hpp>

#include "switchgear/actor/inspect_enum.hpp"
#include "switchgear/actor/type_ids.hpp"
#include "switchgear/supervision/messages.hpp"
#include "switchgear/supervision/options.hpp"

// A child specification holds functions: it can not leave the process.
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(switchgear::actor::child_spec)

namespace switchgear::actor {

using start_result = supervision::start_result<caf::actor>;
using supervision::supervisor_options;

/// Spawns a supervisor, which starts `children` in order. It is Erlang's: see
/// `supervisor_options` and `child_spec` for what can be chosen.
///
/// Requests; each gets one response, after those that came before it. While a
/// child is being stopped they wait.
///
/// - `start_child_v, child_spec` -> `caf::actor`. Adds a child, as the last one
///   in start order. The handle is invalid if the child said `ignore`. Errors:
///   `child_error`, or why the child could not be started.
/// - `terminate_child_v, id`. Stops a child; forgets it if it is temporary.
/// - `restart_child_v, id` -> `caf::actor`. Starts a child that does not run.
/// - `delete_child_v, id`. Forgets a child that does not run.
/// - `find_child_v, id` -> `caf::actor`.
/// - `which_children_v` -> `std::vector<child_info>`, in start order.
/// - `count_children_v` -> `child_counts`.
/// - `await_start_v`. Answered when all of `children` have been started. If one
///   of them could not, those before it are stopped, and the supervisor ends
///   with `shutdown:failed_to_start_child:ID:REASON`. That is the error of
///   requests that wait; those that come later get CAF's
///   `request_receiver_down`.
///
/// It is stopped by an exit message: it stops its children in reverse order,
/// then ends with the reason of that message. Should it be killed, so are its
/// children. A supervisor to which nobody holds a handle is unreachable, as any
/// actor, which kills it.
///
/// An actor has started when it has been spawned, whatever happens next. A
/// start function that returns `supervision::starting` makes the supervisor
/// wait until the child has answered `await_start_v`.
///
/// Start functions and hooks run in the supervisor and must not block.
/// @throws std::invalid_argument if the arguments make no sense
[[nodiscard]] caf::actor spawn_supervisor(caf::actor_system& system,
                                          supervisor_options options,
                                          std::vector<child_spec> children);

/// As `spawn_supervisor`, and waits until the children have been started.
/// @returns the supervisor, or why it has ended
/// @warning blocks: not to be called in an event-based actor
[[nodiscard]] caf::expected<caf::actor>
start_supervisor(caf::actor_system& system, supervisor_options options,
                 std::vector<child_spec> children);

/// The specification of a child that is a supervisor. Its start fails if one
/// of `children` can not be started.
/// @throws std::invalid_argument if the arguments make no sense
child_spec supervisor_child(std::string id, caf::actor_system& system,
                            supervisor_options options,
                            std::vector<child_spec> children);

} // namespace switchgear::actor

namespace switchgear::supervision {

template <class Inspector>
bool inspect(Inspector& f, child_error& x) {
  return actor::inspect_enum(f, x, child_error::invalid_spec);
}

template <class Inspector>
bool inspect(Inspector& f, child_status& x) {
  return actor::inspect_enum(f, x, child_status::restarting);
}

template <class Inspector>
bool inspect(Inspector& f, child_type& x) {
  return actor::inspect_enum(f, x, child_type::supervisor);
}

template <class Inspector, class Handle>
bool inspect(Inspector& f, child_info<Handle>& x) {
  return f.object(x).fields(f.field("id", x.id), f.field("status", x.status),
                            f.field("process", x.process),
                            f.field("type", x.type));
}

template <class Inspector>
bool inspect(Inspector& f, child_counts& x) {
  return f.object(x).fields(
    f.field("specs", x.specs), f.field("active", x.active),
    f.field("supervisors", x.supervisors), f.field("workers", x.workers));
}

} // namespace switchgear::supervision
