#pragma once

#include <functional>
#include <memory>
#include <utility>

#include <caf/actor.hpp>

#include "switchgear/actor/task.hpp"
#include "switchgear/policy/pipeline.hpp"
#include "switchgear/runtime.hpp"

namespace switchgear::actor {

/// Calls a task through some policies, on a thread that may be blocked.
using task_runner = std::function<task_result(task, const policy::context&)>;

/// As `spawn_pipeline`, with what a pipeline would do.
caf::actor spawn_task_runner(const runtime& rt, task_runner run);

/// Runs a task and waits for its result, or until it is told to stop.
task_result run_to_end(task& what, const std::stop_token& stop);

/// Spawns an actor that takes the call messages that breakers take, `call_v,
/// task`, and has them run through a pipeline on the runtime's workers: no
/// thread of CAF's scheduler is blocked, whatever the policies wait for.
///
/// A call keeps its worker until it is answered; where none is free and the
/// runtime's queue is full it is answered with `bulkhead_full`. The actor is
/// there, whoever keeps its handle, until `stop_v` or the runtime's end: then
/// calls under way are told to stop, and answered with `unavailable`.
///
/// Tasks are run again by a retry, and several times at once by a hedge.
template <class... Ps>
caf::actor spawn_pipeline(const runtime& rt, policy::pipeline<Ps...> through) {
  return spawn_task_runner(
    rt, [p = std::move(through)](task what, const policy::context& ctx) {
      return p.call(
        [what = std::move(what)](std::stop_token stop) mutable {
          return run_to_end(what, stop);
        },
        ctx);
    });
}

} // namespace switchgear::actor
