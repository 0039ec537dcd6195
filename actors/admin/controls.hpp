#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <optional>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <vector>

#include "json.hpp"
#include "switchgear/admin.hpp"
#include "switchgear/executor.hpp"

namespace switchgear::admin {

/// What came of running a control.
struct control_result {
  enum class kind {
    done,    ///< It has come back.
    failed,  ///< It has thrown.
    unknown, ///< There is none of that name. It has not run.
    busy,    ///< Another one took too long. It has not run.
    running, ///< It has begun and takes longer than one waits.
  };

  kind what;
  /// What it says that was done; else what is the matter.
  std::string text;
};

/// What the program lets operators do beside its breakers. They run on a thread
/// of their own, one at a time: whoever wants one waits for it, but not for
/// ever.
/// @note Thread-safe.
class controls {
public:
  /// @param patience how long one waits for a control, in all
  explicit controls(duration patience);

  /// Waits for one that runs.
  ~controls();

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

  /// Runs it, and waits for it as long as one waits.
  /// @param ended is told what came of it if it has run, however late, on the
  ///        thread on which it has; before the caller, if the caller waits
  control_result run(std::string_view id,
                     std::function<void(const control_result&)> ended = {});

  /// From now on nobody waits; who does is told at once.
  void stop_waiting();

  /// Undoes `stop_waiting`.
  void wait_again();

private:
  using optional_result = std::optional<control_result>;

  control_result call(const admin_control& which) noexcept;

  const duration patience_;

  mutable std::shared_mutex list_mutex_;
  std::vector<admin_control> all_;

  // Before `list_mutex_`, if both.
  std::mutex mutex_;
  std::condition_variable changed_;
  std::string running_; ///< The id of the one that runs, or empty.
  bool impatient_ = false;

  // After all that its jobs use.
  executor thread_;
};

} // namespace switchgear::admin
