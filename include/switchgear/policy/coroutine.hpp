#pragma once

#include <coroutine>
#include <memory>
#include <optional>
#include <span>
#include <type_traits>
#include <utility>

#include "switchgear/executor.hpp"
#include "switchgear/policy/pipeline.hpp"

namespace switchgear::policy {

/// A call that a coroutine waits for; see `call_on`.
template <class Pipeline, class F>
class awaitable_call {
public:
  using answer = detail::result_of<F>;

  awaitable_call(executor& where, Pipeline through, F f, context ctx)
    : where_(where),
      through_(std::move(through)),
      f_(std::make_shared<F>(std::move(f))),
      ctx_(std::move(ctx)) {
    // nop
  }

  bool await_ready() const noexcept {
    return false;
  }

  bool await_suspend(std::coroutine_handle<> who) {
    auto there = std::make_shared<resumption>(answer_, who);
    executor::job job{detail::errand{
      there, detail::whole_call<Pipeline, F>{through_, std::move(f_)}, ctx_}};
    // Once it is queued the coroutine may go on, and this be gone.
    if (where_.submit(std::span{&job, 1}) == 1)
      return true;
    there->cancel();
    answer_.emplace(make_unexpected(detail::no_room()));
    return false;
  }

  answer await_resume() {
    return std::move(*answer_);
  }

private:
  class resumption {
  public:
    resumption(std::optional<answer>& to, std::coroutine_handle<> who)
      : to_(to),
        who_(who) {
      // nop
    }

    void deliver(answer got) {
      if (auto who = std::exchange(who_, nullptr)) {
        to_.emplace(std::move(got));
        who.resume();
      }
    }

    void cancel() noexcept {
      who_ = nullptr;
    }

  private:
    std::optional<answer>& to_;
    std::coroutine_handle<> who_;
  };

  executor& where_;
  Pipeline through_;
  std::shared_ptr<F> f_;
  context ctx_;
  std::optional<answer> answer_;
};

/// A call through a pipeline that a coroutine waits for:
///
///     auto rows = co_await policy::call_on(workers, p, [] { return query();
///     });
///
/// The call runs on a thread of `where`, and there the coroutine goes on; with
/// `bulkhead_full`, where it is, if there is no room, and with `unavailable`,
/// on the thread that stops the executor, if that happens before it began.
/// @param where must be there until the coroutine goes on
template <class... Ps, class F>
auto call_on(executor& where, const pipeline<Ps...>& through, F&& f,
             context ctx = {})
  -> awaitable_call<pipeline<Ps...>, std::decay_t<F>> {
  return {where, through, std::forward<F>(f), std::move(ctx)};
}

} // namespace switchgear::policy
