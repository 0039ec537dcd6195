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
    : run_([f = share(std::forward<F>(f))](completion done) {
        done(to_message(detail::run(*f)));
      }) {
    // nop
  }

  /// A task whose result comes later, through a `promise<T>`.
  template <class T, class F>
  static task deferred(F&& f) {
    task result;
    result.run_ = [f = share(std::forward<F>(f))](completion done) {
      promise<T> later{std::move(done)};
      auto started = detail::run([&] { (*f)(later); });
      if (!started)
        later.fail(std::move(started.error()));
    };
    return result;
  }

  explicit operator bool() const noexcept {
    return static_cast<bool>(run_);
  }

  /// Runs it; `done` is called once, now or later, on any thread.
  void operator()(completion done) {
    run_(std::move(done));
  }

private:
  // Messages must be copyable, callables need not be.
  template <class F>
  static auto share(F&& f) {
    return std::make_shared<std::decay_t<F>>(std::forward<F>(f));
  }

  template <class T>
  static task_result to_message(expected<T, failure> result) {
    if (!result)
      return make_unexpected(std::move(result.error()));
    if constexpr (std::is_void_v<T>)
      return caf::message{};
    else
      return caf::make_message(std::move(*result));
  }

  std::function<void(completion)> run_;
};

} // namespace switchgear

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(switchgear::task)
