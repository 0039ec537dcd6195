#include "switchgear/chaos/report.hpp"

#include <algorithm>
#include <chrono>
#include <map>
#include <optional>
#include <utility>

#include "breaker/show.hpp"

namespace switchgear::chaos {

namespace {

void add(tool_report& to, const tool_report& x) {
  to.calls += x.calls;
  to.failures += x.failures;
  to.rejected += x.rejected;
  to.trips += x.trips;
  to.recoveries += x.recoveries;
  to.recovery_time += x.recovery_time;
}

report summed_up(std::map<std::string, tool_report> tools) {
  report result;
  result.total.tool = "all";
  for (auto& [name, each] : tools) {
    each.tool = name;
    add(result.total, each);
    result.tools.push_back(std::move(each));
  }
  return result;
}

duration recovery_time(const statistics& of) {
  return std::chrono::round<duration>(std::chrono::duration<double, std::milli>{
    of.avg_recovery_ms * static_cast<double>(of.recoveries)});
}

tool_report counts_of(const statistics& x) {
  tool_report result;
  result.calls = x.outcomes.total();
  result.failures = x.total_failures;
  result.rejected = x.total_rejected;
  result.trips = x.trip_count;
  result.recoveries = x.recoveries;
  result.recovery_time = recovery_time(x);
  return result;
}

tool_report difference(tool_report x, const tool_report& y) {
  x.calls -= y.calls;
  x.failures -= y.failures;
  x.rejected -= y.rejected;
  x.trips -= y.trips;
  x.recoveries -= y.recoveries;
  x.recovery_time -= y.recovery_time;
  return x;
}

/// As precise as a person wants it.
std::string rounded(duration value) {
  return show(std::chrono::round<std::chrono::milliseconds>(value));
}

std::string line(const tool_report& x) {
  return x.tool + ": " + std::to_string(x.calls) + " calls, "
         + std::to_string(x.failures) + " failed, " + std::to_string(x.rejected)
         + " rejected (" + percent(x.rejection_rate()) + "), "
         + std::to_string(x.trips) + (x.trips == 1 ? " trip, " : " trips, ")
         + std::to_string(x.recoveries)
         + (x.recoveries == 1 ? " recovery" : " recoveries")
         + (x.recoveries > 0 ? " after " + rounded(x.mean_recovery()) : "")
         + '\n';
}

} // namespace

double tool_report::rejection_rate() const noexcept {
  const auto wanted = calls + rejected;
  return wanted == 0
           ? 0.0
           : static_cast<double>(rejected) / static_cast<double>(wanted);
}

duration tool_report::mean_recovery() const noexcept {
  return recoveries == 0
           ? duration::zero()
           : recovery_time / static_cast<duration::rep>(recoveries);
}

std::string report::to_string() const {
  std::string result;
  for (const auto& each : tools)
    result += line(each);
  return result + line(total);
}

report report_of(std::span<const statistics> before,
                 std::span<const statistics> after) {
  std::map<std::string, tool_report> tools;
  for (const auto& each : after) {
    // One that was made anew under its name counts from zero.
    const auto i = std::ranges::find_if(before, [&](const statistics& x) {
      return x.name == each.name && x.created == each.created;
    });
    const auto now = counts_of(each);
    tools[each.name] = i == before.end() ? now : difference(now, counts_of(*i));
  }
  return summed_up(std::move(tools));
}

report report_of(std::span<const telemetry::event> events) {
  std::map<std::string, tool_report> tools;
  std::map<std::string, time_point> down_since; // those that are down
  for (const auto& each : events) {
    auto& to = tools[each.breaker];
    switch (each.kind) {
      case event_kind::call_failed:
        ++to.calls;
        ++to.failures;
        break;
      case event_kind::call_succeeded:
      case event_kind::call_ignored:
        to.calls += each.count;
        break;
      case event_kind::call_rejected:
        to.rejected += each.count;
        break;
      case event_kind::state_transition:
        if (each.to == state::open && each.cause) {
          ++to.trips;
          down_since.emplace(each.breaker, each.at);
        } else if (each.to == state::closed) {
          const auto since = down_since.find(each.breaker);
          if (since != down_since.end()) {
            if (each.why == reason::recovered) {
              ++to.recoveries;
              to.recovery_time += each.at - since->second;
            }
            down_since.erase(since);
          }
        }
        break;
      default:
        break;
    }
  }
  return summed_up(std::move(tools));
}

} // namespace switchgear::chaos
