#include "switchgear/breaker/config_catalogue.hpp"

#include <array>
#include <limits>
#include <type_traits>

#include "switchgear/breaker/config_fields.hpp"

namespace switchgear {

namespace {

using entry = config_description;

constexpr std::array catalogue{
  entry{"failure_threshold", "failures", "so many in a row trip the breaker"},
  entry{"window_size", "results",
        "the count-based window: the last so many calls made in closed"},
  entry{"window_duration", "time",
        "a window of time instead; it moves on in tenths of itself"},
  entry{"failure_rate_threshold", "share",
        "so many failures in the window trip the breaker (`>=`)"},
  entry{
    "minimum_calls", "results",
    "the window must hold so many before a rate is judged; 0: `window_size`"},
  entry{"slow_call_duration", "time",
        "a call that takes this long is slow; 0: none is"},
  entry{"slow_call_rate_threshold", "share",
        "so many slow calls in the window trip the breaker (`>=`)"},
  entry{"max_stuck_calls", "calls",
        "so many calls that have not come back for `stuck_after` trip the "
        "breaker; 0: none do"},
  entry{"stuck_after", "time", "from when on a call is stuck"},
  entry{"closed_interval", "time",
        "while closed the counts are cleared each time this is over; 0: never"},
  entry{"open_timeout", "time", "from a trip to the first probe"},
  entry{"open_timeout_multiplier", "factor",
        "each trip without a recovery in between multiplies the open time"},
  entry{"open_timeout_maximum", "time",
        "the most that it grows to; 0: ten times `open_timeout`"},
  entry{"open_timeout_jitter", "share",
        "random part of the open time, up or down"},
  entry{"half_open_max_calls", "probes", "so many may be out at a time"},
  entry{"success_threshold", "probes",
        "so many must succeed in a row to close the breaker"},
  entry{"probe_lease", "time",
        "a probe without a result for this long has failed; 0: `open_timeout`"},
  entry{"call_timeout", "time",
        "a call that takes longer is a timeout; 0: no limit"},
  entry{"count_timeout_as_failure", "yes or no",
        "whether a timeout is a failure; if not it is ignored"},
  entry{"latency_sampling", "one in",
        "which calls are timed: 1 all, N one in N, 0 none; all where a setting "
        "depends on it"},
  entry{
    "alert_failure_rate", "share",
    "more failures than this in the window make the level `warning`; 0: off"},
  entry{"alert_trips", "trips",
        "more than so many within `alert_period` make the level at least "
        "`warning`; 0: off"},
  entry{"alert_period", "time", "the time in which `alert_trips` are counted"},
  entry{"success_events", "one in",
        "which successes are told of one by one: 1 all, N one in N, 0 none"},
  entry{"rejected_in_total", "yes or no",
        "whether `total_calls` includes rejected calls"},
};

static_assert(catalogue.size() == std::tuple_size_v<decltype(config_fields)>);

template <class T>
constexpr T beyond_all_limits() {
  if constexpr (std::is_same_v<T, std::uint32_t>)
    return std::numeric_limits<T>::max();
  else
    return T{-1};
}

// Got by breaking the rule.
template <class T>
std::string allowed(config cfg, const config_field<T>& field) {
  if constexpr (std::is_same_v<T, bool>) {
    return "true, false";
  } else {
    cfg.*field.value = beyond_all_limits<T>();
    for (auto& each : validate(cfg))
      if (each.field == field.name)
        return std::move(each.allowed);
    return {};
  }
}

} // namespace

std::span<const config_description> config_catalogue() noexcept {
  return catalogue;
}

std::string allowed_values(const config& cfg, std::string_view name) {
  std::string result;
  for_each_config_field([&](const auto& field) {
    if (field.name == name)
      result = allowed(cfg, field);
  });
  return result;
}

} // namespace switchgear
