/// What a breaker tells of: which events, in which order, with what in them.

#include <gtest/gtest.h>

#include <map>

#include "support/breaker_printing.hpp"
#include "support/breaker_rig.hpp"

using namespace std::chrono_literals;

namespace switchgear {

namespace {

using test::breaker_rig;
using names = std::vector<std::string>;

config touchy() {
  return {.failure_threshold = 2, .open_timeout = 10s, .success_threshold = 1};
}

TEST(telemetry, tells_a_breakers_story) {
  breaker_rig rig{touchy()};
  EXPECT_EQ(rig.take_events(), names{"breaker_initialized"});
  rig.ok();
  EXPECT_EQ(rig.take_events(), names{"call_succeeded"});
  rig.fail();
  EXPECT_EQ(rig.take_events(), names{"call_failed"});
  rig.fail();
  EXPECT_EQ(rig.take_events(), (names{"call_failed", "state_transition"}));
  rig.ok();
  EXPECT_EQ(rig.take_events(), names{"call_rejected"});
  rig.advance(10s);
  EXPECT_EQ(rig.take_events(), names{"state_transition"});
  rig.call(outcome::ignored);
  rig.call(outcome::cancelled);
  EXPECT_EQ(rig.take_events(), (names{"call_ignored", "call_ignored"}));
  rig.ok();
  EXPECT_EQ(rig.take_events(), (names{"call_succeeded", "state_transition"}));
  const auto given = rig.acquire().value();
  rig.reset();
  EXPECT_EQ(rig.take_events(), names{}); // closed it was, closed it is
  rig.report(given);
  EXPECT_EQ(rig.take_events(), (names{"call_succeeded", "call_late"}));
  rig.tell(input::late_result{given, outcome::success, 1s});
  EXPECT_EQ(rig.take_events(), names{"call_late"});
  rig.tell(input::restarted{});
  EXPECT_EQ(rig.take_events(), names{"breaker_restarted"});
  rig.stop();
  EXPECT_EQ(rig.take_events(), names{"breaker_terminated"});
  EXPECT_EQ(rig.events().back().text, "shutdown");

  // Numbered without a gap.
  for (std::size_t i = 0; i < rig.events().size(); ++i)
    EXPECT_EQ(rig.events()[i].sequence, i + 1);
}

TEST(telemetry, of_a_call_has_outcome_latency_and_error) {
  breaker_rig rig{touchy()};
  rig.advance(3s);
  rig.call(outcome::success, 5ms);
  const auto succeeded = rig.events().back();
  EXPECT_EQ(succeeded.how, outcome::success);
  EXPECT_EQ(succeeded.latency, 5ms);
  EXPECT_EQ(succeeded.at, rig.now());
  EXPECT_EQ(succeeded.epoch, 1u);
  EXPECT_EQ(succeeded.to, state::closed);
  EXPECT_EQ(succeeded.text, "");
  rig.call(outcome::timeout, 7ms, "took too long");
  const auto failed = rig.events().back();
  EXPECT_EQ(failed.kind, event_kind::call_failed);
  EXPECT_EQ(failed.how, outcome::timeout);
  EXPECT_EQ(failed.latency, 7ms);
  EXPECT_EQ(failed.text, "took too long");
}

TEST(telemetry, of_a_late_result_says_how_it_ended) {
  breaker_rig rig{touchy()};
  const auto given = rig.acquire().value();
  rig.force_open();
  rig.report(given, outcome::failure, 4s, "broken");
  const auto told = rig.events().back();
  EXPECT_EQ(told.kind, event_kind::call_late);
  EXPECT_EQ(told.how, outcome::failure);
  EXPECT_EQ(told.latency, 4s);
  EXPECT_EQ(told.epoch, 2u); // when it came, not when it began
  EXPECT_EQ(told.to, state::open);
}

TEST(telemetry, of_a_transition_says_from_where_why_and_after_how_long) {
  breaker_rig rig{touchy()};
  rig.advance(3s);
  rig.fail();
  rig.fail("refused");
  const auto opened = rig.events().back();
  EXPECT_EQ(opened.from, state::closed);
  EXPECT_EQ(opened.to, state::open);
  EXPECT_EQ(opened.why, reason::consecutive_failures);
  EXPECT_EQ(opened.text, "2 failures in a row (threshold 2), last: refused");
  EXPECT_EQ(opened.time_in_state, 3s);
  EXPECT_EQ(opened.epoch, 2u);
  rig.advance(10s);
  const auto probing = rig.events().back();
  EXPECT_EQ(probing.from, state::open);
  EXPECT_EQ(probing.to, state::half_open);
  EXPECT_EQ(probing.why, reason::open_time_over);
  EXPECT_EQ(probing.time_in_state, 10s);
  EXPECT_EQ(probing.text, "");
}

TEST(telemetry, a_reply_precedes_the_transition_and_follows_the_calls_event) {
  breaker_rig rig{{.failure_threshold = 1}};
  const auto given = rig.acquire().value();
  const auto who = rig.ask(input::report{.of = given, .how = outcome::failure});
  ASSERT_EQ(rig.events().size(), 3u);
  EXPECT_EQ(rig.events()[1].kind, event_kind::call_failed);
  EXPECT_EQ(rig.events()[2].kind, event_kind::state_transition);
  EXPECT_EQ(rig.events_before(who), 2u);
}

// Metrics are made from events: what they add up to must be the totals.
TEST(telemetry, adds_up_to_the_totals) {
  auto cfg = touchy();
  cfg.probe_lease = 5s;
  breaker_rig rig{cfg};
  std::vector<permit> out;
  std::uint64_t seed = 1;
  const auto pick = [&](std::uint64_t below) {
    seed = seed * 6364136223846793005u + 1442695040888963407u;
    return (seed >> 33) % below;
  };
  for (int i = 0; i < 5000; ++i) {
    const auto what = pick(20);
    if (what < 8) {
      if (auto given = rig.acquire())
        out.push_back(*given);
    } else if (what < 16 && !out.empty()) {
      const auto which = pick(out.size());
      rig.report(out[which], static_cast<outcome>(pick(5)), 1ms);
      out.erase(out.begin() + static_cast<std::ptrdiff_t>(which));
    } else if (what == 16) {
      rig.advance(duration{1s} * pick(12));
    } else if (what == 17) {
      rig.tell(input::turned_away{pick(5)});
    } else if (what == 18) {
      rig.set_mode(static_cast<mode>(pick(5)));
    } else {
      rig.reset();
    }
  }
  std::map<event_kind, std::uint64_t> told;
  std::uint64_t timeouts = 0;
  for (const auto& each : rig.events()) {
    told[each.kind] += each.count;
    timeouts
      += each.how == outcome::timeout && each.kind != event_kind::call_late;
  }
  const auto s = rig.stats();
  EXPECT_EQ(told[event_kind::call_succeeded], s.total_successes);
  EXPECT_EQ(told[event_kind::call_failed], s.total_failures);
  EXPECT_EQ(told[event_kind::call_rejected], s.total_rejected);
  EXPECT_EQ(told[event_kind::call_ignored],
            s.total_ignored + s.total_cancelled);
  EXPECT_EQ(told[event_kind::call_late], s.total_late);
  EXPECT_EQ(timeouts, s.total_timeouts);
  EXPECT_GT(s.total_late, 0u);
  EXPECT_GT(s.total_rejected, 0u);
}

TEST(telemetry, without_anyone_listening_is_numbered_all_the_same) {
  breaker_machine rules;
  statem::virtual_driver<breaker_types> driver{
    rules, state::closed, breaker_data{std::make_shared<const config>(), 0}};
  driver.start();
  driver.cast(input::force_open{});
  driver.run();
  EXPECT_EQ(driver.machine().data().sequence, 2u);
}

} // namespace

} // namespace switchgear
