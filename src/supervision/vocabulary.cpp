#include "switchgear/supervision/vocabulary.hpp"

namespace switchgear::supervision {

const char* to_string(restart_type x) noexcept {
  switch (x) {
    case restart_type::permanent:
      return "permanent";
    case restart_type::transient:
      return "transient";
    case restart_type::temporary:
      return "temporary";
  }
  return "?";
}

const char* to_string(restart_strategy x) noexcept {
  switch (x) {
    case restart_strategy::one_for_one:
      return "one_for_one";
    case restart_strategy::rest_for_one:
      return "rest_for_one";
    case restart_strategy::one_for_all:
      return "one_for_all";
  }
  return "?";
}

const char* to_string(child_type x) noexcept {
  switch (x) {
    case child_type::worker:
      return "worker";
    case child_type::supervisor:
      return "supervisor";
  }
  return "?";
}

const char* to_string(child_status x) noexcept {
  switch (x) {
    case child_status::undefined:
      return "undefined";
    case child_status::starting:
      return "starting";
    case child_status::running:
      return "running";
    case child_status::restarting:
      return "restarting";
  }
  return "?";
}

const char* to_string(child_error x) noexcept {
  switch (x) {
    case child_error::already_started:
      return "already_started";
    case child_error::already_present:
      return "already_present";
    case child_error::not_found:
      return "not_found";
    case child_error::running:
      return "running";
    case child_error::restarting:
      return "restarting";
    case child_error::not_running:
      return "not_running";
    case child_error::invalid_spec:
      return "invalid_spec";
  }
  return "?";
}

bool is_restarted(restart_type type, const statem::exit_reason& why) noexcept {
  return type == restart_type::permanent
         || (type == restart_type::transient && !why.orderly());
}

} // namespace switchgear::supervision
