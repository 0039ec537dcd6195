#pragma once

#include <functional>
#include <stop_token>
#include <type_traits>
#include <utility>

#include "switchgear/classify.hpp"
#include "switchgear/time.hpp"

namespace switchgear::policy {

/// What a call is told on its way in. A callable that wants to know takes it as
/// its parameter, or takes only the `std::stop_token`.
struct context {
  /// Asks the call to give up: its result is not wanted any more.
  std::stop_token stop{};

  /// When its result stops being of use; `time_point::max()`: never.
  time_point deadline = time_point::max();
};

/// Which policy, for `check_order`.
enum class kind : unsigned char {
  retry,
  rate_limit,
  breaker,
  timeout,
  bulkhead,
  fallback,
  hedge,
  chaos,
  other, ///< One of the user's own.
};

namespace detail {

template <class F>
concept takes_context = std::is_invocable_v<F&, const context&>;

template <class F>
concept takes_stop_token = std::is_invocable_v<F&, std::stop_token>;

template <class F>
decltype(auto) invoke_with(F& f, const context& ctx) {
  if constexpr (takes_context<F>)
    return std::invoke(f, ctx);
  else if constexpr (takes_stop_token<F>)
    return std::invoke(f, ctx.stop);
  else
    return std::invoke(f);
}

/// The user's callable as a call without parameters.
template <class F>
struct bound {
  F& f;
  const context& ctx;

  decltype(auto) operator()() const {
    return invoke_with(f, ctx);
  }
};

template <class F>
using result_of = switchgear::detail::outcome_of<
  switchgear::detail::success_of_t<const bound<F>&>>;

/// A call that failed because it was told to stop says nothing about the tool.
failure cancelled_by(failure why);

/// Runs the user's callable. Inlined, as the steps to it are: else each would
/// cost as much as a breaker.
template <class F>
[[gnu::always_inline]] inline auto attempt(F& f, const context& ctx)
  -> result_of<F> {
  const bound<F> call{f, ctx};
  auto result = switchgear::detail::run(call);
  if (!result && ctx.stop.stop_requested()) [[unlikely]]
    result.error() = cancelled_by(std::move(result.error()));
  return result; // not moved
}

/// What `next`, the rest of a pipeline, answers.
template <class Next>
using answer_of = std::invoke_result_t<const Next&, const context&>;

} // namespace detail

} // namespace switchgear::policy
