#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <type_traits>
#include <utility>

#include <caf/allowed_unsafe_message_type.hpp>
#include <caf/message.hpp>

#include "switchgear/classify.hpp"

namespace switchgear {

/// How a task ended: the message that answers its caller, or a failure.
using task_result = expected<caf::message, failure>;

/// The other end of a task that has its result later. One result counts. A
/// promise that goes away without one fails the call as `cancelled`.
///
/// Copies share the result. Thread-safe.
template <class T>
class promise {
public:
  explicit promise(std::function<void(task_result)> settle)
    : state_(std::make_shared<shared>(std::move(settle))) {
    // nop
  }

  /// Delivers the value; not for `void`.
  template <class U>
  void deliver(U&& value) const {
    state_->settle(caf::make_message(T(std::forward<U>(value))));
  }

  /// For `promise<void>`.
  void deliver() const
    requires std::is_void_v<T>
  {
    state_->settle(caf::message{});
  }

  void fail(failure why) const {
    state_->settle(make_unexpected(std::move(why)));
  }

private:
  struct shared {
    explicit shared(std::function<void(task_result)> f) : f_(std::move(f)) {
      // nop
    }

    ~shared() {
      settle(make_unexpected(failure{errc::cancelled, "promise given up"}));
    }

    void settle(task_result result) {
      if (!done_.exchange(true))
        f_(std::move(result));
    }

    std::function<void(task_result)> f_;
    std::atomic<bool> done_{false};
  };

  std::shared_ptr<shared> state_;
};

/// A callable in a call message. It stays in this process: a function can not
/// be sent to another node.
///
/// What the callable returns becomes the response message, so its type needs a
/// CAF type id. Failing is as with `breaker::call`.
class task {
public:
  using completion = std::function<void(task_result)>;

  task() = default;

  template <class F>
    requires(!std::is_same_v<std::decay_t<F>, task> && std::is_invocable_v<F&>)
  explicit task(F&& f)
    : work_(std::make_shared<prompt<std::decay_t<F>>>(std::forward<F>(f))) {
    // nop
  }

  /// A task whose result comes later, through a `promise<T>`.
  template <class T, class F>
  static task deferred(F&& f) {
    task result;
    result.work_
      = std::make_shared<later<T, std::decay_t<F>>>(std::forward<F>(f));
    return result;
  }

  explicit operator bool() const noexcept {
    return static_cast<bool>(work_);
  }

  /// Whether it has its result as soon as it has run.
  bool is_prompt() const noexcept {
    return work_ && work_->is_prompt;
  }

  /// Runs it.
  /// @pre `is_prompt()`
  task_result operator()() {
    return work_->run();
  }

  /// Runs it; `done` is called once, now or later, on any thread.
  /// A task of nothing is cancelled.
  void operator()(completion done) {
    if (work_)
      work_->run(std::move(done));
    else
      done(make_unexpected(failure{errc::cancelled, "the task is empty"}));
  }

private:
  // Messages must be copyable, callables need not be: copies share one.
  struct work {
    explicit work(bool has_result_at_once) : is_prompt(has_result_at_once) {
      // nop
    }

    virtual ~work() = default;
    virtual task_result run() = 0;
    virtual void run(completion done) = 0;

    const bool is_prompt;
  };

  template <class F>
  struct prompt final : work {
    template <class Init>
    explicit prompt(Init&& init) : work(true), f(std::forward<Init>(init)) {
      // nop
    }

    task_result run() override {
      return to_message(detail::run(f));
    }

    void run(completion done) override {
      done(run());
    }

    F f;
  };

  template <class T, class F>
  struct later final : work {
    template <class Init>
    explicit later(Init&& init) : work(false), f(std::forward<Init>(init)) {
      // nop
    }

    task_result run() override {
      return make_unexpected(failure{errc::cancelled, "has no result yet"});
    }

    void run(completion done) override {
      promise<T> result{std::move(done)};
      auto started = detail::run([&] { f(result); });
      if (!started)
        result.fail(std::move(started.error()));
    }

    F f;
  };

  template <class T>
  static task_result to_message(expected<T, failure> result) {
    if (!result)
      return make_unexpected(std::move(result.error()));
    if constexpr (std::is_void_v<T>)
      return caf::message{};
    else
      return caf::make_message(std::move(*result));
  }

  std::shared_ptr<work> work_;
};

} // namespace switchgear

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(switchgear::task)
