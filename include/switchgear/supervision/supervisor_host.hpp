#pragma once

#include "switchgear/supervision/child_table.hpp"

namespace switchgear::supervision {

/// What a supervisor needs from the world around it. The machine calls these
/// synchronously; none of them may call back into it.
template <class Handle>
class supervisor_host {
public:
  virtual ~supervisor_host() = default;

  /// Asks for `notice::child_exited` when `process` has ended; at once, if it
  /// has ended already.
  virtual void watch(const Handle& process, child_key key, run_id run) = 0;

  /// Asks for `notice::child_ready` when `process` is ready.
  virtual void await_ready(const Handle& process, child_key key, run_id run)
    = 0;

  /// Tells a process to end. It may take its time.
  virtual void shut_down(const Handle& process) = 0;

  /// Ends a process at once.
  virtual void kill(const Handle& process) = 0;

  /// Asks for `notice::retry`, behind all that has been sent already.
  virtual void retry(child_key key) = 0;
};

} // namespace switchgear::supervision
