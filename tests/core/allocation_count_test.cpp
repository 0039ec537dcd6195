/// Counts allocations, for the tests that say that there are none.

#include "support/allocation_count.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <cstdlib>
#include <new>

namespace {

thread_local std::size_t count = 0;

void* counted(std::size_t size) {
  ++count;
  if (auto* memory = std::malloc(size > 0 ? size : 1))
    return memory;
  throw std::bad_alloc{};
}

void* aligned(std::size_t size, std::align_val_t alignment) noexcept {
  ++count;
  const auto align = static_cast<std::size_t>(alignment);
  // What aligned_alloc is asked for must be a multiple of the alignment.
  return std::aligned_alloc(align, (size + align - 1) / align * align);
}

void* counted(std::size_t size, std::align_val_t alignment) {
  if (auto* memory = aligned(size, alignment))
    return memory;
  throw std::bad_alloc{};
}

} // namespace

// All forms of it: in a program with AddressSanitizer those that are left out
// would not come to these.

void* operator new(std::size_t size) {
  return counted(size);
}

void* operator new[](std::size_t size) {
  return counted(size);
}

void* operator new(std::size_t size, std::align_val_t alignment) {
  return counted(size, alignment);
}

void* operator new[](std::size_t size, std::align_val_t alignment) {
  return counted(size, alignment);
}

void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
  ++count;
  return std::malloc(size > 0 ? size : 1);
}

void* operator new[](std::size_t size, const std::nothrow_t&) noexcept {
  ++count;
  return std::malloc(size > 0 ? size : 1);
}

void* operator new(std::size_t size, std::align_val_t alignment,
                   const std::nothrow_t&) noexcept {
  return aligned(size, alignment);
}

void* operator new[](std::size_t size, std::align_val_t alignment,
                     const std::nothrow_t&) noexcept {
  return aligned(size, alignment);
}

void operator delete(void* memory) noexcept {
  std::free(memory);
}

void operator delete[](void* memory) noexcept {
  std::free(memory);
}

void operator delete(void* memory, std::size_t) noexcept {
  std::free(memory);
}

void operator delete[](void* memory, std::size_t) noexcept {
  std::free(memory);
}

void operator delete(void* memory, std::align_val_t) noexcept {
  std::free(memory);
}

void operator delete[](void* memory, std::align_val_t) noexcept {
  std::free(memory);
}

void operator delete(void* memory, std::size_t, std::align_val_t) noexcept {
  std::free(memory);
}

void operator delete[](void* memory, std::size_t, std::align_val_t) noexcept {
  std::free(memory);
}

void operator delete(void* memory, const std::nothrow_t&) noexcept {
  std::free(memory);
}

void operator delete[](void* memory, const std::nothrow_t&) noexcept {
  std::free(memory);
}

namespace switchgear::test {

std::size_t allocations() noexcept {
  return count;
}

namespace {

TEST(allocation_count, sees_each_allocation_of_this_thread) {
  // A compiler may leave out a pair of new and delete, but not such calls.
  const auto before = allocations();
  auto* memory = ::operator new(100);
  ::operator delete(memory);
  memory = ::operator new[](100);
  ::operator delete[](memory);
  const auto alignment = std::align_val_t{64};
  memory = ::operator new(100, alignment);
  EXPECT_EQ(reinterpret_cast<std::uintptr_t>(memory) % 64, 0u);
  ::operator delete(memory, alignment);
  EXPECT_EQ(allocations() - before, 3u);
}

} // namespace

} // namespace switchgear::test
