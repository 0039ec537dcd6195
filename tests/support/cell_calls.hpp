#pragma once

#include <chrono>
#include <string_view>

#include "switchgear/breaker/cell.hpp"

namespace switchgear::test {

/// Begins a call, or says why there is none.
inline expected<cell::call, failure> admit(cell& where) {
  cell::call result;
  if (!where.begin(result))
    return make_unexpected(where.refusal(result));
  return result;
}

/// Begins a call that passes, as if it were now `at`.
inline cell::call begin_at(cell& where, time_point at) {
  auto result = admit(where).value();
  where.start_at(result, at);
  return result;
}

/// A call, as one that is timed and has been under way for so long.
inline cell::call since(cell::call begun, duration age) {
  begun.timed = true;
  begun.began = clock::now() - age;
  return begun;
}

} // namespace switchgear::test
