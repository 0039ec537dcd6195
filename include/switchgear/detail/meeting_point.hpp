#pragma once

#include <condition_variable>
#include <mutex>

namespace switchgear::detail {

/// Where threads wait for an object to change. A mutex and a condition variable
/// take 88 bytes, so objects of which there are very many, and for which
/// hardly anybody ever waits, share those of a fixed table.
///
/// Rules:
///  1. Hold one meeting point at a time: two objects may have the same one.
///  2. Wait with a predicate, and notify all: others wait there, too.
struct meeting_point {
  std::mutex mutex;
  std::condition_variable changed;

  /// The one of the object at that address.
  static meeting_point& of(const void* object) noexcept;
};

} // namespace switchgear::detail
