#pragma once

#include <chrono>
#include <cstdio>
#include <sstream>
#include <string>
#include <type_traits>

#include "switchgear/time.hpp"

namespace switchgear {

/// A setting's value as a person would write it.
inline std::string show(double value) {
  std::ostringstream out;
  out.precision(15); // all digits that a user can have written
  out << value;
  return out.str();
}

inline std::string show(duration value) {
  const auto ms = std::chrono::duration<double, std::milli>{value}.count();
  return show(ms) + " ms";
}

template <class T>
requires std::is_integral_v<T> std::string show(T value) {
  if constexpr (std::is_same_v<T, bool>)
    return value ? "true" : "false";
  else
    return std::to_string(value);
}

/// A share of one.
inline std::string percent(double part) {
  char buffer[32];
  std::snprintf(buffer, sizeof(buffer), "%.1f%%", part * 100.0);
  return buffer;
}

} // namespace switchgear
