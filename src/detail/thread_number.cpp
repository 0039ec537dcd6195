#include "switchgear/detail/thread_number.hpp"

#include <atomic>
#include <bit>

namespace switchgear::detail {

namespace {

static_assert(numbered_threads == 64, "one bit for each");

// A set bit: the number is free.
constinit std::atomic<std::uint64_t> free_numbers{~std::uint64_t{0}};

// Has used its number up: a destructor of some other thread-local object still
// makes calls.
constinit thread_local bool leaving = false;

/// Gives the number back when its thread ends.
class lease {
public:
  explicit lease(std::uint32_t number) : number_(number) {
    thread_number = number;
  }

  lease(const lease&) = delete;
  lease& operator=(const lease&) = delete;

  ~lease() {
    leaving = true;
    thread_number = numbered_threads;
    free_numbers.fetch_or(std::uint64_t{1} << number_,
                          std::memory_order_release);
  }

private:
  std::uint32_t number_;
};

} // namespace

std::uint32_t number_this_thread() noexcept {
  if (leaving)
    return numbered_threads;
  auto left = free_numbers.load(std::memory_order_relaxed);
  while (left != 0) {
    const auto lowest = left & -left;
    // Acquires what the last owner of the number has written.
    if (free_numbers.compare_exchange_weak(left, left ^ lowest,
                                           std::memory_order_acquire,
                                           std::memory_order_relaxed)) {
      thread_local lease mine{
        static_cast<std::uint32_t>(std::countr_zero(lowest))};
      return thread_number;
    }
  }
  return numbered_threads; // perhaps the next time
}

} // namespace switchgear::detail
