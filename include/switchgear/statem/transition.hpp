#pragma once

#include <optional>
#include <utility>

#include "switchgear/detail/inline_list.hpp"
#include "switchgear/statem/action.hpp"
#include "switchgear/statem/exit_reason.hpp"

namespace switchgear::statem {

/// What a callback returns: gen_statem's transition results. The first four
/// actions need no allocation.
///
/// A default-constructed transition is not a result: returning it ends the
/// machine with `bad_return_from_state_function`.
template <class T>
class transition {
public:
  enum class kind {
    none,
    next_state,
    keep_state,
    repeat_state,
    stop,
    stop_and_reply
  };

  transition() = default;

  explicit transition(kind what) : what_(what) {
    // nop
  }

  transition(typename T::state target) // NOLINT: reads like a result
    : what_(kind::next_state),
      target_(std::move(target)) {
    // nop
  }

  transition(kind what, exit_reason reason)
    : what_(what),
      reason_(std::move(reason)) {
    // nop
  }

  /// Appends an action.
  transition& operator<<(action<T> next) & {
    actions_.push_back(std::move(next));
    return *this;
  }

  transition&& operator<<(action<T> next) && {
    actions_.push_back(std::move(next));
    return std::move(*this);
  }

  kind what() const noexcept {
    return what_;
  }

  /// @pre `what() == kind::next_state`
  const typename T::state& target() const noexcept {
    return *target_;
  }

  exit_reason& reason() noexcept {
    return reason_;
  }

  std::size_t size() const noexcept {
    return actions_.size();
  }

  action<T>& operator[](std::size_t index) noexcept {
    return actions_[index];
  }

private:
  kind what_ = kind::none;
  std::optional<typename T::state> target_;
  switchgear::detail::inline_list<action<T>, 4> actions_;
  exit_reason reason_;
};

} // namespace switchgear::statem
