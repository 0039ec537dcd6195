#include <chrono>

#include "breaker/show.hpp"
#include "switchgear/telemetry/hub.hpp"

namespace switchgear::telemetry {

using namespace std::chrono_literals;

std::vector<config_error> validate(const sink_options& options) {
  std::vector<config_error> errors;
  const auto require
    = [&](bool fine, const char* field, auto value, const char* allowed) {
        if (!fine)
          errors.push_back({field, show(value), allowed});
      };
  const auto between
    = [](auto least, auto x, auto most) { return least <= x && x <= most; };
  require(between(1u, options.queue, 1'000'000u), "queue", options.queue,
          "1 to 1000000");
  require(between(1u, options.batch, 65'536u), "batch", options.batch,
          "1 to 65536");
  require(between(0ms, options.linger, 60s), "linger", options.linger,
          "0 to 1 min");
  require(options.report_interval == duration::zero()
            || between(1ms, options.report_interval, 24h),
          "report_interval", options.report_interval,
          "0 (never), or 1 ms to 24 h");
  require(between(1ms, options.longest_pause, 1h), "longest_pause",
          options.longest_pause, "1 ms to 1 h");
  require(between(1ms, options.shortest_pause, options.longest_pause),
          "shortest_pause", options.shortest_pause, "1 ms to longest_pause");
  return errors;
}

} // namespace switchgear::telemetry
