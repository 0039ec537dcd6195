#pragma once

#include <algorithm>
#include <chrono>
#include <thread>

#include "switchgear/time.hpp"

namespace switchgear::test {

/// How long a test waits for what must happen before it gives up: long enough
/// for a machine under any load, never reached by a test that passes.
inline constexpr auto patience = std::chrono::seconds{60};

/// Waits until `condition()` holds, at most `limit`.
/// @returns whether it does.
template <class F>
bool eventually(F condition, duration limit = patience) {
  for (const auto end = clock::now() + limit; !condition();) {
    if (clock::now() >= end)
      return false;
    std::this_thread::sleep_for(std::chrono::microseconds{200});
  }
  return true;
}

/// How long `f()` takes.
template <class F>
duration time_of(F f) {
  const auto begin = clock::now();
  f();
  return clock::now() - begin;
}

/// How long `f()` takes, at best: what else the machine has to do comes on top,
/// but not every time.
template <class F>
duration shortest_time_of(F f) {
  auto result = time_of(f);
  for (int i = 0; i < 4; ++i)
    result = std::min(result, time_of(f));
  return result;
}

} // namespace switchgear::test
