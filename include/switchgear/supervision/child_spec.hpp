#pragma once

#include <optional>
#include <string>
#include <utility>
#include <variant>

#include "switchgear/supervision/start_function.hpp"
#include "switchgear/supervision/vocabulary.hpp"
#include "switchgear/time.hpp"

namespace switchgear::supervision {

struct brutal_kill_t {};

/// As a shutdown time: the child is killed at once, without a chance to clean
/// up.
inline constexpr brutal_kill_t brutal_kill{};

/// How a child is stopped: it is told to shut down, and killed if it has not
/// ended after this time. `infinity` waits for as long as it takes.
class shutdown_time {
public:
  /// The default: 5 s for a worker, `infinity` for a supervisor, which needs
  /// time for its own children.
  constexpr shutdown_time() = default;

  constexpr shutdown_time(duration limit) // NOLINT: `.shutdown = 100ms`
    : limit_(limit) {
    // nop
  }

  template <class Rep, class Period>
  constexpr shutdown_time(std::chrono::duration<Rep, Period> limit)
    : limit_(std::chrono::duration_cast<duration>(limit)) {
    // nop
  }

  constexpr shutdown_time(brutal_kill_t) : limit_(at_once) {
    // nop
  }

  constexpr bool is_brutal() const noexcept {
    return limit_ == at_once;
  }

  /// How long to wait for a child of type `type`.
  constexpr duration limit(child_type type) const noexcept {
    if (limit_ != by_type && !is_brutal())
      return limit_;
    return type == child_type::worker ? std::chrono::seconds{5} : infinity;
  }

private:
  // Values that `check_child` lets nobody choose; very many children have one
  // of these.
  static constexpr duration by_type = duration::min();
  static constexpr duration at_once = duration::min() + duration{1};

  duration limit_ = by_type;
};

/// Returned by a start function that decided not to start anything. The child
/// counts as started, but is `undefined`.
struct ignore_t {};

inline constexpr ignore_t ignore{};

/// A child that has been started but is not ready yet. The supervisor waits
/// until it is; if it ends before, its start has failed for that reason.
template <class Handle>
struct starting {
  Handle process;
};

/// What a start function returns: the child, `starting` with the child,
/// `ignore`, or why it could not be started. Throwing is a failed start, too.
template <class Handle>
using start_result
  = std::variant<Handle, starting<Handle>, ignore_t, statem::exit_reason>;

/// How to start, restart and stop one child. `Handle` is how a running child
/// is named; a default-constructed handle is none, and false.
template <class Handle>
struct child_spec {
  /// Unique among the children of one supervisor, and not empty.
  std::string id;
  /// Called by the supervisor, which does nothing else until it returns.
  start_function<start_result<Handle>> start;
  restart_type restart = restart_type::permanent;
  shutdown_time shutdown = {};
  child_type type = child_type::worker;
};

/// Checks what the type system can not. @returns what is wrong, or nothing.
std::optional<std::string> check_child(const std::string& id, bool has_start,
                                       const shutdown_time& shutdown);

template <class Handle>
std::optional<std::string> check(const child_spec<Handle>& spec) {
  return check_child(spec.id, static_cast<bool>(spec.start), spec.shutdown);
}

} // namespace switchgear::supervision
