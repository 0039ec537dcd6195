#include <gmock/gmock.h>

#include <chrono>
#include <functional>
#include <limits>
#include <ostream>

#include "switchgear/breaker/config.hpp"

using namespace std::chrono_literals;
using testing::IsEmpty;

namespace switchgear {

namespace {

constexpr auto nan = std::numeric_limits<double>::quiet_NaN();
constexpr auto infinite = std::numeric_limits<double>::infinity();
constexpr auto tick = duration{1};

struct setting {
  const char* label;
  std::function<void(config&)> apply;
};

void PrintTo(const setting& x, std::ostream* out) {
  *out << x.label;
}

// One that is refused, and what is said about it.
struct refused {
  const char* label;
  std::function<void(config&)> apply;
  const char* text;
};

void PrintTo(const refused& x, std::ostream* out) {
  *out << x.label;
}

template <class T>
auto set(T config::*field, std::type_identity_t<T> value) {
  return [=](config& cfg) { cfg.*field = value; };
}

std::string label_of(const auto& info) {
  return info.param.label;
}

using c = config;

class accepted_setting : public testing::TestWithParam<setting> {};

TEST_P(accepted_setting, has_no_errors) {
  config cfg;
  GetParam().apply(cfg);
  EXPECT_THAT(validate(cfg), IsEmpty()) << explain(validate(cfg));
}

INSTANTIATE_TEST_SUITE_P(
  config, accepted_setting,
  testing::Values(
    setting{"all_defaults", [](config&) {}},
    setting{"failure_threshold_low", set(&c::failure_threshold, 1)},
    setting{"failure_threshold_high", set(&c::failure_threshold, 1'000'000)},
    setting{"window_size_low", set(&c::window_size, 1)},
    setting{"window_size_high", set(&c::window_size, 1'000'000)},
    setting{"window_duration_off", set(&c::window_duration, 0ns)},
    setting{"window_duration_low", set(&c::window_duration, 10ms)},
    setting{"window_duration_high", set(&c::window_duration, 24h)},
    setting{"failure_rate_low", set(&c::failure_rate_threshold, 1e-9)},
    setting{"failure_rate_high", set(&c::failure_rate_threshold, 1.0)},
    setting{"minimum_calls_high", set(&c::minimum_calls, 10)},
    setting{"minimum_calls_beyond_window_size_in_a_timed_window",
            [](config& x) {
              x.window_duration = 1s;
              x.minimum_calls = 1'000'000;
            }},
    setting{"slow_call_low", set(&c::slow_call_duration, 1us)},
    setting{"slow_call_high", set(&c::slow_call_duration, 24h)},
    setting{"slow_call_rate_low", set(&c::slow_call_rate_threshold, 1e-9)},
    setting{"slow_call_rate_high", set(&c::slow_call_rate_threshold, 1.0)},
    setting{"closed_interval_low", set(&c::closed_interval, 1ms)},
    setting{"closed_interval_high", set(&c::closed_interval, 24h * 30)},
    setting{"open_timeout_low", set(&c::open_timeout, 1ms)},
    setting{"open_timeout_high", set(&c::open_timeout, 24h * 30)},
    setting{"multiplier_low", set(&c::open_timeout_multiplier, 1.0)},
    setting{"multiplier_high", set(&c::open_timeout_multiplier, 100.0)},
    setting{"maximum_low", set(&c::open_timeout_maximum, 60s)},
    setting{"maximum_high", set(&c::open_timeout_maximum, 24h * 30)},
    setting{"jitter_high", set(&c::open_timeout_jitter, 1.0)},
    setting{"probes_low", set(&c::half_open_max_calls, 1)},
    setting{"probes_high", set(&c::half_open_max_calls, 1'000'000)},
    setting{"success_threshold_low", set(&c::success_threshold, 1)},
    setting{"success_threshold_high", set(&c::success_threshold, 1'000'000)},
    setting{"lease_low", set(&c::probe_lease, 1ms)},
    setting{"lease_high", set(&c::probe_lease, 24h * 30)},
    setting{"call_timeout_low", set(&c::call_timeout, 1ms)},
    setting{"call_timeout_high", set(&c::call_timeout, 24h)}),
  label_of<testing::TestParamInfo<setting>>);

class refused_setting : public testing::TestWithParam<refused> {};

TEST_P(refused_setting, names_field_value_and_range) {
  config cfg;
  GetParam().apply(cfg);
  EXPECT_EQ(explain(validate(cfg)), GetParam().text);
}

INSTANTIATE_TEST_SUITE_P(
  config, refused_setting,
  testing::Values(
    refused{"failure_threshold_low", set(&c::failure_threshold, 0),
            "failure_threshold = 0: must be 1 to 1000000"},
    refused{"failure_threshold_high", set(&c::failure_threshold, 1'000'001),
            "failure_threshold = 1000001: must be 1 to 1000000"},
    refused{"window_size_low", set(&c::window_size, 0),
            "window_size = 0: must be 1 to 1000000"},
    refused{"window_size_high", set(&c::window_size, 1'000'001),
            "window_size = 1000001: must be 1 to 1000000"},
    refused{"window_duration_negative", set(&c::window_duration, -1ms),
            "window_duration = -1 ms: must be 0 (count-based), or 10 ms to "
            "24 h"},
    refused{"window_duration_low", set(&c::window_duration, 9ms),
            "window_duration = 9 ms: must be 0 (count-based), or 10 ms to "
            "24 h"},
    refused{"window_duration_high", set(&c::window_duration, 25h),
            "window_duration = 90000000 ms: must be 0 (count-based), or 10 ms "
            "to 24 h"},
    refused{"failure_rate_zero", set(&c::failure_rate_threshold, 0.0),
            "failure_rate_threshold = 0: must be above 0, up to and "
            "including 1"},
    refused{"failure_rate_negative", set(&c::failure_rate_threshold, -0.5),
            "failure_rate_threshold = -0.5: must be above 0, up to and "
            "including 1"},
    refused{"failure_rate_high", set(&c::failure_rate_threshold, 1.5),
            "failure_rate_threshold = 1.5: must be above 0, up to and "
            "including 1"},
    refused{"failure_rate_nan", set(&c::failure_rate_threshold, nan),
            "failure_rate_threshold = nan: must be above 0, up to and "
            "including 1"},
    refused{"minimum_calls_high", set(&c::minimum_calls, 11),
            "minimum_calls = 11: must be 0 (window_size), or 1 to "
            "window_size (10)"},
    refused{"minimum_calls_high_in_a_timed_window",
            [](config& x) {
              x.window_duration = 1s;
              x.minimum_calls = 1'000'001;
            },
            "minimum_calls = 1000001: must be 0 (window_size), or 1 to "
            "1000000"},
    refused{"slow_call_negative", set(&c::slow_call_duration, -1us),
            "slow_call_duration = -0.001 ms: must be 0 (off), or 1 us to "
            "24 h"},
    refused{"slow_call_low", set(&c::slow_call_duration, 999ns),
            "slow_call_duration = 0.000999 ms: must be 0 (off), or 1 us to "
            "24 h"},
    refused{"slow_call_rate_zero", set(&c::slow_call_rate_threshold, 0.0),
            "slow_call_rate_threshold = 0: must be above 0, up to and "
            "including 1"},
    refused{"slow_call_rate_nan", set(&c::slow_call_rate_threshold, nan),
            "slow_call_rate_threshold = nan: must be above 0, up to and "
            "including 1"},
    refused{"closed_interval_low", set(&c::closed_interval, 1ms - tick),
            "closed_interval = 0.999999 ms: must be 0 (never), or 1 ms to "
            "30 days"},
    refused{"open_timeout_zero", set(&c::open_timeout, 0ms),
            "open_timeout = 0 ms: must be 1 ms to 30 days"},
    refused{"multiplier_low", set(&c::open_timeout_multiplier, 0.5),
            "open_timeout_multiplier = 0.5: must be 1 to 100"},
    refused{"multiplier_high", set(&c::open_timeout_multiplier, infinite),
            "open_timeout_multiplier = inf: must be 1 to 100"},
    refused{"multiplier_nan", set(&c::open_timeout_multiplier, nan),
            "open_timeout_multiplier = nan: must be 1 to 100"},
    refused{"maximum_below_open_timeout", set(&c::open_timeout_maximum, 59s),
            "open_timeout_maximum = 59000 ms: must be 0 (ten times "
            "open_timeout), or open_timeout to 30 days"},
    refused{"jitter_negative", set(&c::open_timeout_jitter, -0.1),
            "open_timeout_jitter = -0.1: must be 0 to 1"},
    refused{"jitter_high", set(&c::open_timeout_jitter, 1.1),
            "open_timeout_jitter = 1.1: must be 0 to 1"},
    refused{"jitter_nan", set(&c::open_timeout_jitter, nan),
            "open_timeout_jitter = nan: must be 0 to 1"},
    refused{"probes_low", set(&c::half_open_max_calls, 0),
            "half_open_max_calls = 0: must be 1 to 1000000"},
    refused{"probes_high", set(&c::half_open_max_calls, 1'000'001),
            "half_open_max_calls = 1000001: must be 1 to 1000000"},
    refused{"success_threshold_low", set(&c::success_threshold, 0),
            "success_threshold = 0: must be 1 to 1000000"},
    refused{"lease_low", set(&c::probe_lease, tick),
            "probe_lease = 1e-06 ms: must be 0 (open_timeout), or 1 ms to "
            "30 days"},
    refused{"lease_negative", set(&c::probe_lease, -1s),
            "probe_lease = -1000 ms: must be 0 (open_timeout), or 1 ms to "
            "30 days"},
    refused{"call_timeout_low", set(&c::call_timeout, tick),
            "call_timeout = 1e-06 ms: must be 0 (no limit), or 1 ms to 24 h"}),
  label_of<testing::TestParamInfo<refused>>);

TEST(config, longest_times_are_the_limits) {
  const auto longest = duration{24h * 30};
  for (auto field : {&c::closed_interval, &c::open_timeout,
                     &c::open_timeout_maximum, &c::probe_lease}) {
    config cfg;
    cfg.*field = longest + tick;
    EXPECT_EQ(validate(cfg).size(), 1u);
  }
  for (auto field :
       {&c::window_duration, &c::slow_call_duration, &c::call_timeout}) {
    config cfg;
    cfg.*field = 24h + tick;
    EXPECT_EQ(validate(cfg).size(), 1u);
  }
}

TEST(config, all_errors_are_reported_at_once) {
  config cfg;
  cfg.failure_threshold = 0;
  cfg.success_threshold = 0;
  EXPECT_EQ(explain(validate(cfg)),
            "failure_threshold = 0: must be 1 to 1000000; "
            "success_threshold = 0: must be 1 to 1000000");
}

TEST(config, zero_stands_for_another_setting) {
  config cfg;
  EXPECT_EQ(cfg.effective_minimum_calls(), 10u);
  EXPECT_EQ(cfg.effective_probe_lease(), 60s);
  EXPECT_EQ(cfg.effective_open_timeout_maximum(), 600s);
  cfg.minimum_calls = 3;
  cfg.probe_lease = 5s;
  cfg.open_timeout_maximum = 90s;
  EXPECT_EQ(cfg.effective_minimum_calls(), 3u);
  EXPECT_EQ(cfg.effective_probe_lease(), 5s);
  EXPECT_EQ(cfg.effective_open_timeout_maximum(), 90s);
  cfg.open_timeout_maximum = 0s;
  cfg.open_timeout = 24h * 29;
  EXPECT_EQ(cfg.effective_open_timeout_maximum(), 24h * 30);
}

} // namespace

} // namespace switchgear
