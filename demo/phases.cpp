#include "phases.hpp"

#include <array>
#include <cmath>
#include <cstdio>
#include <string>

#include "http_client.hpp"
#include "service_process.hpp"
#include "text.hpp"

namespace demo {

namespace {

using namespace std::chrono_literals;
using switchgear::state;

using std::chrono::milliseconds;

constexpr auto open_timeout = 2s;
// For the call that nobody answers.
constexpr milliseconds short_patience = 1s;
// For a machine that has much else to do.
constexpr milliseconds patience = 10s;

void say(const std::string& line) {
  std::puts(line.c_str());
  std::fflush(stdout); // whoever reads a pipe sees it as it happens
}

std::string upper_case(state value) {
  switch (value) {
    case state::closed:
      return "CLOSED";
    case state::open:
      return "OPEN";
    case state::half_open:
      return "HALF_OPEN";
  }
  return "?";
}

std::string with_share(std::uint64_t part, std::uint64_t whole) {
  std::array<char, 64> buffer;
  const auto percent = whole == 0 ? 0.0
                                  : 100.0 * static_cast<double>(part)
                                      / static_cast<double>(whole);
  std::snprintf(buffer.data(), buffer.size(), "%llu (%.1f%%)",
                static_cast<unsigned long long>(part), percent);
  return buffer.data();
}

class walkthrough {
public:
  walkthrough(switchgear::runtime& system, signals& sent, milliseconds pace)
    : sent_(sent),
      pace_(pace),
      service_(10ms),
      breaker_(system.breaker("test_tool", settings())) {
    // nop
  }

  void run() {
    introduce();
    normal_operation();
    trip();
    rejected();
    wait_for_recovery();
    recover();
    final_statistics();
  }

private:
  static switchgear::config settings() {
    switchgear::config result;
    result.failure_threshold = 3;
    result.success_threshold = 2;
    result.open_timeout = open_timeout;
    result.rejected_in_total = true;
    return result;
  }

  void introduce() {
    say("=== switchgear demo ===");
    say("");
    say("Starting circuit breaker for tool: test_tool");
    say("Configuration: failure_threshold 3, success_threshold 2, "
        "open_timeout 2 s");
    say("Service: " + service_.url() + " (process "
        + std::to_string(service_.pid()) + ")");
  }

  void normal_operation() {
    begin("Phase 1: Normal Operation (CLOSED)");
    for (int i = 1; i <= 5; ++i)
      expect_success(i);
    break_service(condition::errors, "the service now answers HTTP 500");
    expect_failure(6, "HTTP 500");
    break_service(condition::healthy, "the service is well again");
    for (int i = 7; i <= 11; ++i)
      expect_success(i);
    expect_state(state::closed);
    say("  One failure among successes: still CLOSED.");
  }

  void trip() {
    begin("Phase 2: Failures Causing Trip (CLOSED -> OPEN)");
    break_service(condition::errors, "the service answers HTTP 500");
    expect_failure(1, "HTTP 500");
    break_service(condition::hanging, "the service takes calls and hangs");
    expect_failure(2, "no answer within 1000 ms", short_patience);
    break_service(condition::dead, "the service is killed");
    expect_failure(3, "connection refused");
    expect_state(state::open);
    say("  Circuit tripped to OPEN!");
    say("  Why: " + statistics().why);
  }

  void rejected() {
    begin("Phase 3: Rejected Calls (OPEN)");
    for (int i = 1; i <= 3; ++i)
      expect_rejection(i);
    expect_state(state::open);
  }

  void wait_for_recovery() {
    begin("Phase 4: Waiting for Recovery Window");
    break_service(condition::healthy,
                  "the service is started again on the same port");
    const auto start = std::chrono::steady_clock::now();
    while (breaker_.state() == state::open
           && std::chrono::steady_clock::now() < start + patience)
      sent_.wait(10ms);
    expect_state(state::half_open);
    say("  Waited " + brief(std::chrono::steady_clock::now() - start) + ".");
    say("  Transitioning to HALF_OPEN...");
  }

  void recover() {
    begin("Phase 5: Gradual Recovery (HALF_OPEN -> CLOSED)");
    expect_success(1, 10);
    expect_state(state::half_open);
    expect_success(2, 11);
    expect_state(state::closed);
    say("  Circuit CLOSED!");
    expect_success(3, 12);
    expect_state(state::closed);
  }

