#pragma once

#include <algorithm>
#include <exception>
#include <string>
#include <string_view>
#include <typeinfo>
#include <utility>

#include "switchgear/detail/type_name.hpp"
#include "switchgear/errc.hpp"
#include "switchgear/time.hpp"

namespace switchgear {

/// Why a protected call has no result: what `call` returns instead of one.
///
/// A rejection (`circuit_open`, `too_many_probes`) holds no allocated memory.
/// @note A value; safe to copy between threads.
class failure {
public:
  failure(errc code) : code_(code) { // NOLINT: an errc is a failure
    // nop
  }

  failure(errc code, std::string message, std::exception_ptr cause = {})
    : code_(code),
      message_(std::move(message)),
      cause_(std::move(cause)) {
    // nop
  }

  /// A rejection after which a call makes sense in `retry_after`.
  static failure rejected(errc code, duration retry_after) noexcept {
    failure result{code};
    result.retry_ = retry_after;
    return result;
  }

  /// A rejection by a breaker that lets a probe through at `retry_at`;
  /// `time_point::max()` if that is not known. Reads no clock.
  static failure rejected_until(errc code, time_point retry_at) noexcept {
    failure result{code};
    result.retry_is_instant_ = retry_at != time_point::max();
    result.retry_ = result.retry_is_instant_ ? retry_at.time_since_epoch()
                                             : duration::zero();
    return result;
  }

  /// A failure after which the tool itself wants to be left alone for `wait`:
  /// HTTP 429 or 503 with `Retry-After`, a model's rate limit. A breaker that
  /// trips over it stays open at least that long, see `config::open_timeout`;
  /// a retry waits at least that long. Negative counts as zero.
  /// @param code `operation_failed` for what the tool says; a refusal, as
  ///        `rate_limited`, would say that it was not even asked
  /// @param cause an exception that keeps more of the tool's answer
  static failure retry_later(errc code, std::string message, duration wait,
                             std::exception_ptr cause = {}) {
    failure result{code, std::move(message), std::move(cause)};
    result.retry_ = std::max(wait, duration::zero());
    return result;
  }

  /// From an exception in flight; its type and text are kept.
  static failure from_exception(std::exception_ptr cause);

  /// From an error value of that type.
  static failure from_error(std::string message, const std::type_info& type) {
    failure result{errc::operation_failed, std::move(message)};
    result.type_ = detail::type_name(type);
    return result;
  }

  /// The same with another text.
  failure with_message(std::string text) const {
    auto result = *this;
    result.message_ = std::move(text);
    return result;
  }

  errc code() const noexcept {
    return code_;
  }

  /// Whether the call was not made at all.
  bool is_rejection() const noexcept {
    return code_ == errc::circuit_open || code_ == errc::too_many_probes;
  }

  /// Whether it tells of a call that some guard did not let happen: a breaker,
  /// a bulkhead, a limiter. It says nothing about the tool.
  bool is_refusal() const noexcept {
    return is_rejection() || code_ == errc::bulkhead_full
           || code_ == errc::rate_limited || code_ == errc::restarting
           || code_ == errc::unavailable;
  }

  /// The text of the exception or error behind the failure; for a code that
  /// says it all, empty. See `to_string`.
  const std::string& message() const noexcept {
    return message_;
  }

  /// What kind of error is behind it, for those who group by it: the type of
  /// the exception or of the error value, as people write it, else the code's
  /// name. Valid for ever.
  std::string_view type() const noexcept {
    return type_ ? std::string_view{type_} : switchgear::to_string(code_);
  }

  /// The exception that the callable threw, if it did. `call` does not rethrow
  /// it; `std::rethrow_exception(failure.cause())` does.
  const std::exception_ptr& cause() const noexcept {
    return cause_;
  }

  /// In how long, from now, another call makes sense, as far as is known: of a
  /// rejection the time until the breaker lets a probe through, of a failure
  /// what the tool asked for. Zero if that is now, or not known.
  duration retry_after() const noexcept {
    if (!retry_is_instant_)
      return retry_;
    return std::max(time_point{retry_} - clock::now(), duration::zero());
  }

  /// The code's name and the message, for logs.
  std::string to_string() const;

  friend bool operator==(const failure& x, errc y) noexcept {
    return x.code_ == y;
  }

private:
  errc code_;
  bool retry_is_instant_ = false; // else a span of time
  duration retry_{};
  std::string message_;
  std::exception_ptr cause_;
  const char* type_ = nullptr; // a text that is never freed
};

} // namespace switchgear
