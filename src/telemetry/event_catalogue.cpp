#include <array>

#include "switchgear/telemetry/attributes.hpp"

namespace switchgear::telemetry {

namespace {

using attribute = attribute_description;

constexpr auto common = std::array{
  attribute{"circuit_breaker.name", "The breaker"},
  attribute{"circuit_breaker.sequence",
            "Number of the event; grows by one from event to event of a "
            "breaker"},
  attribute{"circuit_breaker.epoch", "The epoch in which it happened"},
};

constexpr attribute state{"circuit_breaker.state",
                          "`closed`, `open` or `half_open`"};
constexpr attribute mode{"circuit_breaker.mode",
                         "`automatic`, or how it is run by hand"};
constexpr attribute call_outcome{
  "circuit_breaker.call.outcome",
  "`success`, `failure`, `timeout`, `ignored` or `cancelled`"};
constexpr attribute call_duration{"circuit_breaker.call.duration",
                                  "How long it took, in seconds", false};
constexpr attribute count{"circuit_breaker.count",
                          "How many calls it tells of"};
constexpr attribute error_type{
  "error.type", "Type of the exception or error, or name of the error code",
  false};
constexpr attribute error_message{"error.message", "The error's text", false};

constexpr auto started = std::array{state, mode};
constexpr auto ended = std::array{
  state, mode, attribute{"circuit_breaker.end.reason", "Why it ended", false}};
constexpr auto settings = std::array{
  state, mode, attribute{"circuit_breaker.changes", "What changed", false}};
constexpr auto success = std::array{call_outcome, call_duration};
constexpr auto failed
  = std::array{call_outcome, call_duration, error_type, error_message};
constexpr auto rejected
  = std::array{attribute{"circuit_breaker.rejection.reason",
                         "`circuit_open` or `too_many_probes`"},
               count};
constexpr auto late = std::array{call_outcome, call_duration, count};
constexpr auto transition = std::array{
  attribute{"circuit_breaker.transition.from", "The state before"},
  attribute{"circuit_breaker.transition.to", "The state after"},
  attribute{"circuit_breaker.transition.reason", "Why, e.g. `failure_rate`"},
  attribute{"circuit_breaker.transition.time_in_state",
            "Seconds spent in the state before"},
  mode,
  attribute{"circuit_breaker.alert.level",
            "How serious it is now: `healthy`, `warning` or `critical`"},
  attribute{"circuit_breaker.alert.level_before", "How serious it was"},
  attribute{"circuit_breaker.cause", "Of a trip: why, in words", false},
  attribute{"circuit_breaker.cause.rule", "Of a trip: the rule that decided",
            false},
  attribute{"circuit_breaker.cause.consecutive_failures",
            "Of a trip: failures in a row", false},
  attribute{"circuit_breaker.cause.window_calls",
            "Of a trip: results in the window", false},
  attribute{"circuit_breaker.cause.window_failures",
            "Of a trip: failures in the window", false},
  attribute{"circuit_breaker.cause.window_slow",
            "Of a trip: slow calls in the window", false},
  attribute{"circuit_breaker.cause.stuck_calls",
            "Of a trip: calls that had not come back", false},
  attribute{"circuit_breaker.cause.trips_in_a_row",
            "Of a trip: trips since it last closed by itself", false},
  attribute{"circuit_breaker.cause.last_failure",
            "Of a trip: text of the last failure", false},
};

constexpr auto alert = std::array{
  state,
  mode,
  attribute{"circuit_breaker.alert.level",
            "How serious it is now: `healthy`, `warning` or `critical`"},
  attribute{"circuit_breaker.alert.level_before", "How serious it was"},
  attribute{"circuit_breaker.alert.reason", "Why, in words", false},
};

constexpr auto catalogue = std::array{
  event_description{event_kind::breaker_initialized, "A breaker was made",
                    started},
  event_description{event_kind::call_succeeded, "A call succeeded", success},
  event_description{event_kind::call_failed, "A call failed or timed out",
                    failed},
  event_description{event_kind::call_rejected,
                    "Calls were not made; many are told of at once", rejected},
  event_description{event_kind::state_transition, "A breaker changed its state",
                    transition},
  event_description{event_kind::breaker_terminated,
                    "A breaker was unregistered, or its runtime ended", ended},
  event_description{event_kind::breaker_restarted,
                    "A breaker's actor died, and another one took over", ended},
  event_description{event_kind::config_changed, "A breaker got new settings",
                    settings},
  event_description{event_kind::mode_changed,
                    "A breaker was taken in hand, or left to its rules again",
                    started},
  event_description{event_kind::call_ignored,
                    "A call ended and says nothing about the tool", failed},
  event_description{event_kind::call_late,
                    "Calls ended in a later epoch than they began in", late},
  event_description{event_kind::alert_changed,
                    "A closed breaker's condition got worse or better", alert},
};

} // namespace

std::span<const attribute_description> common_attributes() noexcept {
  return common;
}

std::span<const event_description> event_catalogue() noexcept {
  return catalogue;
}

} // namespace switchgear::telemetry
