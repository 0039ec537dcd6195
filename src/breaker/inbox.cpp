#include "switchgear/breaker/inbox.hpp"

#include <bit>
#include <new>

namespace switchgear {

inbox::~inbox() {
  auto* known = pool_.load(std::memory_order_relaxed);
  if (!known)
    return;
  for (auto& each : known->blocks)
    delete[] each.load(std::memory_order_relaxed);
  delete known;
}

bool inbox::push(breaker_types::message content,
                 std::shared_ptr<judgement> awaited) {
  auto other = std::make_unique<breaker_types::message>(std::move(content));
  const auto which = take_free();
  auto& fresh = at(which);
  fresh.other = std::move(other);
  fresh.awaited = std::move(awaited);
  auto before = newest_.load(std::memory_order_relaxed);
  std::uint64_t after = 0;
  do {
    fresh.next.store(static_cast<index>(before & index_mask),
                     std::memory_order_relaxed);
    after = (((before >> index_bits) + 1) << index_bits) | which;
  } while (!newest_.compare_exchange_weak(
    before, after, std::memory_order_release, std::memory_order_relaxed));
  return wake();
}

inbox::index inbox::take_all() noexcept {
  constexpr index ahead = 4;
  // The ticket stays where it is.
  auto word = newest_.load(std::memory_order_relaxed);
  while (!newest_.compare_exchange_weak(word, word & ~index_mask,
                                        std::memory_order_acquire,
                                        std::memory_order_relaxed)) {
    // nop: another one came meanwhile
  }
  // Newest first; turned around in place.
  index oldest = 0;
  auto newest = static_cast<index>(word & index_mask);
  while (newest != 0) {
    // Written by other cores. In a storm records are used in their order.
    if (newest > ahead) {
      const auto* soon = reinterpret_cast<const char*>(&at(newest - ahead));
      __builtin_prefetch(soon, 1);
      __builtin_prefetch(soon + 64);
    }
    auto& each = at(newest);
    const auto next = each.next.load(std::memory_order_relaxed);
    each.next.store(oldest, std::memory_order_relaxed);
    oldest = std::exchange(newest, next);
  }
  taken_.store(word >> index_bits, std::memory_order_relaxed);
  if (held_ == 0)
    return oldest;
  // What a throwing consumer left behind comes first.
  auto last = held_;
  while (const auto next = at(last).next.load(std::memory_order_relaxed))
    last = next;
  at(last).next.store(oldest, std::memory_order_relaxed);
  return held_;
}

// -- the pool -----------------------------------------------------------------

// Blocks hold 8, 16, 32 ... records.
inbox::record& inbox::at(index which) const noexcept {
  const auto n = which - 1 + first_block;
  const auto power = static_cast<std::size_t>(std::bit_width(n)) - 1;
  const auto block = power - std::bit_width(first_block) + 1;
  return pool_.load(std::memory_order_acquire)
    ->blocks[block]
    .load(std::memory_order_acquire)[n - (std::size_t{1} << power)];
}

inbox::pool& inbox::records() {
  if (auto* known = pool_.load(std::memory_order_acquire))
    return *known;
  auto fresh = std::make_unique<pool>();
  pool* there = nullptr;
  if (pool_.compare_exchange_strong(there, fresh.get(),
                                    std::memory_order_acq_rel))
    return *fresh.release();
  return *there;
}

inbox::index inbox::take_free() {
  auto& all = records();
  auto word = all.first_free.load(std::memory_order_acquire);
  for (;;) {
    const auto first = static_cast<index>(word & index_mask);
    if (first == 0) {
      grow(all);
      word = all.first_free.load(std::memory_order_acquire);
      continue;
    }
    // It may be taken and even be back by now; then the count tells.
    const auto next = at(first).next.load(std::memory_order_relaxed);
    const auto after = (((word >> index_bits) + 1) << index_bits) | next;
    if (all.first_free.compare_exchange_weak(
          word, after, std::memory_order_acquire, std::memory_order_acquire)) {
      // The owner's core had it last, and a short record has two cache lines.
      if (next != 0) {
        const auto* soon = reinterpret_cast<const char*>(&at(next));
        __builtin_prefetch(soon, 1);
        __builtin_prefetch(soon + 64, 1);
      }
      return first;
    }
  }
}

void inbox::grow(pool& where) {
  std::lock_guard guard{where.growing};
  if ((where.first_free.load(std::memory_order_acquire) & index_mask) != 0)
    return; // another one has
  if (where.used_blocks == block_count)
    throw std::bad_alloc{};
  const auto size = first_block << where.used_blocks;
  auto* fresh = new record[size];
  where.blocks[where.used_blocks].store(fresh, std::memory_order_release);
  ++where.used_blocks;
  const auto first = static_cast<index>(size - first_block + 1);
  const auto last = static_cast<index>(first + size - 1);
  for (auto i = first; i < last; ++i)
    fresh[i - first].next.store(i + 1, std::memory_order_relaxed);
  give_free(first, last);
}

void inbox::give_free(index first, index last) noexcept {
  auto& free = pool_.load(std::memory_order_acquire)->first_free;
  auto word = free.load(std::memory_order_relaxed);
  std::uint64_t after = 0;
  do {
    at(last).next.store(static_cast<index>(word & index_mask),
                        std::memory_order_relaxed);
    after = (word & ~index_mask) | first;
  } while (!free.compare_exchange_weak(word, after, std::memory_order_release,
                                       std::memory_order_relaxed));
}

} // namespace switchgear
