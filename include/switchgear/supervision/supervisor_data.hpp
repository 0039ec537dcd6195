#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "switchgear/detail/ring_queue.hpp"
#include "switchgear/statem/event.hpp"
#include "switchgear/supervision/messages.hpp"
#include "switchgear/supervision/options.hpp"
#include "switchgear/supervision/restart_intensity.hpp"

namespace switchgear::supervision {

/// What a supervisor waits for: nothing, or one child.
enum class supervisor_state : std::uint8_t {
  starting, ///< A child that is not ready yet. Also the initial state.
  running,  ///< Nothing: requests are handled.
  stopping, ///< A child that has been told to end.
};

template <class Handle>
struct supervisor_data;

/// The types of a supervisor's state machine.
template <class Handle>
struct supervisor_types {
  using state = supervisor_state;
  using data = supervisor_data<Handle>;
  using message = supervisor_message<Handle>;
  using reply = supervisor_reply<Handle>;
  // What could throw, start functions and hooks, is fenced in.
  static constexpr bool transactional = false;
};

/// What a supervisor is busy with: first it stops children, the last one
/// first, then it starts them in order. Either part can be empty.
struct job {
  enum class goal : std::uint8_t {
    boot,      ///< Start all; if one fails stop them and end.
    start,     ///< Start a new child.
    restart,   ///< Start a child that did not run, by request.
    terminate, ///< Stop a child, by request.
    recover,   ///< Restart a child that ended, and perhaps its siblings.
    end,       ///< Stop all, then end.
  };

  goal what = goal::boot;
  child_key first = 0;     ///< The children concerned: from the first ...
  child_key last = 0;      ///< ... to the last one.
  child_key awaited = 0;   ///< The one that is waited for.
  statem::caller from{};   ///< Who asked for it.
  statem::exit_reason why; ///< Of `end`: how the supervisor ends.
};

template <class Handle>
struct supervisor_data {
  explicit supervisor_data(supervisor_options opts)
    : options(std::move(opts)),
      intensity(static_cast<std::size_t>(options.intensity), options.period) {
    // nop
  }

  /// @pre `check` found nothing wrong with the arguments
  supervisor_data(supervisor_options opts,
                  std::vector<child_spec<Handle>> specs)
    : supervisor_data(std::move(opts)) {
    for (auto& spec : specs)
      children.add(std::move(spec));
  }

  supervisor_options options;
  restart_intensity intensity;
  child_table<Handle> children;
  job current;
  run_id last_run = 0;
  /// Events that wait until the job is done, oldest first.
  ///
  /// This is what gen_statem's `postpone` is for. But all postponed events are
  /// retried at each change of state, and a request to stop a child changes
  /// the state: n of them that wait would be retried n * n / 2 times. Here,
  /// each is looked at once.
  switchgear::detail::ring_queue<statem::event<supervisor_types<Handle>>>
    waiting;
};

} // namespace switchgear::supervision
