#pragma once

#include <string_view>
#include <tuple>

#include "switchgear/breaker/config.hpp"

namespace switchgear {

/// A setting by name.
template <class T>
struct config_field {
  std::string_view name;
  T config::*value;
};

/// All settings, each once, in the order of `config`. Whoever reads, writes,
/// compares or lists settings goes by it.
inline constexpr std::tuple config_fields{
  config_field{"failure_threshold", &config::failure_threshold},
  config_field{"window_size", &config::window_size},
  config_field{"window_duration", &config::window_duration},
  config_field{"failure_rate_threshold", &config::failure_rate_threshold},
  config_field{"minimum_calls", &config::minimum_calls},
  config_field{"slow_call_duration", &config::slow_call_duration},
  config_field{"slow_call_rate_threshold", &config::slow_call_rate_threshold},
  config_field{"max_stuck_calls", &config::max_stuck_calls},
  config_field{"stuck_after", &config::stuck_after},
  config_field{"closed_interval", &config::closed_interval},
  config_field{"open_timeout", &config::open_timeout},
  config_field{"open_timeout_multiplier", &config::open_timeout_multiplier},
  config_field{"open_timeout_maximum", &config::open_timeout_maximum},
  config_field{"open_timeout_jitter", &config::open_timeout_jitter},
  config_field{"half_open_max_calls", &config::half_open_max_calls},
  config_field{"success_threshold", &config::success_threshold},
  config_field{"probe_lease", &config::probe_lease},
  config_field{"call_timeout", &config::call_timeout},
  config_field{"count_timeout_as_failure", &config::count_timeout_as_failure},
  config_field{"latency_sampling", &config::latency_sampling},
  config_field{"alert_failure_rate", &config::alert_failure_rate},
  config_field{"alert_trips", &config::alert_trips},
  config_field{"alert_period", &config::alert_period},
  config_field{"success_events", &config::success_events},
  config_field{"rejected_in_total", &config::rejected_in_total},
};

/// Calls `f(config_field)` for each setting.
template <class F>
void for_each_config_field(F f) {
  std::apply([&](const auto&... each) { (f(each), ...); }, config_fields);
}

} // namespace switchgear
