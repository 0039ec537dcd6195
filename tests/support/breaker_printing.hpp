#pragma once

#include <ostream>

#include "switchgear/breaker/config.hpp"
#include "switchgear/breaker/events.hpp"
#include "switchgear/breaker/state.hpp"
#include "switchgear/failure.hpp"

/// How tests print what they compare.
namespace switchgear {

inline void PrintTo(state value, std::ostream* out) {
  *out << to_string(value);
}

inline void PrintTo(mode value, std::ostream* out) {
  *out << to_string(value);
}

inline void PrintTo(reason value, std::ostream* out) {
  *out << to_string(value);
}

inline void PrintTo(outcome value, std::ostream* out) {
  *out << to_string(value);
}

inline void PrintTo(event_kind value, std::ostream* out) {
  *out << to_string(value);
}

inline void PrintTo(const failure& value, std::ostream* out) {
  *out << value.to_string();
}

} // namespace switchgear
