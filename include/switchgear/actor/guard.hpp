#pragma once

#include <functional>
#include <utility>
#include <vector>

#include <caf/actor.hpp>
#include <caf/actor_cast.hpp>
#include <caf/actor_control_block.hpp>
#include <caf/error.hpp>

#include "switchgear/actor/errors.hpp"
#include "switchgear/breaker.hpp"

namespace switchgear {

/// How a guard goes about its work.
struct guard_options {
  /// A request without a response for so long is a timeout, and is answered
  /// with `timeout`; a response that comes later is dropped. 1 ms to 24 h; 0
  /// (the default): no limit.
  duration timeout{};

  /// Says of an error response that it tells nothing about the target, as that
  /// of a request that makes no sense. The breaker's own hooks are asked about
  /// the rest. Runs in the guard and must not block; one that throws has said
  /// no.
  std::function<bool(const caf::error& why)> is_ignored{};

  /// Who takes the place of a target that has ended: a supervisor's new child.
  /// Asked with each message until it knows one; nobody: a null handle. Runs in
  /// the guard and must not block.
  std::function<caf::actor()> successor{};
};

/// All that is wrong with `options`.
std::vector<config_error> validate(const guard_options& options);

namespace actor {

caf::strong_actor_ptr spawn_guard(switchgear::breaker how,
                                  caf::strong_actor_ptr target,
                                  guard_options options);

} // namespace actor

/// Spawns an actor that stands before `target`, which may be of any kind, typed
/// or not, in this process or on another node: it passes on what it gets, as
/// far as the breaker lets it, and tells the breaker how that went. It needs no
/// thread and keeps none waiting.
///
/// - A response is a success. An error response is a failure, but ignored if
///   `is_ignored` says so, or if it is CAF's `unexpected_message`. Either is
///   passed back as it is.
/// - A target that has ended, or ends, is a failure; the answer is CAF's
///   `request_receiver_down`.
/// - No response in time is a timeout; the answer is `timeout`.
/// - If the breaker says no, nothing reaches the target; the answer, at once,
///   is what the breaker says, with retry-after (see `actor::to_failure`).
/// - A message that is no request is passed on if the breaker lets it, and then
///   ignored, for a delivery says nothing about how the target is; a failure if
///   the target has ended. It is dropped if the breaker says no.
///
/// An error response that is the refusal of another breaker is ignored, unless
/// `hooks::is_failure` is there to judge it. An answer comes after the breaker
/// has judged: who has it sees the state that goes with it.
///
/// Each request gets one answer; so do those that are under way when the guard
/// is told to end: `request_receiver_down`, and the breaker counts them as
/// cancelled. A guard outlives its target, and does not keep it from ending.
///
/// The target sees urgent messages as urgent, the guard as the sender of
/// requests, and the original sender of all else. System messages, exits among
/// them, are the guard's own.
/// @returns a handle of the target's type
/// @throws setup_error if the options are not allowed, or `target` is null
template <class Handle>
[[nodiscard]] Handle guard(breaker how, const Handle& target,
                           guard_options options = {}) {
  return caf::actor_cast<Handle>(actor::spawn_guard(
    std::move(how), caf::actor_cast<caf::strong_actor_ptr>(target),
    std::move(options)));
}

} // namespace switchgear
