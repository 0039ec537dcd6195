#pragma once

#include <chrono>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "switchgear/runtime.hpp"
#include "switchgear/telemetry/sinks.hpp"

namespace switchgear::test_kit {

/// Records all that a runtime's breakers tell, for tests: a sink in memory.
/// What has happened when it is asked is there; nobody has to wait for it.
///
/// @note Thread-safe. The runtime must outlive it.
class event_recorder {
public:
  /// @throws std::runtime_error if the runtime does not take the sink
  explicit event_recorder(runtime& of, std::string name = "recorder")
    : runtime_(of),
      name_(std::move(name)) {
    telemetry::sink_options options;
    options.wants = telemetry::interests::everything();
    options.queue = 1'000'000;
    const auto added = runtime_.telemetry().add(
      name_, telemetry::make_memory_sink(log_), std::move(options));
    if (!added)
      throw std::runtime_error{added.error().to_string()};
  }

  event_recorder(const event_recorder&) = delete;
  event_recorder& operator=(const event_recorder&) = delete;

  ~event_recorder() {
    static_cast<void>(runtime_.telemetry().remove(name_));
  }

  /// Takes out what a breaker has told since this was last asked, the oldest
  /// event first.
  std::vector<telemetry::event> take(std::string_view breaker) {
    settle();
    return log_->take(breaker);
  }

  /// The same of all breakers. Those of one breaker are in order.
  std::vector<telemetry::event> take() {
    settle();
    return log_->take();
  }

private:
  void settle() {
    using namespace std::chrono_literals;
    if (!runtime_.telemetry().flush(30s))
      throw std::runtime_error{"the runtime does not deliver its events"};
  }

  runtime& runtime_;
  std::string name_;
  std::shared_ptr<telemetry::event_log> log_
    = std::make_shared<telemetry::event_log>(10'000'000);
};

} // namespace switchgear::test_kit
