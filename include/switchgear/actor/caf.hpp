#pragma once

/// The one place that knows how CAF 0.18 and CAF 1.x differ.

#include <caf/actor.hpp>
#include <caf/actor_addr.hpp>
#include <caf/actor_cast.hpp>
#include <caf/actor_system.hpp>
#include <caf/behavior.hpp>
#include <caf/config.hpp>
#include <caf/error.hpp>
#include <caf/event_based_actor.hpp>
#include <caf/mailbox_element.hpp>
#include <caf/make_counted.hpp>
#include <caf/message.hpp>
#include <caf/message_id.hpp>
#include <caf/scoped_actor.hpp>
#include <caf/send.hpp>

#if CAF_MAJOR_VERSION >= 1
#  include <caf/anon_mail.hpp>
#endif

#include <optional>
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

/// Where the response to a request goes. It can be sent from any thread, as
/// long as the actor system is there.
class return_address {
public:
  return_address() = default;

  /// Takes the current request over from `self`, which does not answer it.
  /// @returns nothing if only an actor can answer it
  template <class Self>
  static std::optional<return_address> take(Self* self) {
    auto* request = self->current_mailbox_element();
    if (request == nullptr || request->mid.is_answered()
        || request->mid.is_response())
      return std::nullopt;
#if CAF_MAJOR_VERSION < 1
    if (!request->stages.empty())
      return std::nullopt;
#endif
    return_address result;
    result.to_ = std::move(request->sender);
    result.of_ = request->mid.response_id();
    request->mid.mark_as_answered();
    return result;
  }

  /// Answers it, if there is somebody who waits for that. Once.
  void send(caf::message response) {
    const auto to = std::exchange(to_, nullptr);
    if (!to || (response.empty() && of_.is_async()))
      return;
#if CAF_MAJOR_VERSION >= 1
    to->enqueue(caf::make_mailbox_element(nullptr, of_, std::move(response)),
                nullptr);
#else
    to->enqueue(nullptr, of_, std::move(response), nullptr);
#endif
  }

private:
  caf::strong_actor_ptr to_;
  caf::message_id of_;
};

#if CAF_MAJOR_VERSION < 1
/// Handlers of CAF 0.18 name the types that they take; this one takes all.
template <class F>
class catch_all final : public caf::detail::behavior_impl {
public:
  explicit catch_all(F f) : f_(std::move(f)) {
    // nop
  }

  bool invoke(caf::detail::invoke_result_visitor& result,
              caf::message& content) override {
    f_(content);
    result(caf::unit);
    return true;
  }

private:
  F f_;
};
#endif

/// A behavior that calls `f(caf::message&)` with each message, of whatever
/// types, but for those that actors handle by themselves: exits and the like.
template <class F>
caf::behavior any_message(F f) {
#if CAF_MAJOR_VERSION >= 1
  return {[f = std::move(f)](caf::message& content) mutable { f(content); }};
#else
  return caf::behavior{
    caf::behavior::impl_ptr{caf::make_counted<catch_all<F>>(std::move(f))}};
#endif
}

inline caf::mailbox_element_ptr make_element(caf::strong_actor_ptr sender,
                                             caf::message_id id,
                                             caf::message content) {
#if CAF_MAJOR_VERSION >= 1
  return caf::make_mailbox_element(std::move(sender), id, std::move(content));
#else
  return caf::make_mailbox_element(std::move(sender), id, {},
                                   std::move(content));
#endif
}

/// Sends a request of whatever types. `f(caf::message&)` gets the response,
/// which may hold a `caf::error`, once.
/// @returns its id; who sends a response of that id to `self` answers it
template <class Self, class F>
caf::message_id ask_anything(Self* self, const caf::strong_actor_ptr& receiver,
                             caf::message_priority priority,
                             caf::message content, F f) {
  const auto id = self->new_request_id(priority);
#if CAF_MAJOR_VERSION >= 1
  self->add_multiplexed_response_handler(
    id.response_id(),
    caf::behavior{[f](caf::message& response) mutable { f(response); },
                  [f](caf::error& why) mutable {
                    auto response = caf::make_message(std::move(why));
                    f(response);
                  }});
#else
  self->add_multiplexed_response_handler(id.response_id(),
                                         any_message(std::move(f)));
#endif
  receiver->enqueue(make_element(self->ctrl(), id, std::move(content)),
                    self->context());
  return id;
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
