#pragma once

#include <cstdint>

#include "switchgear/statem/exit_reason.hpp"

namespace switchgear::supervision {

/// When a child that has ended by itself is started again.
enum class restart_type : std::uint8_t {
  permanent, ///< Always.
  transient, ///< Unless it ended in an orderly way (`normal`, `shutdown`).
  temporary, ///< Never; it is forgotten when it ends.
};

/// Who else is restarted with a child.
enum class restart_strategy : std::uint8_t {
  one_for_one,  ///< Nobody.
  rest_for_one, ///< Those that were started after it.
  one_for_all,  ///< All.
};

/// What a child is: the default of its shutdown time depends on it.
enum class child_type : std::uint8_t { worker, supervisor };

/// What a child is doing.
enum class child_status : std::uint8_t {
  undefined,  ///< It does not run: it ended, was stopped, or said `ignore`.
  starting,   ///< Started, but not ready yet.
  running,    ///< It runs.
  restarting, ///< A restart failed and is about to be tried again.
};

/// Why a request about a child was refused.
enum class child_error : std::uint8_t {
  already_started = 1, ///< A child of that id runs.
  already_present,     ///< A child of that id is known, but does not run.
  not_found,           ///< No child of that id.
  running,             ///< The child runs; it must be stopped first.
  restarting,          ///< The child is being restarted.
  not_running,         ///< The child does not run.
  invalid_spec,        ///< The child specification makes no sense.
};

const char* to_string(restart_type x) noexcept;
const char* to_string(restart_strategy x) noexcept;
const char* to_string(child_type x) noexcept;
const char* to_string(child_status x) noexcept;
const char* to_string(child_error x) noexcept;

/// Whether a child of type `type` that ended by itself with `why` is restarted.
bool is_restarted(restart_type type, const statem::exit_reason& why) noexcept;

} // namespace switchgear::supervision
