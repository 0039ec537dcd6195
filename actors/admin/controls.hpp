#pragma once

#include <mutex>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <vector>

#include "json.hpp"
#include "switchgear/admin.hpp"

namespace switchgear::admin {

/// What the program lets operators do beside its breakers.
/// @note Thread-safe.
class controls {
public:
  /// @throws setup_error if one cannot be
  void add(std::vector<admin_control> more);

  /// Waits for one that runs, unless that is what takes them out.
  void clear();

  /// Whether it is one of them that asks.
  bool is_running_here() const noexcept;

  /// For the page.
  json list() const;

  /// The control; its `run` must not be called but with `run`.
  std::optional<admin_control> find(std::string_view id) const;

  /// Runs it, unless it has been taken out.
  /// @returns what was done. Throws what `admin_control::run` throws.
  std::optional<std::string> run(std::string_view id);

private:
  // Held while one runs: before `mutex_`, if both.
  std::mutex running_;
  mutable std::shared_mutex mutex_;
  std::vector<admin_control> all_;
};

} // namespace switchgear::admin
