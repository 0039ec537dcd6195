// The table of statistics: the fields are asked of the code, what they say is
// written here.

#include "parts.hpp"

#include <algorithm>
#include <array>
#include <ostream>
#include <stdexcept>

#include "field_list.hpp"

namespace docs {

namespace {

struct text {
  std::string_view field;
  std::string_view meaning;
};

constexpr std::array texts{
  text{"name", "of the tool"},
  text{"state", "`closed`, `open`, `half_open`"},
  text{"mode", "`automatic`, or how it is run by hand"},
  text{"epoch", "grows with every state entry"},
  text{"total_calls", "successes and failures; rejections if so configured"},
  text{"total_successes", ""},
  text{"total_failures", "timeouts included, if they count as failures"},
  text{"total_rejected", "calls that were not made"},
  text{"total_ignored", "calls that said nothing about the tool"},
  text{"total_cancelled", "calls that never ran to an end"},
  text{"total_timeouts", "calls that took longer than `call_timeout`"},
  text{"total_late", "results of calls that began in an earlier epoch"},
  text{
    "total_would_reject",
    "in mode `metrics_only`: calls that passed and would have been rejected"},
  text{"consecutive_failures", "towards a trip"},
  text{"consecutive_successes", "towards a recovery, while half-open"},
  text{"success_rate", "share of `total_calls`, 0 to 1"},
  text{"failure_rate", "share of `total_calls`, 0 to 1"},
  text{"window_calls", "results in the window"},
  text{"window_failures", "failures in the window"},
  text{"window_slow", "slow calls in the window"},
  text{"window", "the results of a count-based window, oldest first: `SSFS`"},
  text{"trip_count", "times it opened, by itself or by `force_open`"},
  text{"recoveries", "times it closed by itself after a trip"},
  text{"avg_recovery_ms", "mean time from the first trip to that"},
  text{"avg_latency", "mean of the calls that are timed, exact"},
  text{"p95_latency", "95 of 100 of these took no longer; within 12.5 %"},
  text{"time_in_state", ""},
  text{"last_state_change", "on the wall clock"},
  text{"last_reason", "of the last change of state; see below"},
  text{"why", "why it last tripped, in words; see below"},
  text{"alert", "`healthy`, `warning` or `critical`; see below"},
  text{"alert_reason", "why, in words, where the state does not say it"},
  text{"last_failure_time", "on the wall clock, if there was one"},
  text{"last_failure", "its text"},
  text{"retry_after", "while open: time to the first probe"},
  text{"calls_under_way", "calls that have begun and not ended"},
  text{"oldest_call",
       "for how long the oldest of those that are timed has been "
       "under way"},
  text{"probes_out", "while half-open"},
  text{"probes_allowed", "while half-open"},
  text{"restarts", "of the actor"},
  text{"events_dropped", "what hooks missed because they were too slow, and "
                         "successes that came faster than they could be told"},
  text{"transitions", "the last 16 changes of state, with time and reason"},
  text{"outcomes", "`success`, `failure`, `timeout`, `ignored`, `cancelled`, "
                   "`late`: each call that ended is in one of them"},
  text{"durations", "of the calls that are timed, in the buckets of the metric "
                    "`circuit_breaker.call.duration`, exact"},
  text{"transition_counts", "all changes of state ever, by `from`, `to` and "
                            "reason"},
  text{"created", "when it was made, on the wall clock"},
};

} // namespace

void statistics_table(std::ostream& out) {
  out << "| field | what it says |\n|---|---|\n";
  switchgear::statistics any;
  auto next = texts.begin();
  for_each_field(any, [&](std::string_view field, auto&) {
    if (next == texts.end() || next->field != field)
      throw std::runtime_error{"no text for " + std::string{field}
                               + ", or not where the field is"};
    out << "| `" << field << "` | " << next->meaning << " |\n";
    ++next;
  });
  if (next != texts.end())
    throw std::runtime_error{"a text for a field that is gone"};
}

} // namespace docs
