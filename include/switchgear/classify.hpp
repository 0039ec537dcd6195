#pragma once

#include <exception>
#include <optional>
#include <string>
#include <system_error>
#include <type_traits>
#include <typeinfo>
#include <utility>

#include "switchgear/expected.hpp"
#include "switchgear/failure.hpp"

namespace switchgear {

/// Says whether a value that a callable returned means that the call failed,
/// and how. Specialize it for types of your own:
///
///     template <>
///     struct switchgear::returned<http_response> {
///       static std::optional<failure> failed(const http_response& r) {
///         if (r.status < 500)
///           return std::nullopt;
///         return failure{errc::operation_failed, std::to_string(r.status)};
///       }
///     };
///
/// Without a specialization a value is a success, a set `std::error_code` a
/// failure, and an `expected`-like type without a value a failure.
template <class T>
struct returned {
  static std::optional<failure> failed(const T&) {
    return std::nullopt;
  }
};

template <>
struct returned<std::error_code> {
  static std::optional<failure> failed(const std::error_code& code) {
    if (!code)
      return std::nullopt;
    return failure::from_error(code.message(), typeid(code));
  }
};

namespace detail {

template <class T>
concept expected_like = requires(const T& x) {
  typename T::value_type;
  typename T::error_type;
  { x.has_value() } -> std::convertible_to<bool>;
  x.error();
};

/// The text of an error value, as well as it can be told.
template <class E>
std::string error_text(const E& error) {
  if constexpr (std::is_convertible_v<const E&, std::string>)
    return error;
  else if constexpr (requires {
                       { error.message() } -> std::convertible_to<std::string>;
                     })
    return error.message();
  else if constexpr (requires {
                       { error.what() } -> std::convertible_to<std::string>;
                     })
    return error.what();
  else if constexpr (requires {
                       { to_string(error) } -> std::convertible_to<std::string>;
                     })
    return to_string(error);
  else if constexpr (std::is_arithmetic_v<E>)
    return std::to_string(error);
  else
    return "error value";
}

template <class T>
struct success_of {
  using type = T;
};

template <expected_like T>
struct success_of<T> {
  using type = typename T::value_type;
};

template <>
struct success_of<std::error_code> {
  using type = void;
};

/// What a protected call returns if all went well.
template <class F, class... Args>
using success_of_t =
  typename success_of<std::decay_t<std::invoke_result_t<F, Args...>>>::type;

template <class T>
using outcome_of = expected<T, failure>;

/// Turns what a callable returned into a value or a failure.
template <class T>
auto settle(T&& value)
  -> outcome_of<typename success_of<std::decay_t<T>>::type> {
  using raw = std::decay_t<T>;
  if constexpr (expected_like<raw>) {
    if (!value.has_value()) {
      if constexpr (std::is_same_v<typename raw::error_type, failure>)
        return make_unexpected(std::forward<T>(value).error());
      else
        return make_unexpected(failure::from_error(
          error_text(value.error()), typeid(typename raw::error_type)));
    }
    if constexpr (std::is_void_v<typename raw::value_type>)
      return {};
    else
      return std::forward<T>(value).value();
  } else {
    if (auto bad = returned<raw>::failed(value))
      return make_unexpected(std::move(*bad));
    if constexpr (std::is_same_v<raw, std::error_code>)
      return {};
    else
      return std::forward<T>(value);
  }
}

/// Runs `f`: what it throws or returns as an error becomes a failure. Inlined:
/// there are several in a pipeline, and each is next to nothing.
template <class F>
[[gnu::always_inline]] inline auto run(F&& f) -> outcome_of<success_of_t<F&>> {
  try {
    if constexpr (std::is_void_v<std::invoke_result_t<F&>>) {
      f();
      return {};
    } else if constexpr (std::is_same_v<std::invoke_result_t<F&>,
                                        outcome_of<success_of_t<F&>>>) {
      return f(); // which is settled, and need not be moved
    } else {
      return settle(f());
    }
  } catch (failure& thrown) {
    return make_unexpected(std::move(thrown));
  } catch (...) {
    auto cause = std::current_exception();
    if (!cause)
      throw; // no exception of C++'s: the thread is being cancelled
    return make_unexpected(failure::from_exception(std::move(cause)));
  }
}

} // namespace detail

} // namespace switchgear
