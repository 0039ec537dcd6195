#pragma once

#include "switchgear/actor/caf.hpp"
#include "timekeeper.hpp"

#if CAF_MAJOR_VERSION < 1

#  include <cstddef>
#  include <exception>
#  include <utility>

#  include <caf/action.hpp>
#  include <caf/actor_clock.hpp>
#  include <caf/actor_traits.hpp>
#  include <caf/behavior.hpp>
#  include <caf/disposable.hpp>
#  include <caf/extend.hpp>
#  include <caf/intrusive/lifo_inbox.hpp>
#  include <caf/local_actor.hpp>
#  include <caf/mailbox_element.hpp>
#  include <caf/mixin/sender.hpp>
#  include <caf/resumable.hpp>

namespace switchgear::actor {

/// An event-based actor for use by the hundred thousand. CAF's own has five
/// mailbox queues and state for streams, groups and requests, 1.2 KB in all.
/// This one has what a breaker needs, in a fifth of that: it gets messages
/// (urgent ones first), answers them, has timers, and can be monitored, linked
/// to and told to end. It sends no requests and skips no messages.
///
/// Invariants:
///  1. It is either scheduled, or its inbox is blocked: the message that
///     unblocks it schedules it. So it runs on one thread at a time.
///  2. `cleanup` closes the inbox; every request that was or will be in it is
///     answered.
class light_actor
  : public caf::extend<caf::local_actor, light_actor>::with<caf::mixin::sender>,
    public caf::dynamically_typed_actor_base,
    public caf::non_blocking_actor_base,
    public caf::resumable {
public:
  using signatures = caf::none_t;
  using behavior_type = caf::behavior;

  explicit light_actor(caf::actor_config& cfg);

  ~light_actor() override;

  /// Ends when the current message has been handled.
  void quit(caf::error why = {});

  template <class F>
  caf::disposable run_scheduled(caf::actor_clock::time_point at, F f) {
    // Waiting: it is sent here to be run, which makes it scheduled.
    return schedule(
      at, caf::make_action(std::move(f), caf::action::state::waiting));
  }

  template <class Duration, class F>
  caf::disposable run_delayed(Duration delay, F f) {
    return run_scheduled(clock().now() + delay, std::move(f));
  }

  // -- what CAF calls ---------------------------------------------------------

  bool enqueue(caf::mailbox_element_ptr what, caf::execution_unit* on) override;
  void launch(caf::execution_unit* on, bool lazy, bool hide) override;
  resume_result resume(caf::execution_unit* on, std::size_t most) override;
  bool cleanup(caf::error&& why, caf::execution_unit* on) override;
  void intrusive_ptr_add_ref_impl() override;
  void intrusive_ptr_release_impl() override;
  caf::mailbox_element* peek_at_next_mailbox_element() override;

protected:
  /// Called before the first message.
  virtual void started() = 0;

  /// What to do with messages. Asked for when the first one comes: who never
  /// gets one needs no handlers.
  virtual caf::behavior make_handlers() = 0;

  /// Somebody it is linked to has ended, or it is told to end. Not called if
  /// it is killed.
  virtual void handle_exit(caf::exit_msg& what) = 0;

  /// Who has its timers; null: CAF's clock.
  virtual timekeeper* timers() const noexcept = 0;

private:
  struct policy {
    using mapped_type = caf::mailbox_element;
    using unique_pointer = caf::mailbox_element_ptr;
  };

  /// Messages in the order of their arrival; owned.
  struct line {
    caf::mailbox_element* first = nullptr;
    caf::mailbox_element* last = nullptr;

    void push(caf::mailbox_element* x) noexcept;
    caf::mailbox_element_ptr pop() noexcept;
  };

  caf::disposable schedule(caf::actor_clock::time_point at, caf::action what);
  template <class F>
  void guarded(F f);
  caf::mailbox_element_ptr next() noexcept;
  void handle(caf::mailbox_element& x);
  void dispatch(caf::mailbox_element& x);
  bool dispatch_to_system(caf::message& content);
  bool finish();

  caf::intrusive::lifo_inbox<policy> inbox_;
  line urgent_;
  line normal_;
  caf::behavior handlers_;
};

} // namespace switchgear::actor

#else // CAF 1.x

namespace switchgear::actor {

/// CAF 1.x has another scheduler interface: there its own actor does.
class light_actor : public caf::event_based_actor {
public:
  explicit light_actor(caf::actor_config& cfg) : caf::event_based_actor(cfg) {
    handle_exits(this, [this](caf::exit_msg& what) { handle_exit(what); });
  }

  caf::behavior make_behavior() final {
    started();
    return make_handlers();
  }

protected:
  virtual void started() = 0;
  virtual caf::behavior make_handlers() = 0;
  virtual void handle_exit(caf::exit_msg& what) = 0;
  virtual timekeeper* timers() const noexcept = 0; // not asked
};

} // namespace switchgear::actor

#endif