  void final_statistics() {
    const auto stats = statistics();
    const auto total = stats.total_calls;
    begin("Final Statistics");
    say("  Total calls: " + std::to_string(total));
    say("  Successes: " + with_share(stats.total_successes, total));
    say("  Failures: " + with_share(stats.total_failures, total));
    say("  Rejected: " + with_share(stats.total_rejected, total));
    say("  Trips: " + std::to_string(stats.trip_count));
    const auto recovery = std::llround(stats.avg_recovery_ms);
    say("  Avg recovery: " + std::to_string(recovery) + " ms");
    say("");
    place_ = "final statistics";
    expect_number("Total calls", total, 20);
    expect_number("Successes", stats.total_successes, 13);
    expect_number("Failures", stats.total_failures, 4);
    expect_number("Rejected", stats.total_rejected, 3);
    expect_number("Trips", stats.trip_count, 1);
    const milliseconds measured{recovery};
    if (measured < open_timeout || measured > open_timeout + patience)
      differ("an Avg recovery of at least "
               + std::to_string(milliseconds{open_timeout}.count()) + " ms",
             std::to_string(recovery) + " ms");
    say("=== Demo Complete ===");
  }

  switchgear::statistics statistics() {
    auto result = breaker_.stats();
    if (!result)
      differ("statistics", result.error().to_string());
    return *result;
  }

  void begin(const std::string& title) {
    place_ = title.substr(0, title.find(':'));
    say("");
    say("--- " + title + " ---");
  }

  void break_service(condition how, const std::string& words) {
    service_.bring_into(how);
    say("  [" + words + "]");
  }

  using result_type = switchgear::expected<std::string, switchgear::failure>;

  result_type call(int n, milliseconds limit) {
    sent_.take();
    return breaker_.call([&] {
      return http_get(service_.url() + "/times-ten/" + std::to_string(n),
                      limit);
    });
  }

  /// Makes a call, tells of it, and compares how it ended.
  void expect(int number, int n, const std::string& wanted,
              milliseconds limit = patience) {
    const auto start = std::chrono::steady_clock::now();
    const auto result = call(n, limit);
    const auto took = brief(std::chrono::steady_clock::now() - start);
    std::string got;
    if (result)
      got = "ok " + *result;
    else if (result.error().is_rejection())
      got = "error " + std::string{to_string(result.error().code())};
    else
      got = "error " + result.error().message();
    auto remark = took;
    if (!result && result.error().is_rejection())
      remark += ", retry in " + brief(result.error().retry_after());
    say("  Call " + std::to_string(number) + ": " + got + "  (" + remark + ")");
    place_call_ = ", call " + std::to_string(number);
    if (got != wanted)
      differ(wanted, got);
    place_call_.clear();
    sent_.wait(pace_);
  }

  void expect_success(int number, int n) {
    expect(number, n, "ok " + std::to_string(10 * n));
  }

  void expect_success(int number) {
    expect_success(number, number);
  }

  void expect_failure(int number, const std::string& text,
                      milliseconds limit = patience) {
    expect(number, number, "error " + text, limit);
  }

  void expect_rejection(int number) {
    expect(number, number, "error circuit_open");
  }

  void expect_state(state wanted) {
    const auto now = breaker_.state();
    if (now != wanted)
      differ("state " + upper_case(wanted), upper_case(now));
  }

  void expect_number(const std::string& what, std::uint64_t got,
                     std::uint64_t wanted) {
    if (got != wanted)
      differ(what + ": " + std::to_string(wanted), std::to_string(got));
  }

  [[noreturn]] void differ(const std::string& wanted, const std::string& got) {
    throw mismatch{place_ + place_call_ + ": expected " + wanted + ", got "
                   + got};
  }

  signals& sent_;
  const milliseconds pace_;
  service_process service_;
  switchgear::breaker breaker_;
  std::string place_;
  std::string place_call_;
};

} // namespace

void run_phases(switchgear::runtime& system, signals& sent, milliseconds pace) {
  walkthrough{system, sent, pace}.run();
}

} // namespace demo
