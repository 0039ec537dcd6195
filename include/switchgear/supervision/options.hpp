#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "switchgear/supervision/child_spec.hpp"

namespace switchgear::supervision {

/// Who wants to know what a supervisor does. All are optional. They are called
/// by the supervisor itself: they must not block, and what they throw is
/// dropped.
struct supervisor_hooks {
  /// A child ended, by itself or because it was stopped.
  std::function<void(const std::string& id, const statem::exit_reason& why)>
    on_exit;

  /// A child runs again after a restart. `why` is how it had ended, `attempt`
  /// how many starts that took.
  std::function<void(const std::string& id, const statem::exit_reason& why,
                     std::size_t attempt)>
    on_restart;

  /// A child could not be started.
  std::function<void(const std::string& id, const statem::exit_reason& why)>
    on_start_failed;

  /// Restarts became too frequent with this child: the supervisor ends.
  std::function<void(const std::string& id)> on_give_up;
};

/// How a supervisor goes about its work. If more than `intensity` restarts
/// fall within `period` it stops all children and ends with `shutdown`.
struct supervisor_options {
  restart_strategy strategy = restart_strategy::one_for_one;
  int intensity = 1;
  duration period = std::chrono::seconds{5};
  supervisor_hooks hooks = {};
};

/// Checks ranges. @returns what is wrong, or nothing.
std::optional<std::string> check(const supervisor_options& options);

/// Checks options and children, and that no id appears twice.
/// @returns what is wrong, or nothing.
template <class Handle>
std::optional<std::string> check(const supervisor_options& options,
                                 const std::vector<child_spec<Handle>>& specs) {
  if (auto wrong = check(options))
    return wrong;
  std::unordered_set<std::string_view> ids;
  for (const auto& spec : specs) {
    if (auto wrong = check(spec))
      return wrong;
    if (!ids.insert(spec.id).second)
      return "child id \"" + spec.id
             + "\" appears twice, but must be unique within its supervisor";
  }
  return std::nullopt;
}

} // namespace switchgear::supervision
