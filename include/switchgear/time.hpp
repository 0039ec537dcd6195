#pragma once

#include <chrono>

namespace switchgear {

/// All decisions are made on the monotonic clock; wall-clock time appears only
/// in what a person or another process reads.
using clock = std::chrono::steady_clock;
using time_point = clock::time_point;
using duration = clock::duration;

/// A timeout that never comes. As the time of a timeout action it cancels.
inline constexpr duration infinity = duration::max();

/// Wall-clock instants, for people.
using wall_time = std::chrono::system_clock::time_point;

} // namespace switchgear
