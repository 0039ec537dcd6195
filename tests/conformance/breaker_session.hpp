#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <vector>

#include "switchgear/breaker/config.hpp"
#include "switchgear/breaker/events.hpp"
#include "switchgear/breaker/permit.hpp"
#include "switchgear/breaker/statistics.hpp"
#include "switchgear/expected.hpp"

namespace switchgear::conformance {

/// A breaker that has been started, as its only caller sees it.
class breaker_session {
public:
  virtual ~breaker_session() = default;

  virtual expected<permit, failure> acquire() = 0;

  /// How a call ended.
  /// @param error empty if it succeeded
  virtual void report(const permit& of, const std::string& error) = 0;

  virtual void reset() = 0;

  virtual void force_open() = 0;

  virtual void wait(std::chrono::milliseconds time) = 0;

  virtual state get_state() = 0;

  virtual statistics stats() = 0;

  /// Ends the breaker; only `take_events` may follow.
  virtual void stop() = 0;

  /// Running state timeouts.
  virtual std::size_t timers() = 0;

  /// What it has told since this was last asked, oldest first.
  virtual std::vector<breaker_event> take_events() = 0;
};

std::unique_ptr<breaker_session> start_virtual_breaker(const config& cfg);

std::unique_ptr<breaker_session> start_breaker_actor(const config& cfg);

std::unique_ptr<breaker_session> start_breaker_lane(const config& cfg);

} // namespace switchgear::conformance
