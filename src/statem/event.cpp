#include "switchgear/statem/event.hpp"

namespace switchgear::statem {

const char* to_string(event_type type) noexcept {
  switch (type) {
    case event_type::enter:
      return "enter";
    case event_type::call:
      return "call";
    case event_type::cast:
      return "cast";
    case event_type::info:
      return "info";
    case event_type::internal:
      return "internal";
    case event_type::event_timeout:
      return "timeout";
    case event_type::state_timeout:
      return "state_timeout";
    case event_type::generic_timeout:
      return "generic_timeout";
  }
  return "?";
}

} // namespace switchgear::statem
