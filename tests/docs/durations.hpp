#pragma once

#include <chrono>
#include <string>

#include "switchgear/time.hpp"

namespace docs {

/// In the largest unit that gives a whole number: `60 s`, `5 min`, `10 ms`.
inline std::string in_words(switchgear::duration value) {
  using namespace std::chrono_literals;
  if (value % 1s != 0s)
    return std::to_string(value / 1ms) + " ms";
  if (value > 120s && value % 1min == 0s)
    return std::to_string(value / 1min) + " min";
  return std::to_string(value / 1s) + " s";
}

} // namespace docs
