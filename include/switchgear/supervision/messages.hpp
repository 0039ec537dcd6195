#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "switchgear/supervision/child_table.hpp"

namespace switchgear::supervision {

/// A row of the answer to `which_children`.
template <class Handle>
struct child_info {
  std::string id;
  child_status status = child_status::undefined;
  Handle process{}; ///< None unless the child runs.
  child_type type = child_type::worker;
};

/// The answer to `count_children`.
struct child_counts {
  std::size_t specs = 0;       ///< Children known, running or not.
  std::size_t active = 0;      ///< Children that run.
  std::size_t supervisors = 0; ///< Children that are supervisors.
  std::size_t workers = 0;     ///< Children that are workers.

  friend bool operator==(const child_counts&, const child_counts&) = default;
};

/// Requests. Each is a call: it gets exactly one reply.
namespace request {

/// Adds a child and starts it. Shared, for events must be cheap to copy.
template <class Handle>
struct start_child {
  std::shared_ptr<child_spec<Handle>> spec;
};

/// Stops a child. Its spec is kept, unless it is temporary.
struct terminate_child {
  std::string id;
};

/// Starts a child that does not run.
struct restart_child {
  std::string id;
};

/// Forgets a child that does not run.
struct delete_child {
  std::string id;
};

/// Asks for the process of a child.
struct find_child {
  std::string id;
};

struct which_children {};
struct count_children {};

/// Answered when all children have been started.
struct await_start {};

} // namespace request

/// What a supervisor is told, without a reply.
namespace notice {

/// A process has ended.
struct child_exited {
  child_key key = 0;
  run_id run = 0;
  statem::exit_reason why;
};

/// A process that was `starting` is ready.
struct child_ready {
  child_key key = 0;
  run_id run = 0;
};

/// The supervisor's message to itself after a failed restart.
struct retry {
  child_key key = 0;
};

/// Stop all children, then end with `why`.
struct stop {
  statem::exit_reason why;
};

/// Start the children that the supervisor began with.
struct boot {};

} // namespace notice

template <class Handle>
using supervisor_message = std::variant<
  std::monostate, request::start_child<Handle>, request::terminate_child,
  request::restart_child, request::delete_child, request::find_child,
  request::which_children, request::count_children, request::await_start,
  notice::child_exited, notice::child_ready, notice::retry, notice::stop,
  notice::boot>;

/// A request that can not be fulfilled, and a sentence that says why.
struct refusal {
  child_error code{};
  std::string what;
};

struct done {};

/// Replies: done; a child's process (none if its start function said
/// `ignore`); a refusal; why a start failed; lists.
template <class Handle>
using supervisor_reply
  = std::variant<done, Handle, refusal, statem::exit_reason,
                 std::vector<child_info<Handle>>, child_counts>;

} // namespace switchgear::supervision
