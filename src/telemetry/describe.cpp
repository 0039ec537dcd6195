#include <chrono>
#include <cstdio>

#include "switchgear/telemetry/attributes.hpp"

namespace switchgear::telemetry {

namespace {

std::string show(duration value) {
  const auto ms = std::chrono::duration<double, std::milli>{value}.count();
  char text[48];
  if (ms < 1000)
    std::snprintf(text, sizeof(text), "%.3g ms", ms);
  else
    std::snprintf(text, sizeof(text), "%.1f s", ms / 1000);
  return text;
}

std::string calls(std::uint64_t count) {
  return count == 1 ? "call" : std::to_string(count) + " calls";
}

std::string with(std::string_view separator, std::string_view text) {
  return text.empty() ? std::string{} : std::string{separator}.append(text);
}

std::string after(duration latency) {
  return latency > duration::zero() ? " after " + show(latency) : "";
}

std::string in_words(const event& what) {
  switch (what.kind) {
    case event_kind::breaker_initialized:
      return "started, " + std::string{to_string(what.to)};
    case event_kind::breaker_terminated:
      return "ended" + with(": ", what.text);
    case event_kind::breaker_restarted:
      return "restarted, still " + std::string{to_string(what.to)}
             + with(": ", what.text);
    case event_kind::config_changed:
      return "settings changed" + with(": ", what.text);
    case event_kind::mode_changed:
      return "mode is now " + std::string{to_string(what.mode)};
    case event_kind::call_succeeded:
      return "call succeeded" + after(what.latency);
    case event_kind::call_failed:
      return (what.how == outcome::timeout ? "call timed out" : "call failed")
             + after(what.latency) + with(": ", what.text);
    case event_kind::call_ignored:
      return "call ignored (" + std::string{to_string(what.how)} + ")"
             + after(what.latency) + with(": ", what.text);
    case event_kind::call_late:
      return calls(what.count) + " of an earlier epoch came back ("
             + std::string{to_string(what.how)} + ")" + after(what.latency);
    case event_kind::call_rejected:
      return calls(what.count)
             + " rejected: " + std::string{to_string(what.rejected_with)};
    case event_kind::state_transition:
      return std::string{to_string(what.from)} + " -> "
             + std::string{to_string(what.to)} + ": "
             + (what.text.empty() ? std::string{to_string(what.why)}
                                  : what.text);
    case event_kind::alert_changed:
      return "alert: " + std::string{to_string(what.level_before)} + " -> "
             + std::string{to_string(what.level)} + with(": ", what.text);
  }
  return std::string{to_string(what.kind)};
}

} // namespace

std::string describe(const event& what) {
  auto line = what.breaker + ": " + in_words(what);
  // An error's text can have lines of its own.
  for (auto& each : line)
    if (each == '\n' || each == '\r')
      each = ' ';
  return line;
}

} // namespace switchgear::telemetry
