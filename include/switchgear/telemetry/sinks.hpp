#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>

#include "switchgear/telemetry/event_log.hpp"
#include "switchgear/telemetry/sink.hpp"

namespace switchgear::telemetry {

/// How events are written to the log.
struct log_options {
  /// Lines a second, at the most; what is beyond is counted, and the number
  /// written once a second. Warnings have as many of their own. 1 to 1,000,000.
  std::uint32_t lines_per_second = 100;
};

/// Writes each event as a line of spdlog's logger `switchgear`, which is made,
/// to standard error, if the program has not registered one: the event in
/// words, then all its values as `name=value`. The level is `severity_of`.
/// @throws std::invalid_argument if `lines_per_second` is not allowed
sink_factory make_log_sink(log_options options = {});

/// Calls `f(std::span<const event>)` with each batch, one after the other, on a
/// thread of the sink's. What `f` throws counts the batch as failed, and the
/// next one comes after a pause. It is called until the sink has been removed
/// or its runtime has ended: what it refers to must live as long.
sink_factory make_callback_sink(std::function<void(std::span<const event>)> f);

/// Keeps events in memory.
/// @param where not null; may be shared and outlive the sink
sink_factory make_memory_sink(std::shared_ptr<event_log> where);

} // namespace switchgear::telemetry
