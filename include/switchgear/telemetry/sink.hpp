#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <utility>

#include "switchgear/telemetry/event.hpp"
#include "switchgear/telemetry/snapshot.hpp"

namespace switchgear::telemetry {

/// What became of something that a sink was given.
struct delivery {
  enum class verdict {
    delivered,
    retry,  ///< Not now: it is given again, after a while.
    failed, ///< It never will be.
  };

  verdict what = verdict::delivered;
  std::string error; ///< Of a delivery that did not succeed: why, in words.

  static delivery done() {
    return {};
  }

  static delivery later(std::string why) {
    return {verdict::retry, std::move(why)};
  }

  static delivery no(std::string why) {
    return {verdict::failed, std::move(why)};
  }
};

/// Takes what a runtime's breakers tell, and brings it where somebody looks.
///
/// Each sink lives in an actor of its own and runs on a thread of its own, one
/// function at a time: it may block. Nothing that it does, or fails to do,
/// reaches a call, a breaker or another sink. What it throws ends it; it is
/// made anew after a while, and what it was at work on counts as failed.
class sink {
public:
  virtual ~sink() = default;

  /// Takes events. Those of one breaker come in the order of their sequence
  /// numbers; where some are missing they were not wanted, or dropped.
  /// @param batch at least one, at most `sink_options::batch`; the same events
  ///        again after `delivery::later`
  virtual delivery deliver(std::span<const event> batch) = 0;

  /// Takes all numbers, every `sink_options::report_interval`, when it is
  /// flushed and when its runtime ends. After `delivery::later` come newer
  /// ones, the next time.
  virtual delivery report(const snapshot&) {
    return delivery::done();
  }

  /// Brings out what it has kept back, until `deadline`. Called before it ends
  /// with its runtime, too.
  virtual void flush(time_point) {
    // nop
  }
};

/// Which events a sink wants.
struct interests {
  /// Transitions, alerts, restarts, changes of mode and settings.
  bool changes = true;
  /// `breaker_initialized` and `breaker_terminated`.
  bool lives = true;
  /// `call_failed`, `call_ignored` and `call_late`.
  bool failures = true;
  bool rejections = true;
  /// `call_succeeded`, as far as the breakers' `success_events` say.
  bool successes = false;

  /// All of them.
  static interests everything() noexcept {
    return {true, true, true, true, true};
  }

  /// Those that tell of a change, and no others.
  static interests changes_only() noexcept {
    return {true, false, false, false, false};
  }

  /// None: the sink wants the numbers.
  static interests nothing() noexcept {
    return {false, false, false, false, false};
  }

  bool include(event_kind kind) const noexcept;

  friend bool operator==(const interests&, const interests&) = default;
};

/// How a sink is served.
struct sink_options {
  interests wants{};

  /// Events of calls that may wait; if there are more, the oldest successes are
  /// dropped, then the oldest other calls. 1 to 1,000,000. Other events have
  /// room of their own, for 100,000.
  std::size_t queue = 8192;

  /// Events that it is given at once, at the most. 1 to 65,536.
  std::size_t batch = 512;

  /// How long events wait for others that may go with them, unless the batch is
  /// full. 0 (the default) to 1 min.
  duration linger = duration::zero();

  /// How often it gets a snapshot; zero (the default): never. 1 ms to 24 h.
  duration report_interval = duration::zero();

  /// How long it is left in peace after a delivery that did not succeed; twice
  /// as long after each further one, until one succeeds or a flush is asked
  /// for. 1 ms to 1 h, and not above `longest_pause`.
  duration shortest_pause = std::chrono::milliseconds{100};
  duration longest_pause = std::chrono::seconds{30};

  friend bool operator==(const sink_options&, const sink_options&) = default;
};

/// Makes a sink: the first one, and each that takes over after a failure. May
/// throw, which counts as a failure of the sink.
using sink_factory = std::function<std::unique_ptr<sink>()>;

} // namespace switchgear::telemetry
