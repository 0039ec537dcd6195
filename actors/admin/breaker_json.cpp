#include <chrono>
#include <optional>

#include <nlohmann/json.hpp>

#include "../http/message.hpp"
#include "iso_time.hpp"
#include "json.hpp"
#include "switchgear/detail/utf8.hpp"

namespace switchgear::admin {

namespace {

// From here on there is nothing to complain about.
constexpr double excellent_rate = 0.99;

double ms(duration value) {
  return std::chrono::duration<double, std::milli>{value}.count();
}

json ms_or_null(float value) {
  return value < 0 ? json{} : json(value);
}

json time_or_null(wall_time value) {
  return value == wall_time{} ? json{} : json(iso_time(value));
}

json share(std::uint64_t part, std::uint64_t of) {
  return of == 0 ? json{}
                 : json(static_cast<double>(part) / static_cast<double>(of));
}

json live(const std::optional<sample>& last) {
  if (!last || last->span_ms == 0)
    return {{"calls", 0.0},
            {"failures", 0.0},
            {"rejections", 0.0},
            {"mean_ms", nullptr},
            {"p95_ms", nullptr}};
  const auto rate = [&](std::uint64_t count) {
    return static_cast<double>(count) * 1000.0 / last->span_ms;
  };
  return {{"calls", rate(std::uint64_t{last->successes} + last->failures)},
          {"failures", rate(last->failures)},
          {"rejections", rate(last->rejections)},
          {"mean_ms", ms_or_null(last->mean_ms)},
          {"p95_ms", ms_or_null(last->p95_ms)}};
}

json transitions(const statistics& of) {
  auto result = json::array();
  for (const auto& each : of.transitions)
    result.push_back({{"at", iso_time(each.at)},
                      {"from", to_string(each.from)},
                      {"to", to_string(each.to)},
                      {"reason", to_string(each.why)},
                      {"text", each.text},
                      {"epoch", each.epoch}});
  return result;
}

json transition_counts(const statistics& of) {
  auto result = json::array();
  for (const auto& each : of.transition_counts)
    result.push_back({{"from", to_string(each.from)},
                      {"to", to_string(each.to)},
                      {"reason", to_string(each.why)},
                      {"count", each.count}});
  return result;
}

json durations(const call_durations& of) {
  auto bounds = json::array();
  for (const auto each : call_durations::bounds)
    bounds.push_back(ms(each));
  return {{"bounds_ms", std::move(bounds)}, {"counts", of.buckets}};
}

json outcomes(const outcome_counts& of) {
  return {{"success", of.success},     {"failure", of.failure},
          {"timeout", of.timeout},     {"ignored", of.ignored},
          {"cancelled", of.cancelled}, {"late", of.late}};
}

json failures(const std::vector<failed_call>& all) {
  auto result = json::array();
  for (const auto& each : all)
    result.push_back(
      {{"at", iso_time(each.at)},
       {"sequence", each.sequence},
       {"outcome", to_string(each.how)},
       {"error_type", each.type},
       {"message", each.message},
       {"duration_ms",
        each.took > duration::zero() ? json(ms(each.took)) : json{}}});
  return result;
}

json samples(const std::vector<sample>& all) {
  auto result = json::array();
  for (const auto& each : all)
    result.push_back(json::array(
      {std::chrono::floor<std::chrono::milliseconds>(each.at)
         .time_since_epoch()
         .count(),
       each.successes, each.failures, each.rejections, ms_or_null(each.mean_ms),
       ms_or_null(each.p95_ms), each.span_ms}));
  return result;
}

} // namespace

std::string dump(const json& what) {
  return what.dump(-1, ' ', false, json::error_handler_t::replace);
}

std::string_view health_of(const statistics& of) noexcept {
  if (of.is_critical())
    return "critical";
  if (of.is_degraded())
    return "degraded";
  const auto ended = of.total_successes + of.total_failures;
  const auto good = static_cast<double>(of.total_successes)
                    >= excellent_rate * static_cast<double>(ended);
  return good ? "excellent" : "good";
}

json summary(const statistics& of, const std::optional<sample>& last) {
  const auto ended = of.total_successes + of.total_failures;
  return {{"tool", detail::to_utf8(of.name)},
          {"id", http::percent_encode(of.name)},
          {"state", to_string(of.state)},
          {"mode", to_string(of.mode)},
          {"health", health_of(of)},
          {"alert_reason", of.alert_reason},
          {"success_rate", share(of.total_successes, ended)},
          {"failure_rate", share(of.total_failures, ended)},
          {"trips", of.trip_count},
          {"total_calls", of.total_calls},
          {"total_successes", of.total_successes},
          {"total_failures", of.total_failures},
          {"total_rejected", of.total_rejected},
          {"total_timeouts", of.total_timeouts},
          {"total_ignored", of.total_ignored},
          {"consecutive_failures", of.consecutive_failures},
          {"consecutive_successes", of.consecutive_successes},
          {"window_calls", of.window_calls},
          {"window_failures", of.window_failures},
          {"window_failure_rate", share(of.window_failures, of.window_calls)},
          {"calls_under_way", of.calls_under_way},
          {"probes_out", of.probes_out},
          {"probes_allowed", of.probes_allowed},
          {"restarts", of.restarts},
          {"epoch", of.epoch},
          {"retry_after_ms", ms(of.retry_after)},
          {"time_in_state_ms", ms(of.time_in_state)},
          {"last_change", of.last_reason == reason::none
                            ? json{}
                            : time_or_null(of.last_state_change)},
          {"last_reason", to_string(of.last_reason)},
          {"why", of.why},
          {"live", live(last)}};
}

json details(const statistics& of, const std::optional<sample>& last,
             const history::past& past) {
  auto result = summary(of, last);
  result.update(
    {{"avg_latency_ms", ms(of.avg_latency)},
     {"p95_latency_ms", ms(of.p95_latency)},
     {"avg_recovery_ms", of.avg_recovery_ms},
     {"recoveries", of.recoveries},
     {"oldest_call_ms", ms(of.oldest_call)},
     {"total_cancelled", of.total_cancelled},
     {"total_late", of.total_late},
     {"total_would_reject", of.total_would_reject},
     {"window_slow", of.window_slow},
     {"window", of.window},
     {"last_failure", of.last_failure},
     {"last_failure_time",
      of.last_failure_time ? time_or_null(*of.last_failure_time) : json{}},
     {"created", time_or_null(of.created)},
     {"events_dropped", of.events_dropped},
     {"outcomes", outcomes(of.outcomes)},
     {"durations", durations(of.durations)},
     {"transitions", transitions(of)},
     {"transition_counts", transition_counts(of)},
     {"failures", failures(past.failures)},
     {"history", {{"step_ms", 1000}, {"samples", samples(past.samples)}}}});
  return result;
}

json to_json(const health& all) {
  return {{"status", all.status()},
          {"circuit_breakers",
           {{"total", all.total},
            {"closed", all.closed},
            {"open", all.open},
            {"half_open", all.half_open}}}};
}

} // namespace switchgear::admin
