#pragma once

#include "switchgear/statem/event.hpp"
#include "switchgear/statem/exit_reason.hpp"

namespace switchgear::statem {

/// What an engine needs from the world around it. The engine calls these
/// synchronously; none of them may call back into the engine.
template <class T>
class host {
public:
  virtual ~host() = default;

  /// Sends a reply now: it leaves before the new state is entered. Only the
  /// first reply to a caller counts.
  virtual void reply(caller to, typename T::reply value) = 0;

  /// Asks for `engine::expire(ref)` at `due`, which may lie in the past.
  virtual void arm(timer_ref ref, time_point due) = 0;

  /// `ref` is not needed any more. A late expiry does no harm.
  virtual void disarm(timer_ref ref) {
    static_cast<void>(ref);
  }

  /// The machine ended. Called last, after the module's `terminate`.
  virtual void terminated(const exit_reason& why) = 0;
};

} // namespace switchgear::statem
