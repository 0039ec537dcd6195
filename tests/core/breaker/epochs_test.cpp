/// A result of an earlier epoch is counted once and moves nothing.

#include <gtest/gtest.h>

#include "support/breaker_printing.hpp"
#include "support/breaker_rig.hpp"

using namespace std::chrono_literals;

namespace switchgear {

namespace {

using test::breaker_rig;

config touchy() {
  return {.failure_threshold = 1, .open_timeout = 10s, .success_threshold = 1};
}

// What a result that counts for nothing leaves as it was.
struct standing {
  state now_in;
  std::uint64_t epoch;
  counts period;
  std::string window;
  std::uint64_t probes_out;
  std::uint64_t probes_ended;
  bool state_timer;
  bool lease_timer;

  explicit standing(breaker_rig& rig)
    : now_in(rig.now_in()),
      epoch(rig.data().epoch),
      period(rig.data().period),
      window(rig.stats().window),
      probes_out(rig.stats().probes_out),
      probes_ended(rig.data().probes_ended),
      state_timer(rig.state_timer_runs()),
      lease_timer(rig.lease_timer_runs()) {
    // nop
  }

  friend bool operator==(const standing&, const standing&) = default;
};

constexpr outcome all_outcomes[]
  = {outcome::success, outcome::failure, outcome::timeout, outcome::ignored,
     outcome::cancelled};

// Ways to get on, each with a call out that began before.
struct journey {
  const char* name;
  void (*go)(breaker_rig&);
};

constexpr journey from_closed[] = {
  {"to open", [](breaker_rig& rig) { rig.fail(); }},
  {"to half_open", [](breaker_rig& rig) { rig.half_open(); }},
  {"to half_open with a probe out",
   [](breaker_rig& rig) { rig.half_open().acquire(); }},
  {"to closed again", [](breaker_rig& rig) { rig.half_open().ok(); }},
  {"to closed by reset", [](breaker_rig& rig) { rig.reset(); }},
  {"to isolated", [](breaker_rig& rig) { rig.set_mode(mode::isolated); }},
};

constexpr journey from_half_open[] = {
  {"to open", [](breaker_rig& rig) { rig.fail(); }},
  {"to open by hand", [](breaker_rig& rig) { rig.force_open(); }},
  {"to half_open again",
   [](breaker_rig& rig) {
     rig.fail();
     rig.half_open();
   }},
  {"to half_open again with a probe out",
   [](breaker_rig& rig) {
     rig.fail();
     rig.half_open().acquire();
   }},
  {"to closed", [](breaker_rig& rig) { rig.ok(); }},
  {"to closed by reset", [](breaker_rig& rig) { rig.reset(); }},
};

void expect_late_and_counted(breaker_rig& rig, const permit& given,
                             outcome how) {
  const standing before{rig};
  const auto old = rig.stats();
  rig.report(given, how);
  EXPECT_EQ(standing{rig}, before);
  const auto s = rig.stats();
  EXPECT_EQ(s.total_late, old.total_late + 1);
  EXPECT_EQ(s.total_successes, old.total_successes + (how == outcome::success));
  EXPECT_EQ(s.total_failures, old.total_failures + (how == outcome::failure)
                                + (how == outcome::timeout));
  EXPECT_EQ(s.total_timeouts, old.total_timeouts + (how == outcome::timeout));
  EXPECT_EQ(s.total_ignored, old.total_ignored + (how == outcome::ignored));
  EXPECT_EQ(s.total_cancelled,
            old.total_cancelled + (how == outcome::cancelled));
  EXPECT_EQ(rig.events().back().kind, event_kind::call_late);
}

TEST(epochs, a_call_begun_in_closed_moves_nothing_later) {
  for (const auto& [name, go] : from_closed) {
    for (auto how : all_outcomes) {
      SCOPED_TRACE(std::string{name} + ' ' + std::string{to_string(how)});
      breaker_rig rig{touchy()};
      const auto given = rig.acquire().value();
      go(rig);
      expect_late_and_counted(rig, given, how);
    }
  }
}

TEST(epochs, a_probe_moves_nothing_later) {
  for (const auto& [name, go] : from_half_open) {
    for (auto how : all_outcomes) {
      SCOPED_TRACE(std::string{name} + ' ' + std::string{to_string(how)});
      breaker_rig rig{touchy()};
      const auto given = rig.half_open().acquire().value();
      go(rig);
      expect_late_and_counted(rig, given, how);
    }
  }
}

TEST(epochs, every_state_entry_begins_one) {
  breaker_rig rig{touchy()};
  EXPECT_EQ(rig.data().epoch, 1u);
  rig.trip();
  EXPECT_EQ(rig.data().epoch, 2u);
  rig.half_open();
  EXPECT_EQ(rig.data().epoch, 3u);
  rig.ok();
  EXPECT_EQ(rig.data().epoch, 4u);
  rig.reset();
  EXPECT_EQ(rig.data().epoch, 5u);
}

// -- each permit ends once ----------------------------------------------------

// Reports once more, which must change nothing but the count of late ones.
void expect_no_effect(breaker_rig& rig, const permit& given) {
  for (auto how : all_outcomes) {
    const standing before{rig};
    auto old = rig.stats();
    rig.report(given, how);
    EXPECT_EQ(standing{rig}, before);
    auto s = rig.stats();
    old.total_late = s.total_late = 0;
    EXPECT_EQ(s, old);
  }
}

TEST(epochs, a_probe_that_reports_twice_counts_once) {
  for (auto how : {outcome::success, outcome::ignored, outcome::cancelled}) {
    auto cfg = touchy();
    cfg.success_threshold = 9;
    breaker_rig rig{cfg};
    const auto given = rig.half_open().acquire().value();
    rig.acquire(); // stays out
    rig.report(given, how);
    expect_no_effect(rig, given);
    EXPECT_EQ(rig.stats().total_late, 0u);
  }
}

TEST(epochs, a_probe_that_reports_again_in_a_later_epoch_counts_once) {
  for (auto how : {outcome::success, outcome::failure}) {
    breaker_rig rig{touchy()};
    const auto given = rig.half_open().acquire().value();
    rig.report(given, how);
    expect_no_effect(rig, given);
  }
}

TEST(epochs, a_late_probe_that_reports_twice_counts_once) {
  breaker_rig rig{touchy()};
  const auto given = rig.half_open().acquire().value();
  rig.reset();
  rig.report(given);
  expect_no_effect(rig, given);
}

TEST(epochs, a_lost_probe_that_returns_after_all_counts_once) {
  breaker_rig rig{touchy()};
  const auto given = rig.half_open().acquire().value();
  rig.advance(10s);
  ASSERT_EQ(rig.data().why, reason::probe_lost);
  expect_no_effect(rig, given);
  EXPECT_EQ(rig.stats().total_late, 5u);
  EXPECT_EQ(rig.last(event_kind::call_late)->how, outcome::cancelled);
}

TEST(epochs, the_memory_for_abandoned_probes_is_bounded) {
  auto cfg = touchy();
  cfg.half_open_max_calls = 2;
  breaker_rig rig{cfg};
  const auto first = rig.half_open().acquire().value();
  for (int i = 0; i < 2000; ++i) {
    rig.half_open().acquire();
    rig.force_open();
  }
  EXPECT_LE(rig.data().abandoned.size(), 1024u);
  expect_no_effect(rig, first); // forgotten: better not at all than twice
}

// -- forgeries ----------------------------------------------------------------

TEST(epochs, a_permit_of_an_epoch_to_come_moves_nothing) {
  for (auto prepare :
       {+[](breaker_rig&) {}, +[](breaker_rig& rig) { rig.trip(); },
        +[](breaker_rig& rig) { rig.half_open().acquire(); }}) {
    for (auto how : all_outcomes) {
      breaker_rig rig{touchy()};
      prepare(rig);
      const permit forged{rig.data().epoch + 1, 0};
      expect_late_and_counted(rig, forged, how);
      const standing before{rig};
      rig.report({rig.data().epoch + 1, 1}, how);
      EXPECT_EQ(standing{rig}, before);
    }
  }
}

TEST(epochs, a_lease_that_was_never_given_moves_nothing) {
  for (auto prepare : {+[](breaker_rig& rig) { rig.trip(); },
                       +[](breaker_rig& rig) { rig.half_open().acquire(); }}) {
    breaker_rig rig{touchy()};
    prepare(rig);
    expect_no_effect(rig, {rig.data().epoch, 99});
    expect_no_effect(rig, {rig.data().epoch - 1, 99});
  }
}

TEST(epochs, half_open_does_not_judge_calls_without_a_lease) {
  breaker_rig rig{touchy()};
  rig.half_open();
  const standing before{rig};
  rig.report({rig.data().epoch, 0}, outcome::success);
  rig.report({rig.data().epoch, 0}, outcome::failure);
  EXPECT_EQ(standing{rig}, before);
}

} // namespace

} // namespace switchgear
