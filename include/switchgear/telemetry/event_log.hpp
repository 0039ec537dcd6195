#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <mutex>
#include <span>
#include <string_view>
#include <vector>

#include "switchgear/telemetry/event.hpp"

namespace switchgear::telemetry {

/// Keeps the last so many events in memory: for tests, and for whoever wants
/// to look back. See `make_memory_sink`.
/// @note Thread-safe.
class event_log {
public:
  /// @param capacity how many are kept; 1 or more
  explicit event_log(std::size_t capacity = 100'000) : capacity_(capacity) {
    // nop
  }

  void add(std::span<const event> fresh);

  /// Takes out all events, the oldest first.
  std::vector<event> take();

  /// Takes out the events of one breaker.
  std::vector<event> take(std::string_view breaker);

  /// All that is there.
  std::vector<event> look() const;

  /// How many had to make room for others.
  std::uint64_t forgotten() const;

private:
  const std::size_t capacity_;
  mutable std::mutex mutex_;
  std::deque<event> events_;
  std::uint64_t forgotten_ = 0;
};

} // namespace switchgear::telemetry
