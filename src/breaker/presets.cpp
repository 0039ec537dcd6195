#include "switchgear/breaker/presets.hpp"

namespace switchgear::presets {

using namespace std::chrono_literals;

config http_api() {
  return {.failure_threshold = 5,
          .open_timeout = 30s,
          .half_open_max_calls = 3,
          .success_threshold = 2};
}

config llm_service() {
  return {.failure_threshold = 3,
          .open_timeout = 120s,
          .half_open_max_calls = 2,
          .success_threshold = 2};
}

config database() {
  return {.failure_threshold = 10,
          .window_size = 20,
          .open_timeout = 10s,
          .half_open_max_calls = 5,
          .success_threshold = 3};
}

config notifications() {
  return {.failure_threshold = 10,
          .window_size = 20,
          .open_timeout = 60s,
          .half_open_max_calls = 3,
          .success_threshold = 2};
}

config cache() {
  return {.failure_threshold = 8,
          .window_size = 16,
          .open_timeout = 20s,
          .half_open_max_calls = 4,
          .success_threshold = 3};
}

config critical_service() {
  return {.failure_threshold = 2, .open_timeout = 5min};
}

config high_volume() {
  return {.failure_threshold = 20,
          .window_size = 100,
          .failure_rate_threshold = 0.5,
          .open_timeout = 30s};
}

config database_strict() {
  return {.failure_threshold = 3, .open_timeout = 60s};
}

config conservative() {
  return {.failure_threshold = 10, .window_size = 20, .open_timeout = 60s};
}

config aggressive() {
  return {.failure_threshold = 3, .open_timeout = 60s};
}

config percentage() {
  // Failures in a row never come to this: the rate is at 1 before.
  return {.failure_threshold = 1'000'000,
          .window_size = 100,
          .failure_rate_threshold = 0.501,
          .minimum_calls = 11,
          .open_timeout = 60s};
}

} // namespace switchgear::presets
