#pragma once

#include <cstddef>

namespace switchgear::test {

/// How often this thread has allocated with `new` so far. The program that
/// asks must contain `core/allocation_count_test.cpp`.
std::size_t allocations() noexcept;

} // namespace switchgear::test
