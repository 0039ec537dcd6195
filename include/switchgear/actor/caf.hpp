#pragma once

/// The one place that knows how CAF 0.18 and CAF 1.x differ.

#include <caf/actor.hpp>
#include <caf/actor_addr.hpp>
#include <caf/actor_cast.hpp>
#include <caf/actor_system.hpp>
#include <caf/config.hpp>
#include <caf/error.hpp>
#include <caf/event_based_actor.hpp>
#include <caf/scoped_actor.hpp>
#include <caf/send.hpp>

#if CAF_MAJOR_VERSION >= 1
#  include <caf/anon_mail.hpp>
#endif

#include <utility>

namespace switchgear::actor {

/// Sends without a sender. Safe from any thread.
template <class Handle, class... Ts>
void tell(const Handle& receiver, Ts&&... xs) {
#if CAF_MAJOR_VERSION >= 1
  caf::anon_mail(std::forward<Ts>(xs)...).send(receiver);
#else
  caf::anon_send(receiver, std::forward<Ts>(xs)...);
#endif
}

/// Sends with `self` as the sender.
template <class Self, class Handle, class... Ts>
void tell_from(Self* self, const Handle& receiver, Ts&&... xs) {
#if CAF_MAJOR_VERSION >= 1
  self->mail(std::forward<Ts>(xs)...).send(receiver);
#else
  self->send(receiver, std::forward<Ts>(xs)...);
#endif
}

/// Sends a request; the result takes `then`, `await` or `receive`.
template <class Self, class Handle, class Timeout, class... Ts>
auto ask(Self& self, const Handle& receiver, Timeout timeout, Ts&&... xs) {
#if CAF_MAJOR_VERSION >= 1
  return self->mail(std::forward<Ts>(xs)...).request(receiver, timeout);
#else
  return self->request(receiver, timeout, std::forward<Ts>(xs)...);
#endif
}

/// Calls `f(who, why)` within `self` when `other` has ended; soon, if it already
/// has. CAF 0.18 keeps one function for all whom an actor watches: pass the
/// same one each time.
template <class Self, class Handle, class F>
void watch(Self* self, const Handle& other, F f) {
#if CAF_MAJOR_VERSION >= 1
  self->monitor(other, [who = caf::actor_cast<caf::actor_addr>(other),
                        f = std::move(f)](const caf::error& why) mutable {
    f(who, why);
  });
#else
  self->set_down_handler([f = std::move(f)](caf::down_msg& x) mutable {
    f(x.source, x.reason);
  });
  self->monitor(other);
#endif
}

/// Passes the current request on to `receiver`, which answers it.
template <class Self, class Handle, class... Ts>
auto pass_on(Self* self, const Handle& receiver, Ts&&... xs) {
#if CAF_MAJOR_VERSION >= 1
  return self->mail(std::forward<Ts>(xs)...).delegate(receiver);
#else
  return self->delegate(receiver, std::forward<Ts>(xs)...);
#endif
}

/// Traps exits: `handler(caf::exit_msg&)` is called in place of quitting. CAF
/// 1.x calls the function deprecated that does this in both versions.
template <class Self, class F>
void handle_exits(Self* self, F handler) {
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"
  self->set_exit_handler(std::move(handler));
#pragma GCC diagnostic pop
}

} // namespace switchgear::actor
