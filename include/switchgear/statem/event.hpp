#pragma once

#include <cstdint>
#include <type_traits>

#include "switchgear/time.hpp"

namespace switchgear::statem {

/// What kind of thing happened. The names are gen_statem's.
enum class event_type : std::uint8_t {
  enter,           ///< A state enter call (not an event of the queue).
  call,            ///< Somebody waits for a reply.
  cast,            ///< A request without reply.
  info,            ///< Any other message.
  internal,        ///< Inserted by the machine itself.
  event_timeout,   ///< gen_statem's `timeout`.
  state_timeout,   ///< Cancelled by itself when the state changes.
  generic_timeout, ///< gen_statem's `{timeout, Name}`.
};

const char* to_string(event_type type) noexcept;

constexpr bool is_timeout(event_type type) noexcept {
  return type >= event_type::event_timeout;
}

/// Who waits for the reply to a call. Opaque; the driver gives it meaning.
struct caller {
  std::uint64_t id = 0;

  explicit operator bool() const noexcept {
    return id != 0;
  }
  friend bool operator==(caller, caller) = default;
};

namespace detail {

template <class T>
struct timer_name_of {
  using type = int;
};

template <class T>
requires requires {
  typename T::timer_name;
}
struct timer_name_of<T> {
  using type = typename T::timer_name;
};

} // namespace detail

/// The type that names a machine's generic timeouts: `T::timer_name` (an enum,
/// usually), or `int`.
template <class T>
using timer_name_t = typename detail::timer_name_of<T>::type;

/// Which timer: at most one of each runs at a time.
template <class T>
struct timer_key {
  event_type type = event_type::event_timeout;
  timer_name_t<T> name{}; // of generic timeouts only

  friend bool operator==(const timer_key&, const timer_key&) = default;
};

/// Identifies one start of one timer. A handle is never used again, so an
/// expiry that arrives after the timer was cancelled or restarted is
/// recognised by comparison.
using timer_ref = std::uint64_t;

/// An event, or a state enter call, as a callback sees it.
///
/// `T` names the machine's types: `T::state` (equality comparable), `T::data`,
/// `T::message` (content of events and timeouts) and `T::reply`.
template <class T>
struct event {
  event_type type = event_type::info;
  typename T::message content{};
  /// Of a call: to whom to reply.
  caller from{};
  /// Of a generic timeout: which.
  timer_name_t<T> name{};
  /// When it is handled (not when it arrived).
  time_point now{};
  /// Of an enter call: the state before, otherwise null.
  const typename T::state* old_state = nullptr;

  bool is_enter() const noexcept {
    return type == event_type::enter;
  }
};

} // namespace switchgear::statem
