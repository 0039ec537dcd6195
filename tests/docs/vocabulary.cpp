// What the code calls things: states, errors, reasons.

#include "parts.hpp"

#include <array>
#include <chrono>
#include <ostream>
#include <string>
#include <utility>

#include "switchgear/breaker/config.hpp"
#include "switchgear/breaker/machine.hpp"
#include "switchgear/errc.hpp"
#include "switchgear/statem/diagram.hpp"

namespace docs {

using switchgear::errc;
using switchgear::reason;

void state_diagram(std::ostream& out) {
  using namespace switchgear::statem;
  out << "```mermaid\n"
      << to_mermaid(list_machine<switchgear::breaker_machine>()) << "```\n";
}

void error_table(std::ostream& out) {
  out << "| error | meaning |\n|---|---|\n";
  for (int i = 1; i <= static_cast<int>(errc::unavailable); ++i) {
    const auto code = static_cast<errc>(i);
    out << "| `" << to_string(code) << "` | " << make_error_code(code).message()
        << " |\n";
  }
}

namespace {

struct change {
  reason why;
  std::string_view of;
  bool trips = false; // so that there is a text
};

constexpr auto half_open_to_open = "`half_open` -> `open`";
constexpr auto any_to_open = "any -> `open`";
constexpr auto any_to_closed = "any -> `closed`";
constexpr auto closed_to_open = "`closed` -> `open`";

constexpr std::array changes{
  change{reason::consecutive_failures, closed_to_open, true},
  change{reason::failure_rate, closed_to_open, true},
  change{reason::slow_call_rate, closed_to_open, true},
  change{reason::ready_to_trip, closed_to_open, true},
  change{reason::stuck_calls, closed_to_open, true},
  change{reason::probe_failed, half_open_to_open, true},
  change{reason::probe_slow, half_open_to_open, true},
  change{reason::probe_lost, half_open_to_open, true},
  change{reason::open_time_over, "`open` -> `half_open`"},
  change{reason::recovered, "`half_open` -> `closed`"},
  change{reason::forced_open, any_to_open, true},
  change{reason::isolated, any_to_open},
  change{reason::forced_closed, any_to_closed},
  change{reason::disabled, any_to_closed},
  change{reason::reset, any_to_closed},
  change{reason::released, "`open` -> `half_open`"},
};
static_assert(changes.size() == static_cast<std::size_t>(reason::released));

} // namespace

void reason_table(std::ostream& out) {
  switchgear::trip_cause cause;
  cause.last_failure = "connection refused";
  cause.consecutive_failures = 5;
  cause.window_calls = 10;
  cause.window_failures = 5;
  cause.window_slow = 10;
  cause.stuck_calls = 3;
  switchgear::config settings; // the defaults, and what they leave out
  settings.max_stuck_calls = 3;
  settings.stuck_after = std::chrono::seconds{30};
  out << "| reason | change | `why` |\n|---|---|---|\n";
  for (const auto& each : changes) {
    cause.why = each.why;
    out << "| `" << to_string(each.why) << "` | " << each.of << " | "
        << (each.trips ? cause.to_string(settings) : "") << " |\n";
  }
}

} // namespace docs
