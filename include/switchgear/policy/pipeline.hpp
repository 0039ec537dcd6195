#pragma once

#include <array>
#include <future>
#include <memory>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include "switchgear/executor.hpp"
#include "switchgear/policy/context.hpp"
#include "switchgear/policy/detail/stages.hpp"
#include "switchgear/policy/order.hpp"

namespace switchgear::policy {

/// Policies around a call, one within the other, the outermost first:
///
///     policy::pipeline p{policy::fallback{cached}, policy::retry{}, db,
///                        policy::timeout{2s}};
///     auto rows = p.call([] { return query(); });
///
/// Any order works; one that makes little sense is told of by `warnings`, and
/// once, when it is made, to the hook (`set_warning_hook`). A `breaker` is a
/// policy, and so is a pipeline. One of your own has
///
///     static constexpr policy::kind what = policy::kind::other;
///     template <class Next>
///     auto run(const context& ctx, const Next& next) const
///       -> std::invoke_result_t<const Next&, const context&>;
///
/// and calls `next(ctx)`, which returns an `expected<T, failure>` and does not
/// throw, as often as it likes.
///
/// With `timeout` or `hedge` in it a call may go on after its caller: then the
/// callable is copied or moved into the call. Else it is used where it is.
///
/// Copies share the policies. Thread-safe, if the policies are.
template <class... Ps>
class pipeline {
public:
  static constexpr kind what = kind::other;

  /// Whether calls may go on after their callers.
  static constexpr bool detaches = (detail::may_detach<Ps> || ...);

  explicit pipeline(Ps... policies)
    : policies_(
      std::make_shared<detail::policies<Ps...>>(std::move(policies)...)) {
    tell_warnings(warnings());
  }

  /// Calls `f` through all policies.
  ///
  /// `f` takes nothing, a `std::stop_token` or a `context`, and fails as with
  /// `breaker::call`. Nothing is thrown. The pipeline must outlive the call.
  /// @returns what `f` returned, or why there is nothing
  template <class F>
  auto call(F&& f, const context& ctx = {}) const
    -> detail::result_of<std::remove_reference_t<F>> {
    using callable = std::conditional_t<detaches, std::decay_t<F>,
                                        std::remove_reference_t<F>>;
    const auto whole = [&] {
      if constexpr (detaches) {
        using frame = detail::owned<callable, Ps...>;
        return detail::step<frame, 0>{frame{
          policies_, std::make_shared<callable>(std::forward<F>(f))}}(ctx);
      } else {
        return detail::step<detail::borrowed<callable, Ps...>, 0>{
          {policies_.get(), &f}}(ctx);
      }
    };
    return switchgear::detail::run(whole);
  }

  /// As `call`, on a thread of `where`, which it keeps until it has its result,
  /// also while it waits. The future is ready with `bulkhead_full` if there is
  /// no room, with `unavailable` if the executor stops before.
  template <class F>
  auto async(executor& where, F&& f, context ctx = {}) const
    -> std::future<detail::result_of<std::decay_t<F>>>;

  /// As a part of another pipeline.
  template <class Next>
  auto run(const context& ctx, const Next& next) const
    -> detail::answer_of<Next> {
    return call(next, ctx);
  }

  /// The policy at that place.
  template <std::size_t I>
  const auto& get() const noexcept {
    return std::get<I>(policies_->all);
  }

  /// The only policy of that type: for its statistics.
  template <class P>
  const P& get() const noexcept {
    return std::get<P>(policies_->all);
  }

  /// What is dubious about the order; see `check_order`.
  std::vector<std::string> warnings() const {
    return check_order(stages());
  }

  /// The policies as they stand, those of inner pipelines included.
  std::vector<stage> stages() const {
    std::vector<stage> result;
    std::apply(
      [&](const auto&... each) { (detail::add_stages(each, result), ...); },
      policies_->all);
    return result;
  }

private:
  std::shared_ptr<detail::policies<Ps...>> policies_;
};

// -- implementation -----------------------------------------------------------

namespace detail {

/// The other end of a future: whatever happens there is a result.
template <class Answer>
class pledge {
public:
  std::future<Answer> result() {
    return promise_.get_future();
  }

  void deliver(Answer answer) {
    if (!std::exchange(done_, true))
      promise_.set_value(std::move(answer));
  }

private:
  std::promise<Answer> promise_;
  bool done_ = false;
};

/// A whole call as the end of an errand.
template <class Pipeline, class F>
struct whole_call {
  Pipeline pipeline;
  std::shared_ptr<F> f;

  auto operator()(const context& ctx) const {
    // Shared, not copied, by what may go on after it.
    return pipeline.call(
      [what = f](const context& inner) -> decltype(auto) {
        return invoke_with(*what, inner);
      },
      ctx);
  }
};

} // namespace detail

template <class... Ps>
template <class F>
auto pipeline<Ps...>::async(executor& where, F&& f, context ctx) const
  -> std::future<detail::result_of<std::decay_t<F>>> {
  using callable = std::decay_t<F>;
  auto here = std::make_shared<detail::pledge<detail::result_of<callable>>>();
  auto result = here->result();
  executor::job job{
    detail::errand{here,
                   detail::whole_call<pipeline, callable>{
                     *this, std::make_shared<callable>(std::forward<F>(f))},
                   std::move(ctx)}};
  if (where.submit(std::span{&job, 1}) == 0)
    here->deliver(make_unexpected(detail::no_room()));
  return result;
}

} // namespace switchgear::policy
