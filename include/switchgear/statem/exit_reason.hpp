#pragma once

#include <exception>
#include <string>

namespace switchgear::statem {

/// Why a machine ended, with gen_statem's distinctions.
/// Values are immutable once made; copies share nothing that can change.
struct exit_reason {
  enum class kind {
    normal,   ///< It was done. Not an error.
    shutdown, ///< It was told to stop. Not an error.
    stopped,  ///< It stopped with a reason of its own (`stop(reason)`).
    error,    ///< A callback threw, or broke a rule of the engine.
    killed,   ///< It was killed; `terminate` did not run.
  };

  kind what = kind::normal;
  /// The reason's own word or text; for `shutdown` an optional detail.
  std::string detail;
  /// The exception behind `error`, if there was one.
  std::exception_ptr cause;

  static exit_reason normal() {
    return {};
  }
  static exit_reason shutdown(std::string detail = {}) {
    return {kind::shutdown, std::move(detail), nullptr};
  }
  static exit_reason stopped(std::string why) {
    return {kind::stopped, std::move(why), nullptr};
  }
  static exit_reason error(std::string why, std::exception_ptr cause = {}) {
    return {kind::error, std::move(why), std::move(cause)};
  }
  static exit_reason killed() {
    return {kind::killed, {}, nullptr};
  }

  /// True for `normal` and `shutdown`: exits that nobody needs to be told of,
  /// and that do not restart a transient child.
  bool orderly() const noexcept {
    return what == kind::normal || what == kind::shutdown;
  }

  /// `normal`, `shutdown`, `shutdown:x`, `x`, `error:x` or `killed`.
  std::string to_string() const;

  /// Reads what `to_string` wrote.
  static exit_reason parse(const std::string& text);

  /// Compares kind and detail; the exception behind an error is not compared.
  friend bool operator==(const exit_reason& x, const exit_reason& y) {
    return x.what == y.what && x.detail == y.detail;
  }
};

/// Thrown from a callback: the machine exits with this reason, as Erlang's
/// `exit/1`. State and data seen by `terminate` are those before the event.
struct exit {
  exit_reason reason;
};

} // namespace switchgear::statem
