/// What leaves the process comes back as it was.

#include <gtest/gtest.h>

#include <limits>
#include <string>
#include <vector>

#include <caf/binary_deserializer.hpp>
#include <caf/binary_serializer.hpp>
#include <caf/byte_buffer.hpp>
#include <caf/message.hpp>

#include "support/breaker_printing.hpp"
#include "switchgear/actor.hpp"
#include "switchgear/supervision/messages.hpp"

using namespace std::chrono_literals;

namespace switchgear::test {

namespace {

struct own_types {
  own_types() {
    actor::init_types();
  }
} registered;

template <class T>
caf::byte_buffer write(const T& x) {
  caf::byte_buffer bytes;
  caf::binary_serializer sink{nullptr, bytes};
  EXPECT_TRUE(sink.apply(x)) << to_string(sink.get_error());
  return bytes;
}

template <class T>
bool read(const caf::byte_buffer& bytes, T& x) {
  caf::binary_deserializer source{nullptr, bytes};
  return source.apply(x) && source.remaining() == 0;
}

/// `x`, sent to another node.
template <class T>
T sent(const T& x) {
  T result{};
  EXPECT_TRUE(read(write(x), result));
  return result;
}

/// The same as an element of a message, as actors send it.
template <class T>
T sent_in_message(const T& x) {
  const auto got = sent(caf::make_message(x));
  if (!got.template match_elements<T>()) {
    ADD_FAILURE() << "another type came back";
    return {};
  }
  return got.template get_as<T>(0);
}

const std::string any_bytes{"nul\0, \xff and \xe2\x9a\xa1", 15};
constexpr auto huge = std::numeric_limits<std::uint64_t>::max();

config all_set() {
  config cfg;
  cfg.failure_threshold = 11;
  cfg.window_size = 12;
  cfg.window_duration = 13s;
  cfg.failure_rate_threshold = 0.14;
  cfg.minimum_calls = 15;
  cfg.slow_call_duration = 16ms;
  cfg.slow_call_rate_threshold = 0.17;
  cfg.max_stuck_calls = 30;
  cfg.stuck_after = 31s;
  cfg.latency_sampling = 32;
  cfg.success_events = 100;
  cfg.alert_failure_rate = 0.33;
  cfg.alert_trips = 34;
  cfg.alert_period = 35s;
  cfg.closed_interval = 18min;
  cfg.open_timeout = 19h;
  cfg.open_timeout_multiplier = 2.0;
  cfg.open_timeout_maximum = 21h;
  cfg.open_timeout_jitter = 0.22;
  cfg.half_open_max_calls = 23;
  cfg.success_threshold = 24;
  cfg.probe_lease = 25ns;
  cfg.call_timeout = 26us;
  cfg.count_timeout_as_failure = false;
  cfg.rejected_in_total = true;
  return cfg;
}

statistics all_known() {
  statistics s;
  s.name = any_bytes;
  s.state = state::half_open;
  s.mode = mode::metrics_only;
  s.epoch = huge;
  s.total_calls = 2;
  s.total_successes = 3;
  s.total_failures = 4;
  s.total_rejected = 5;
  s.total_ignored = 6;
  s.total_cancelled = 7;
  s.total_timeouts = 8;
  s.total_late = 9;
  s.total_would_reject = 10;
  s.consecutive_failures = 11;
  s.consecutive_successes = 12;
  s.success_rate = 0.13;
  s.failure_rate = 1.0 / 3.0;
  s.window_calls = 15;
  s.window_failures = 16;
  s.window_slow = 17;
  s.window = "SSFF";
  s.trip_count = 18;
  s.recoveries = 19;
  s.avg_recovery_ms = 20.5;
  s.avg_latency = 21ns;
  s.p95_latency = 22s;
  s.time_in_state = 23h;
  s.last_state_change = wall_time{24s};
  s.last_reason = reason::released;
  s.why = "because";
  s.last_failure_time = wall_time{25ns};
  s.last_failure = "refused";
  s.retry_after = 26ms;
  s.calls_under_way = 33;
  s.oldest_call = 34s;
  s.probes_out = 27;
  s.probes_allowed = 28;
  s.restarts = 29;
  s.events_dropped = 30;
  s.transitions = {{state::closed, state::open, reason::failure_rate,
                    wall_time{31s}, any_bytes},
                   {state::open, state::half_open, reason::open_time_over,
                    wall_time{32s}, ""}};
  s.outcomes = {35, 36, 37, 38, 39, huge};
  s.durations
    = {{40, 41, 42, 43, 44, 45, 46, 47, 48, 49, 50, 51, 52, 53, huge}, 54s};
  s.transition_counts
    = {{state::closed, state::open, reason::failure_rate, 55},
       {state::open, state::half_open, reason::open_time_over, huge}};
  s.created = wall_time{56s};
  return s;
}

TEST(serialization, of_settings) {
  EXPECT_NE(all_set(), config{});
  EXPECT_EQ(sent(all_set()), all_set());
  EXPECT_EQ(sent(config{}), config{});
  EXPECT_EQ(sent_in_message(all_set()), all_set());
}

TEST(serialization, of_statistics) {
  EXPECT_EQ(sent(all_known()), all_known());
  EXPECT_EQ(sent(statistics{}), statistics{});
  EXPECT_EQ(sent_in_message(all_known()), all_known());
}

TEST(serialization, of_events) {
  breaker_event x;
  x.kind = event_kind::call_late;
  x.sequence = huge;
  x.epoch = 2;
  x.at = time_point{3h};
  x.from = state::open;
  x.to = state::half_open;
  x.why = reason::probe_lost;
  x.mode = mode::isolated;
  x.how = outcome::cancelled;
  x.latency = 4ms;
  x.time_in_state = 5s;
  x.count = 6;
  x.text = any_bytes;
  x.when = wall_time{7s};
  x.level = alert_level::critical;
  x.level_before = alert_level::warning;
  x.rejected_with = errc::too_many_probes;
  x.error_type = any_bytes;
  trip_cause cause;
  cause.why = reason::failure_rate;
  cause.last_failure = any_bytes;
  cause.consecutive_failures = 1;
  cause.window_calls = 2;
  cause.window_failures = 3;
  cause.window_slow = 4;
  cause.stuck_calls = 5;
  cause.trips_in_a_row = 6;
  cause.retry_after = 7s;
  EXPECT_FALSE(sent_in_message(x).cause);
  x.cause = std::make_shared<const trip_cause>(cause);
  const auto y = sent_in_message(x);
  EXPECT_EQ(y.when, x.when);
  EXPECT_EQ(y.level, x.level);
  EXPECT_EQ(y.level_before, x.level_before);
  EXPECT_EQ(y.rejected_with, x.rejected_with);
  EXPECT_EQ(y.error_type, x.error_type);
  ASSERT_TRUE(y.cause);
  EXPECT_EQ(*y.cause, cause);
  const std::vector<telemetry::event> batch{{x, "db"}};
  const auto received = sent_in_message(batch);
  ASSERT_EQ(received.size(), 1u);
  EXPECT_EQ(received[0].breaker, "db");
  EXPECT_EQ(received[0].sequence, x.sequence);
  EXPECT_EQ(y.kind, x.kind);
  EXPECT_EQ(y.sequence, x.sequence);
  EXPECT_EQ(y.epoch, x.epoch);
  EXPECT_EQ(y.at, x.at);
  EXPECT_EQ(y.from, x.from);
  EXPECT_EQ(y.to, x.to);
  EXPECT_EQ(y.why, x.why);
  EXPECT_EQ(y.mode, x.mode);
  EXPECT_EQ(y.how, x.how);
  EXPECT_EQ(y.latency, x.latency);
  EXPECT_EQ(y.time_in_state, x.time_in_state);
  EXPECT_EQ(y.count, x.count);
  EXPECT_EQ(y.text, x.text);
}

TEST(serialization, of_permits) {
  EXPECT_EQ(sent_in_message(permit{huge, huge - 1}), (permit{huge, huge - 1}));
}

TEST(serialization, of_transition_records) {
  const std::vector all = all_known().transitions;
  EXPECT_EQ(sent_in_message(all), all);
  EXPECT_EQ(sent_in_message(all.front()), all.front());
}

/// All values up to `last` come back, those beyond it are refused.
template <class Enum>
void check_enum(Enum first, Enum last) {
  using number = std::underlying_type_t<Enum>;
  for (auto i = static_cast<int>(first); i <= static_cast<int>(last); ++i)
    EXPECT_EQ(sent(static_cast<Enum>(i)), static_cast<Enum>(i));
  const auto beyond = static_cast<number>(static_cast<int>(last) + 1);
  Enum got{};
  EXPECT_FALSE(read(write(beyond), got));
}

TEST(serialization, of_enums) {
  check_enum(state::closed, state::half_open);
  check_enum(mode::automatic, mode::metrics_only);
  check_enum(reason::none, reason::released);
  check_enum(outcome::success, outcome::cancelled);
  check_enum(event_kind::breaker_initialized, event_kind::alert_changed);
  check_enum(errc::circuit_open, errc::unavailable);
  check_enum(actor::exit_code::shutdown, actor::exit_code::error);
}

TEST(serialization, of_requests) {
  const caf::message requests[] = {
    caf::make_message(acquire_v),
    caf::make_message(report_v, permit{1, 2}, outcome::failure, duration{3ms},
                      any_bytes),
    caf::make_message(get_state_v),
    caf::make_message(get_settings_v),
    caf::make_message(get_stats_v),
    caf::make_message(reset_v),
    caf::make_message(force_open_v),
    caf::make_message(set_mode_v, mode::isolated),
    caf::make_message(reconfigure_v, all_set()),
    caf::make_message(stop_v),
  };
  for (const auto& each : requests) {
    const auto got = sent(each);
    EXPECT_EQ(to_string(got), to_string(each));
    EXPECT_EQ(got.types(), each.types());
  }
}

TEST(serialization, of_failures) {
  const failure all[] = {
    failure::rejected(errc::circuit_open, 3s),
    failure{errc::too_many_probes},
    failure{errc::operation_failed, any_bytes},
    failure{errc::invalid_config, "failure_threshold = 0"},
    failure::retry_later(errc::operation_failed, any_bytes, 7s),
  };
  for (const auto& each : all) {
    const auto got = actor::to_failure(sent(actor::to_error(each)));
    EXPECT_EQ(got.code(), each.code());
    EXPECT_EQ(got.message(), each.message());
    EXPECT_EQ(got.retry_after(), each.retry_after());
  }
}

TEST(serialization, of_exit_reasons) {
  using statem::exit_reason;
  for (const auto& each :
       {exit_reason::normal(), exit_reason::shutdown(),
        exit_reason::shutdown("because"), exit_reason::stopped("done"),
        exit_reason::error("fault"), exit_reason::killed()})
    EXPECT_EQ(actor::from_error(sent(actor::to_error(each))), each);
}

TEST(serialization, of_what_supervisors_answer) {
  const supervision::child_counts counts{1, 2, 3, 4};
  const auto got = sent_in_message(counts);
  EXPECT_EQ(got.specs, 1u);
  EXPECT_EQ(got.active, 2u);
  EXPECT_EQ(got.supervisors, 3u);
  EXPECT_EQ(got.workers, 4u);
}

TEST(serialization, of_what_is_cut_short_fails) {
  auto bytes = write(all_known());
  for (std::size_t size = 0; size < bytes.size(); size += 7) {
    const caf::byte_buffer part(bytes.begin(),
                                bytes.begin() + static_cast<long>(size));
    statistics got;
    EXPECT_FALSE(read(part, got)) << size;
  }
}

TEST(serialization, of_functions_is_refused) {
  caf::byte_buffer bytes;
  caf::binary_serializer sink{nullptr, bytes};
  EXPECT_FALSE(sink.apply(caf::make_message(call_v, task{[] {}})));
}

} // namespace

} // namespace switchgear::test
