#pragma once

#include <algorithm>
#include <functional>
#include <utility>
#include <variant>
#include <vector>

#include "switchgear/statem/engine.hpp"

namespace switchgear::statem {

/// Runs a machine in virtual time: nothing happens by itself, and a timeout of
/// an hour takes no time. For tests of machines, and for replaying traces.
///
/// Like a process, the machine has a mailbox. What is sent is handled at the
/// next `run` or `advance`, in order.
/// @note Not thread-safe. In the steady state nothing is allocated, if
///       messages and replies don't.
template <class T>
class virtual_driver : private host<T> {
public:
  using message_type = typename T::message;
  using reply_type = typename T::reply;
  using reply_handler = std::function<void(caller, reply_type)>;
  using exit_handler = std::function<void(const exit_reason&)>;
  /// A system message: it is taken while the machine is suspended, too.
  using system_message = std::function<void(engine<T>&, time_point)>;

  virtual_driver(callback_module<T>& callbacks, typename T::state initial,
                 typename T::data data)
    : engine_(callbacks, std::move(initial), std::move(data)) {
    engine_.attach(this);
  }

  /// Called for each reply when the machine sends it.
  void on_reply(reply_handler handler) {
    on_reply_ = std::move(handler);
  }

  /// Called when the machine has ended.
  void on_exit(exit_handler handler) {
    on_exit_ = std::move(handler);
  }

  void start(transition<T> init
             = transition<T>{transition<T>::kind::keep_state}) {
    engine_.start(now_, std::move(init));
  }

  // -- sending ----------------------------------------------------------------

  caller call(message_type content) {
    event<T> ev;
    ev.type = event_type::call;
    ev.from = engine_.new_caller();
    ev.content = std::move(content);
    const auto who = ev.from;
    mailbox_.push_back(std::move(ev));
    return who;
  }

  void cast(message_type content) {
    send(event_type::cast, std::move(content));
  }

  void info(message_type content) {
    send(event_type::info, std::move(content));
  }

  void system(system_message message) {
    mailbox_.push_back(std::move(message));
  }

  // -- time -------------------------------------------------------------------

  /// Handles all that has been sent and is due now.
  void run() {
    do {
      while (!mailbox_.empty())
        take(mailbox_.pop_front());
    } while (post_due(now_));
  }

  /// Handles all that has been sent, then lets `by` pass: timers expire in the
  /// order in which they are due.
  void advance(duration by) {
    const auto until = now_ + by;
    run();
    while (!due_.empty() && due_.front().due <= until) {
      now_ = std::max(now_, due_.front().due);
      run();
    }
    now_ = until;
  }

  time_point now() const noexcept {
    return now_;
  }

  engine<T>& machine() noexcept {
    return engine_;
  }

private:
  struct alarm {
    time_point due;
    timer_ref ref;

    // Heap order: the earliest first; of equals the one started first.
    friend bool operator<(const alarm& x, const alarm& y) {
      return std::pair{x.due, x.ref} > std::pair{y.due, y.ref};
    }
  };

  using item = std::variant<event<T>, timer_ref, system_message>;

  void send(event_type type, message_type content) {
    event<T> ev;
    ev.type = type;
    ev.content = std::move(content);
    mailbox_.push_back(std::move(ev));
  }

  void take(item next) {
    if (auto* ev = std::get_if<event<T>>(&next))
      engine_.deliver(std::move(*ev), now_);
    else if (auto* ref = std::get_if<timer_ref>(&next))
      engine_.expire(*ref, now_);
    else
      std::get<system_message>(next)(engine_, now_);
  }

  /// Moves timers that are due by `limit` into the mailbox.
  bool post_due(time_point limit) {
    bool any = false;
    while (!due_.empty() && due_.front().due <= limit) {
      std::pop_heap(due_.begin(), due_.end());
      mailbox_.push_back(due_.back().ref);
      due_.pop_back();
      any = true;
    }
    return any;
  }

  void reply(caller to, reply_type value) override {
    if (on_reply_)
      on_reply_(to, std::move(value));
  }

  void arm(timer_ref ref, time_point due) override {
    due_.push_back({due, ref});
    std::push_heap(due_.begin(), due_.end());
  }

  void disarm(timer_ref ref) override {
    auto i = std::find_if(due_.begin(), due_.end(),
                          [&](const alarm& a) { return a.ref == ref; });
    if (i != due_.end()) { // otherwise it is in the mailbox already
      due_.erase(i);
      std::make_heap(due_.begin(), due_.end());
    }
  }

  void terminated(const exit_reason& why) override {
    if (on_exit_)
      on_exit_(why);
  }

  // Not zero: an absolute timeout at the clock's epoch is a zero timeout.
  time_point now_{std::chrono::hours{1}};
  switchgear::detail::ring_queue<item> mailbox_;
  std::vector<alarm> due_;
  reply_handler on_reply_;
  exit_handler on_exit_;
  engine<T> engine_;
};

} // namespace switchgear::statem
