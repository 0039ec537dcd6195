#include "switchgear/breaker/inbox.hpp"

namespace switchgear {

inbox::~inbox() {
  auto* next = take_all();
  while (next)
    delete std::exchange(next, next->next);
}

bool inbox::push(breaker_types::message content,
                 std::shared_ptr<judgement> awaited) {
  auto* fresh = new record{std::move(content), std::move(awaited), nullptr};
  size_.fetch_add(1, std::memory_order_relaxed);
  auto* before = newest_.load(std::memory_order_relaxed);
  do {
    fresh->next = before;
  } while (!newest_.compare_exchange_weak(
    before, fresh, std::memory_order_release, std::memory_order_relaxed));
  return before == nullptr;
}

inbox::record* inbox::take_all() noexcept {
  // Pushed newest first; turned around in place.
  auto* newest = newest_.exchange(nullptr, std::memory_order_acquire);
  record* oldest = nullptr;
  std::size_t taken = 0;
  while (newest) {
    auto* next = std::exchange(newest->next, oldest);
    oldest = std::exchange(newest, next);
    ++taken;
  }
  size_.fetch_sub(taken, std::memory_order_relaxed);
  if (!held_)
    return oldest;
  // What a throwing consumer left behind comes first.
  auto* first = std::exchange(held_, nullptr);
  auto* last = first;
  while (last->next)
    last = last->next;
  last->next = oldest;
  return first;
}

void inbox::give_back(record* oldest) noexcept {
  held_ = oldest;
}

} // namespace switchgear
