#pragma once

#include <memory>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include "switchgear/policy/context.hpp"
#include "switchgear/policy/detail/crew.hpp"
#include "switchgear/policy/order.hpp"

/// What a pipeline is made of.
namespace switchgear::policy::detail {

/// A policy by its own word; all others are called as breakers are.
template <class P>
concept policy_like = requires {
  { P::what } -> std::convertible_to<kind>;
};

template <class P>
constexpr bool may_detach = [] {
  if constexpr (requires { P::detaches; })
    return bool{P::detaches};
  else
    return false;
}();

template <class... Ps>
struct policies {
  explicit policies(Ps&&... each) : all(std::move(each)...) {
    // nop
  }

  std::tuple<Ps...> all;
};

/// The policies and the callable of a call whose caller waits for its end.
template <class F, class... Ps>
struct borrowed {
  using callable = F;
  static constexpr std::size_t size = sizeof...(Ps);

  policies<Ps...>* with;
  F* f;
};

/// The same for a call that may go on after its caller.
template <class F, class... Ps>
struct owned {
  using callable = F;
  static constexpr std::size_t size = sizeof...(Ps);

  std::shared_ptr<policies<Ps...>> with;
  std::shared_ptr<F> f;
};

/// A call from its policy number `I` on.
template <class Frame, std::size_t I>
struct step {
  using answer = result_of<typename Frame::callable>;

  Frame frame;

  [[gnu::always_inline]] answer operator()(const context& ctx) const {
    if constexpr (I == Frame::size) {
      return attempt(*frame.f, ctx);
    } else {
      const step<Frame, I + 1> next{frame};
      auto& current = std::get<I>(frame.with->all);
      if constexpr (policy_like<std::remove_reference_t<decltype(current)>>)
        return current.run(ctx, next);
      else
        return current.call([&] { return next(ctx); });
    }
  }
};

/// A policy as far as the order matters.
template <class P>
void add_stages(const P& which, std::vector<stage>& to) {
  if constexpr (requires { which.stages(); }) {
    for (const auto& each : which.stages())
      to.push_back(each);
  } else {
    stage result{.what = kind::breaker};
    if constexpr (policy_like<P>)
      result.what = P::what;
    if constexpr (requires { which.selective(); })
      result.selective = which.selective();
    if constexpr (requires { which.options().max_wait; })
      result.waits = which.options().max_wait > duration::zero();
    if constexpr (requires { which.options().concurrency; })
      result.places = which.options().concurrency;
    if constexpr (requires { which.core()->calls_to_trip(); })
      result.calls_to_trip = which.core()->calls_to_trip();
    to.push_back(result);
  }
}

} // namespace switchgear::policy::detail
