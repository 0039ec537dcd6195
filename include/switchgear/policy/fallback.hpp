#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>

#include "switchgear/policy/context.hpp"

namespace switchgear::policy {

struct fallback_statistics {
  std::uint64_t answered = 0; ///< Failures for which there was something else.
  std::uint64_t failed = 0;   ///< For which all of it failed.
  std::uint64_t passed = 0;   ///< Failures that it is not for.
};

namespace detail {

struct fallback_counts {
  std::atomic<std::uint64_t> answered{0};
  std::atomic<std::uint64_t> failed{0};
  std::atomic<std::uint64_t> passed{0};
};

/// The failure of a call, with what its fallbacks came to.
failure with_note(const failure& original, const failure& of_fallback);

template <class F>
concept answers_failures = std::is_invocable_v<F&, const failure&>;

template <class F>
concept answers_anything = std::is_invocable_v<F&>;

} // namespace detail

/// Gives something else where there is no result: a value, or what a function
/// returns, which may be told why. Of several the first that works: a function
/// fails by throwing or as any callable does, then the next one is asked.
///
///     policy::fallback{read_cache, page{"try again later"}}
///
/// Functions get the failure of the call, whatever other fallbacks came to. If
/// all fail, that failure is returned, with the last fallback's text added.
///
/// What it holds is copied with it; functions must be thread-safe if calls come
/// from several threads. Copies share statistics. Thread-safe.
///
/// @tparam Fs values or functions, in the order in which they are tried
template <class... Fs>
class fallback {
public:
  static_assert(sizeof...(Fs) > 0,
                "a fallback needs something to fall back to");
  static constexpr kind what = kind::fallback;
  static constexpr bool detaches = false;

  explicit fallback(Fs... others) : others_(std::move(others)...) {
    // nop
  }

  /// Only for failures for which `which` holds; default: all. One that throws
  /// means no.
  fallback when(std::function<bool(const failure&)> which) const {
    auto result = *this;
    result.which_ = std::move(which);
    return result;
  }

  /// Whether there are failures that it is not for.
  bool selective() const noexcept {
    return static_cast<bool>(which_);
  }

  template <class Next>
  auto run(const context& ctx, const Next& next) const
    -> detail::answer_of<Next> {
    auto result = next(ctx);
    if (result) [[likely]]
      return result;
    if (!is_for(result.error())) {
      count(counts_->passed);
      return result;
    }
    return other<0>(std::move(result));
  }

  fallback_statistics stats() const noexcept {
    return {counts_->answered, counts_->failed, counts_->passed};
  }

private:
  static void count(std::atomic<std::uint64_t>& which) noexcept {
    which.fetch_add(1, std::memory_order_relaxed);
  }

  bool is_for(const failure& why) const {
    if (!which_)
      return true;
    try {
      return which_(why);
    } catch (...) {
      return false;
    }
  }

  template <std::size_t I, class Result>
  Result other(Result original) const {
    auto got = ask<I, typename Result::value_type>(original.error());
    if (got) {
      count(counts_->answered);
      return got;
    }
    if constexpr (I + 1 < sizeof...(Fs)) {
      return other<I + 1>(std::move(original));
    } else {
      count(counts_->failed);
      return make_unexpected(detail::with_note(original.error(), got.error()));
    }
  }

  template <std::size_t I, class T>
  expected<T, failure> ask(const failure& why) const {
    auto& what_else = std::get<I>(others_);
    using other_type = std::remove_cvref_t<decltype(what_else)>;
    if constexpr (detail::answers_failures<const other_type>)
      return convert<T>(
        [&]() -> decltype(auto) { return std::invoke(what_else, why); });
    else if constexpr (detail::answers_anything<const other_type>)
      return convert<T>(
        [&]() -> decltype(auto) { return std::invoke(what_else); });
    else
      return convert<T>([&]() -> T { return T(what_else); });
  }

  template <class T, class F>
  static expected<T, failure> convert(F f) {
    auto got = switchgear::detail::run(f);
    if (!got)
      return make_unexpected(std::move(got.error()));
    if constexpr (std::is_void_v<T>)
      return {};
    else if constexpr (std::is_same_v<decltype(got), expected<T, failure>>)
      return got;
    else
      return switchgear::detail::run([&] { return T(std::move(*got)); });
  }

  std::tuple<Fs...> others_;
  std::function<bool(const failure&)> which_;
  std::shared_ptr<detail::fallback_counts> counts_
    = std::make_shared<detail::fallback_counts>();
};

} // namespace switchgear::policy
