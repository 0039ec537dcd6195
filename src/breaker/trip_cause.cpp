#include <chrono>

#include "show.hpp"
#include "switchgear/breaker/config.hpp"

namespace switchgear {

namespace {

std::string rate(std::uint64_t part, std::uint64_t whole, double threshold,
                 const char* what) {
  const auto share = static_cast<double>(part) / static_cast<double>(whole);
  return std::to_string(part) + " of the last " + std::to_string(whole)
         + " calls " + what + " (" + percent(share) + ", threshold "
         + percent(threshold) + ")";
}

auto milliseconds(const config& cfg) {
  using std::chrono::milliseconds;
  return std::chrono::duration_cast<milliseconds>(cfg.stuck_after).count();
}

// What the tool asked for, and whether it gets it.
std::string pause(duration asked, const config& cfg) {
  if (asked <= duration::zero())
    return {};
  using std::chrono::milliseconds;
  const auto in_ms = [](duration x) {
    return std::to_string(std::chrono::ceil<milliseconds>(x).count()) + " ms";
  };
  auto text = ", asked to be left alone for " + in_ms(asked);
  const auto most = cfg.effective_open_timeout_maximum();
  if (asked > most)
    text += " (at most " + in_ms(most) + ")";
  return text;
}

} // namespace

std::string trip_cause::to_string(const config& cfg) const {
  std::string text;
  switch (why) {
    case reason::consecutive_failures:
      text = std::to_string(consecutive_failures)
             + (consecutive_failures == 1 ? " failure" : " failures")
             + " in a row (threshold " + std::to_string(cfg.failure_threshold)
             + ")";
      break;
    case reason::failure_rate:
      text = rate(window_failures, window_calls, cfg.failure_rate_threshold,
                  "failed");
      break;
    case reason::slow_call_rate:
      text = rate(window_slow, window_calls, cfg.slow_call_rate_threshold,
                  "were slow");
      break;
    case reason::stuck_calls:
      text = std::to_string(stuck_calls)
             + (stuck_calls == 1 ? " call has" : " calls have")
             + " not come back for " + std::to_string(milliseconds(cfg))
             + " ms (threshold " + std::to_string(cfg.max_stuck_calls) + ")";
      return text + pause(retry_after, cfg);
    case reason::ready_to_trip:
      text = "ready_to_trip said so";
      break;
    case reason::probe_failed:
      text = "a probe failed";
      break;
    case reason::probe_slow:
      text = "a probe was slow";
      break;
    case reason::probe_lost:
      text = "a probe did not return within its lease";
      break;
    case reason::forced_open:
      return "opened by hand" + pause(retry_after, cfg);
    default:
      return std::string{switchgear::to_string(why)};
  }
  if (!last_failure.empty() && why != reason::probe_slow
      && why != reason::probe_lost)
    text += ", last: " + last_failure;
  return text + pause(retry_after, cfg);
}

} // namespace switchgear
