#pragma once

#include <optional>

#include "switchgear/breaker.hpp"

namespace switchgear::transfer {

/// How a call went, where `breaker::call` has no words for it.
template <class T>
struct judged {
  expected<T, failure> result;

  /// What the breaker is told. Unset: what the result says, by the user's
  /// predicates.
  std::optional<outcome> how{};

  /// What the breaker takes for its duration. Unset: all the time that it took.
  std::optional<duration> took{};
};

/// A call that is cancelled unless it is ended.
class open_call {
public:
  explicit open_call(cell& where) noexcept
    : cell_(where),
      open_(where.begin(call_)) {
    if (open_)
      trace_.begin(where.name());
  }

  open_call(const open_call&) = delete;
  open_call& operator=(const open_call&) = delete;

  ~open_call() {
    if (open_)
      cell_.end(call_, outcome::cancelled);
  }

  bool admitted() const noexcept {
    return open_;
  }

  failure refusal() const noexcept {
    return cell_.refusal(call_);
  }

  template <class T>
  void end(const judged<T>& call) {
    open_ = false;
    const auto how = call.how;
    if (call.took && call_.timed)
      call_.began = clock::now() - *call.took;
    trace_.end(call.result ? nullptr : &call.result.error());
    if (how && *how != outcome::success)
      cell_.end(call_, *how);
    else if (how || call.result)
      cell_.succeed(call_);
    else
      cell_.fail(call_, call.result.error());
  }

private:
  cell& cell_;
  cell::call call_;
  bool open_;
  call_trace trace_;
};

/// As `breaker::call`, of an `f` that says itself how it went. What it throws
/// says nothing about the tool.
template <class F>
auto call_judged(const breaker& through, F f) -> decltype(f().result) {
  open_call current{*through.core()};
  if (!current.admitted())
    return make_unexpected(current.refusal());
  try {
    auto done = f();
    current.end(done);
    return std::move(done.result);
  } catch (...) {
    auto cause = std::current_exception();
    if (!cause)
      throw; // no exception of C++'s: the thread is being cancelled
    auto why = failure::from_exception(std::move(cause));
    decltype(f()) done{make_unexpected(std::move(why)), outcome::ignored};
    current.end(done);
    return std::move(done.result);
  }
}

} // namespace switchgear::transfer
