// The table of settings: names, defaults and allowed ranges are asked of the
// code, only units and meanings are written here.

#include "parts.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <ostream>
#include <stdexcept>
#include <type_traits>

#include "durations.hpp"
#include "field_list.hpp"
#include "switchgear/breaker/config.hpp"
#include "switchgear/breaker/presets.hpp"

namespace docs {

namespace {

using switchgear::config;
using switchgear::duration;

struct text {
  std::string_view field;
  std::string_view unit;
  std::string_view meaning;
};

constexpr std::array texts{
  text{"failure_threshold", "failures", "so many in a row trip the breaker"},
  text{"window_size", "results",
       "the count-based window: the last so many calls made in closed"},
  text{"window_duration", "time",
       "a window of time instead; it moves on in tenths of itself"},
  text{"failure_rate_threshold", "share",
       "so many failures in the window trip the breaker (`>=`)"},
  text{
    "minimum_calls", "results",
    "the window must hold so many before a rate is judged; 0: `window_size`"},
  text{"slow_call_duration", "time",
       "a call that takes this long is slow; 0: none is"},
  text{"slow_call_rate_threshold", "share",
       "so many slow calls in the window trip the breaker (`>=`)"},
  text{"max_stuck_calls", "calls",
       "so many calls that have not come back for `stuck_after` trip the "
       "breaker; 0: none do"},
  text{"stuck_after", "time", "from when on a call is stuck"},
  text{"closed_interval", "time",
       "while closed the counts are cleared each time this is over; 0: never"},
  text{"open_timeout", "time", "from a trip to the first probe"},
  text{"open_timeout_multiplier", "factor",
       "each trip without a recovery in between multiplies the open time"},
  text{"open_timeout_maximum", "time",
       "the most that it grows to; 0: ten times `open_timeout`"},
  text{"open_timeout_jitter", "share",
       "random part of the open time, up or down"},
  text{"half_open_max_calls", "probes", "so many may be out at a time"},
  text{"success_threshold", "probes",
       "so many must succeed in a row to close the breaker"},
  text{"probe_lease", "time",
       "a probe without a result for this long has failed; 0: `open_timeout`"},
  text{"call_timeout", "time",
       "a call that takes longer is a timeout; 0: no limit"},
  text{"count_timeout_as_failure", "yes or no",
       "whether a timeout is a failure; if not it is ignored"},
  text{"latency_sampling", "one in",
       "which calls are timed: 1 all, N one in N, 0 none; all where a setting "
       "depends on it"},
  text{
    "alert_failure_rate", "share",
    "more failures than this in the window make the level `warning`; 0: off"},
  text{"alert_trips", "trips",
       "more than so many within `alert_period` make the level at least "
       "`warning`; 0: off"},
  text{"alert_period", "time", "the time in which `alert_trips` are counted"},
  text{"success_events", "one in",
       "which successes are told of one by one: 1 all, N one in N, 0 none"},
  text{"rejected_in_total", "yes or no",
       "whether `total_calls` includes rejected calls"},
};

const text& text_of(std::string_view field) {
  auto i = std::find_if(texts.begin(), texts.end(),
                        [=](const text& t) { return t.field == field; });
  if (i == texts.end())
    throw std::runtime_error{"no text for " + std::string{field}};
  return *i;
}

std::string show(duration value) {
  return value == duration::zero() ? "0" : in_words(value);
}

std::string show(bool value) {
  return value ? "true" : "false";
}

std::string show(std::uint32_t value) {
  return std::to_string(value);
}

std::string show(double value) {
  auto result = std::to_string(value); // six digits
  while (result.back() == '0')
    result.pop_back();
  return result.back() == '.' ? result + '0' : result;
}

template <class T>
constexpr T beyond_all_limits() {
  if constexpr (std::is_same_v<T, std::uint32_t>)
    return std::numeric_limits<T>::max();
  else
    return T{-1};
}

/// What `validate` says is allowed, got by breaking the rule.
template <class T>
std::string allowed(config& cfg, std::string_view field, T& value) {
  if constexpr (std::is_same_v<T, bool>) {
    return "true, false";
  } else {
    const auto before = value;
    value = beyond_all_limits<T>();
    const auto errors = validate(cfg);
    value = before;
    for (const auto& each : errors)
      if (each.field == field)
        return each.allowed;
    throw std::runtime_error{"no limits for " + std::string{field}};
  }
}

} // namespace

void config_table(std::ostream& out) {
  out << "| field | default | unit | allowed | meaning |\n"
         "|---|---|---|---|---|\n";
  config cfg;
  std::size_t rows = 0;
  for_each_field(cfg, [&](std::string_view field, auto& value) {
    const auto& words = text_of(field);
    out << "| `" << field << "` | " << show(value) << " | " << words.unit
        << " | " << allowed(cfg, field, value) << " | " << words.meaning
        << " |\n";
    ++rows;
  });
  if (rows != texts.size())
    throw std::runtime_error{"a text for a field that is gone"};
}

void preset_table(std::ostream& out) {
  namespace presets = switchgear::presets;
  const std::array<std::pair<std::string_view, config>, 11> all{{
    {"http_api", presets::http_api()},
    {"llm_service", presets::llm_service()},
    {"database", presets::database()},
    {"notifications", presets::notifications()},
    {"cache", presets::cache()},
    {"critical_service", presets::critical_service()},
    {"high_volume", presets::high_volume()},
    {"database_strict", presets::database_strict()},
    {"conservative", presets::conservative()},
    {"aggressive", presets::aggressive()},
    {"percentage", presets::percentage()},
  }};
  const auto in_a_row = [](const config& cfg) {
    return cfg.failure_threshold == 1'000'000 ? std::string{"–"}
                                              : show(cfg.failure_threshold);
  };
  const auto from = [](const config& cfg) {
    return cfg.minimum_calls == 0 ? std::string{}
                                  : ", from " + show(cfg.minimum_calls) + " on";
  };
  out << "| preset | failures in a row | or share of the last | open | "
         "probes at a time | to close |\n|---|---|---|---|---|---|\n";
  for (const auto& [name, cfg] : all)
    out << "| `" << name << "` | " << in_a_row(cfg) << " | "
        << show(cfg.failure_rate_threshold) << " of " << cfg.window_size
        << from(cfg) << " | " << show(cfg.open_timeout) << " | "
        << cfg.half_open_max_calls << " | " << cfg.success_threshold << " |\n";
}

} // namespace docs
