#pragma once

#include <exception>
#include <utility>
#include <variant>

#include "switchgear/supervision/child_spec.hpp"

/// Calls of user code: what it throws stays here.

namespace switchgear::supervision {

/// Calls a start function. Throwing, or returning no process, is a failed
/// start.
template <class Handle>
start_result<Handle> call_start(const child_spec<Handle>& spec) {
  using statem::exit_reason;
  try {
    auto result = spec.start();
    const auto* now = std::get_if<Handle>(&result);
    const auto* soon = std::get_if<starting<Handle>>(&result);
    if ((now && !*now) || (soon && !soon->process))
      return exit_reason::error("start function returned no process");
    return result;
  } catch (statem::exit& ex) {
    return std::move(ex.reason);
  } catch (const std::exception& ex) {
    return exit_reason::error(ex.what(), std::current_exception());
  } catch (...) {
    return exit_reason::error("unknown exception", std::current_exception());
  }
}

/// Calls a hook, if there is one.
template <class Hook, class... Ts>
void call_hook(const Hook& hook, const Ts&... xs) {
  if (!hook)
    return;
  try {
    hook(xs...);
  } catch (...) {
    // A supervisor does not fail because somebody who watches it does.
  }
}

} // namespace switchgear::supervision
