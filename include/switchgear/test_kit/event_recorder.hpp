#pragma once

#include <algorithm>
#include <chrono>
#include <iterator>
#include <memory>
#include <mutex>
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
  /// event first. Alerts are not among it: see `take_alerts`. Rejections for
  /// the same reason that follow each other are one event, with the sequence
  /// number and the time of the first: how many of them a breaker tells at once
  /// depends on when it looks.
  std::vector<telemetry::event> take(std::string_view breaker) {
    std::vector<telemetry::event> result;
    for (auto& each : take(breaker, [](const auto& x) { return !is_alert(x); }))
      if (!result.empty() && are_alike(result.back(), each))
        result.back().count += each.count;
      else
        result.push_back(std::move(each));
    return result;
  }

  /// Takes out a breaker's alerts: changes of level that no change of state is
  /// the reason of. When they happen depends on when the breaker looks, so they
  /// are told apart from all else.
  std::vector<telemetry::event> take_alerts(std::string_view breaker) {
    return take(breaker, is_alert);
  }

private:
  static bool is_alert(const telemetry::event& what) {
    return what.kind == event_kind::alert_changed;
  }

  static bool are_alike(const telemetry::event& a, const telemetry::event& b) {
    return a.kind == event_kind::call_rejected
           && b.kind == event_kind::call_rejected
           && a.rejected_with == b.rejected_with;
  }

  template <class Predicate>
  std::vector<telemetry::event> take(std::string_view breaker,
                                     Predicate wanted) {
    settle();
    std::lock_guard guard{mutex_};
    for (auto& each : log_->take())
      told_.push_back(std::move(each));
    std::vector<telemetry::event> result;
    const auto is_wanted = [&](const telemetry::event& x) {
      return x.breaker == breaker && wanted(x);
    };
    std::copy_if(told_.begin(), told_.end(), std::back_inserter(result),
                 is_wanted);
    std::erase_if(told_, is_wanted);
    return result;
  }

  void settle() {
    using namespace std::chrono_literals;
    if (!runtime_.telemetry().flush(30s))
      throw std::runtime_error{"the runtime does not deliver its events"};
  }

  runtime& runtime_;
  std::string name_;
  std::shared_ptr<telemetry::event_log> log_
    = std::make_shared<telemetry::event_log>(10'000'000);
  std::mutex mutex_;
  std::vector<telemetry::event> told_; // and not been asked for
};

} // namespace switchgear::test_kit
