#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <mutex>
#include <span>
#include <string_view>
#include <vector>

#include "switchgear/telemetry/sink.hpp"

namespace switchgear::telemetry {

/// Events that wait for a sink, oldest first, and never more than so many.
///
/// What has to make room when there are too many: the oldest success, else the
/// oldest of the other calls. Transitions and all else that tells of a change
/// have room of their own, so calls, however many, never drive them out.
/// @note Thread-safe.
class event_queue {
public:
  /// How many events may wait that do not tell of a call. They come as often as
  /// breakers change, and each breaker waits between two changes: so many are
  /// there only if a sink has been stuck for long.
  static constexpr std::size_t room_for_changes = 100'000;

  /// @param room_for_calls how many events of calls may wait; 1 or more
  explicit event_queue(std::size_t room_for_calls) : room_(room_for_calls) {
    // nop
  }

  /// Adds those of a breaker's events that are among `wants`.
  /// @returns whether who awaits them must be woken.
  bool push(std::string_view breaker, std::span<const breaker_event> events,
            const interests& wants);

  /// Takes out the oldest ones, at most so many.
  std::vector<event> take(std::size_t most);

  /// From now on a push that makes it `n` or more wakes; once.
  /// @returns false if so many wait already: then none does.
  bool await(std::size_t n);

  /// Drops all that waits.
  void clear();

  struct totals {
    std::uint64_t offered = 0;
    std::uint64_t dropped = 0;
    std::size_t waiting = 0;
  };

  totals count() const;

  /// Rises with each event that is added. See `taken_up_to`.
  std::uint64_t last_number() const;

  /// Whether all events up to that number have been taken or dropped.
  bool taken_up_to(std::uint64_t number) const;

private:
  struct entry {
    std::uint64_t number;
    event what;
  };
  using line = std::deque<entry>;

  void add(std::string_view breaker, const breaker_event& what);
  void drop_oldest(line& from);
  line* oldest();
  std::size_t waiting() const noexcept;

  const std::size_t room_;
  mutable std::mutex mutex_;
  line successes_;
  line calls_;
  line changes_;
  std::uint64_t last_number_ = 0;
  std::uint64_t offered_ = 0;
  std::uint64_t dropped_ = 0;
  std::size_t awaited_ = 0; // so many; 0: nobody waits
};

} // namespace switchgear::telemetry
