#include "switchgear/breaker/call_starts.hpp"

#include <new>
#include <utility>

namespace switchgear {

namespace {

constexpr std::size_t first_block = 4;

} // namespace

call_starts::~call_starts() {
  auto* next = newest_.load(std::memory_order_relaxed);
  while (next)
    delete std::exchange(next, next->older);
}

void call_starts::end(entry* which) noexcept {
  which->began_.store(0, std::memory_order_release);
  auto& returned = which->home_->returned_;
  which->next_ = returned.load(std::memory_order_relaxed);
  while (!returned.compare_exchange_weak(which->next_, which,
                                         std::memory_order_release,
                                         std::memory_order_relaxed)) {
    // nop: tried again with what is there now
  }
}

bool call_starts::find_free() noexcept {
  // Only this thread takes, and it takes all: no entry can come back between
  // looking and taking.
  free_ = returned_.exchange(nullptr, std::memory_order_acquire);
  if (free_)
    return true;
  auto* last = newest_.load(std::memory_order_relaxed);
  const auto size = last ? last->size * 2 : first_block;
  auto* fresh = new (std::nothrow) block{size, last, nullptr};
  if (!fresh)
    return false;
  fresh->entries.reset(new (std::nothrow) entry[size]);
  if (!fresh->entries) {
    delete fresh;
    return false;
  }
  for (std::size_t i = 0; i < size; ++i) {
    auto& each = fresh->entries[i];
    each.home_ = this;
    each.next_ = std::exchange(free_, &each);
  }
  newest_.store(fresh, std::memory_order_release);
  return true;
}

} // namespace switchgear
