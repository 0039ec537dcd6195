#pragma once

#include <memory>
#include <string_view>
#include <utility>

#include "switchgear/runtime.hpp"

namespace switchgear {

/// The runtime behind the functions below. It is made, with default options,
/// when it is first needed, and ended when the program exits, before objects
/// that were there earlier are destroyed; from then on it is null. Thread-safe.
std::shared_ptr<runtime> default_runtime();

/// Puts another one in its place, which is ended when the last one who shares
/// it lets it go, this one at exit. Breakers of the one before stay where they
/// are. Null: the next one that is needed is made anew. Thread-safe.
void set_default_runtime(std::shared_ptr<runtime> rt);

/// The breaker of that name in the default runtime; made with `cfg` if there is
/// none yet.
/// @throws setup_error if name or settings are not allowed, or after the
///         runtime's end
breaker get_circuit_breaker(std::string_view name, const config& cfg = {});

namespace detail {

/// As `get_circuit_breaker`, or why there is none.
expected<breaker, failure> default_breaker(std::string_view name,
                                           const config& cfg);

} // namespace detail

/// Calls `f` through the breaker of that name, see `breaker::call`. A name or
/// settings that are not allowed are a failure, `invalid_config`.
template <class F>
auto with_circuit_breaker(std::string_view name, const config& cfg, F&& f)
  -> expected<detail::success_of_t<F&>, failure> {
  auto found = detail::default_breaker(name, cfg);
  if (!found)
    return make_unexpected(std::move(found.error()));
  return found->call(std::forward<F>(f));
}

/// As `with_circuit_breaker`; if there is no result, `fallback(failure)` gives
/// one.
template <class F, class Fallback>
requires std::is_invocable_v<Fallback, const failure&>
auto with_circuit_breaker_and_fallback(std::string_view name, const config& cfg,
                                       F&& f, Fallback&& fallback)
  -> detail::success_of_t<F&> {
  auto found = detail::default_breaker(name, cfg);
  if (!found)
    return std::forward<Fallback>(fallback)(std::as_const(found.error()));
  return found->call(std::forward<F>(f), std::forward<Fallback>(fallback));
}

} // namespace switchgear
