#include "switchgear/detail/meeting_point.hpp"

#include <array>
#include <cstdint>

namespace switchgear::detail {

namespace {

// Enough that threads which meet at one of them by chance are rare.
constexpr std::size_t meeting_points = 256;

// Each on cache lines of its own: who locks one does not slow down others.
struct alignas(128) apart : meeting_point {};

} // namespace

meeting_point& meeting_point::of(const void* object) noexcept {
  // Never destroyed: threads may outlive the objects with static storage.
  static auto& table = *new std::array<apart, meeting_points>;
  // Addresses of objects of one size differ by multiples of it; multiplying
  // spreads them.
  const auto address = reinterpret_cast<std::uintptr_t>(object);
  const auto spread = std::uint64_t{address} * 0x9e3779b97f4a7c15;
  return table[(spread >> 32) % meeting_points];
}

} // namespace switchgear::detail
