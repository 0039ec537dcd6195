#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "switchgear/runtime.hpp"

namespace switchgear::bench {

/// Makes breakers.
inline std::vector<breaker> spawn_many(runtime& rt, std::size_t count,
                                       const config& cfg = {}) {
  std::vector<breaker> result;
  result.reserve(count);
  for (std::size_t i = 0; i < count; ++i)
    result.push_back(rt.breaker("breaker-" + std::to_string(i), cfg));
  return result;
}

/// Waits until the actors of all are up; the last one is most likely the last.
/// @returns whether they are.
bool await_actors(const std::vector<breaker>& all);

} // namespace switchgear::bench
