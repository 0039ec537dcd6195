#pragma once

#include <cstdint>
#include <string>

#include <benchmark/benchmark.h>

#include "switchgear/breaker/config.hpp"
#include "switchgear/expected.hpp"

namespace switchgear::bench {

/// Does nothing but return what the compiler cannot know beforehand.
inline int fine() {
  int result = 7;
  benchmark::DoNotOptimize(result);
  return result;
}

using answer = expected<int, std::string>;

/// Fails with a short text.
inline answer refused() {
  return make_unexpected(std::string{"refused"});
}

/// Calls in a window of `mostly_refused`.
inline constexpr std::uint32_t long_window = 10'000;

/// Fails but for one of four calls, so that no window is ever near to being
/// full of failures.
class mostly_refused {
public:
  answer operator()() {
    if (calls_++ % 4 == 0)
      return fine();
    return refused();
  }

private:
  std::uint32_t calls_ = 0;
};

/// Settings with which `mostly_refused` never trips a breaker.
inline config cannot_trip() {
  config cfg;
  cfg.failure_threshold = 1'000'000;
  cfg.failure_rate_threshold = 1.0;
  cfg.window_size = long_window;
  cfg.latency_sampling = 0; // as the breaker that it is compared with
  return cfg;
}

/// Settings with which so few calls are timed: one in `n`, or none if that is
/// zero.
inline config timed_one_in(std::uint32_t n) {
  config cfg;
  cfg.latency_sampling = n;
  return cfg;
}

} // namespace switchgear::bench
