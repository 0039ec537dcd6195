#pragma once

#include <cstdint>

namespace switchgear::detail {

/// How many threads at a time have a number of their own. A power of two.
inline constexpr std::uint32_t numbered_threads = 64;

/// Zero to `numbered_threads - 1`: the thread's own number. Anything else: it
/// has none (yet).
inline constinit thread_local std::uint32_t thread_number = ~std::uint32_t{0};

/// Gives this thread a number if one is left.
/// @returns the number, or `numbered_threads`.
std::uint32_t number_this_thread() noexcept;

/// This thread's number, which no other living thread has; `numbered_threads`
/// if it has none. A number is given out again when its thread has ended; what
/// the old owner wrote happens before what the new one does.
inline std::uint32_t this_thread_number() noexcept {
  const auto number = thread_number;
  return number < numbered_threads ? number : number_this_thread();
}

} // namespace switchgear::detail
