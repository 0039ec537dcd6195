/// Every order in which things can happen to a small breaker, until nothing new
/// comes up; what must always hold is checked after every single step.

#include <gtest/gtest.h>

#include <cstdio>

#include "support/breaker_explorer.hpp"
#include "support/breaker_printing.hpp"

using namespace std::chrono_literals;

namespace switchgear {

namespace {

using test::breaker_rig;
using test::breaker_world;
using test::exploration;
using test::move;

constexpr auto tick = 1s;

config small() {
  return {.failure_threshold = 2,
          .window_size = 2,
          .failure_rate_threshold = 1.0,
          .open_timeout = 2 * tick,
          .half_open_max_calls = 2,
          .success_threshold = 2,
          .probe_lease = 3 * tick};
}

// What a late result may not touch.
struct standing {
  state now_in;
  std::uint64_t epoch;
  counts period;
  std::string window;
  std::size_t probes;

  explicit standing(breaker_rig& rig)
    : now_in(rig.now_in()),
      epoch(rig.data().epoch),
      period(rig.data().period),
      window(rig.data().recent.to_string()),
      probes(rig.data().probes.size()) {
    // nop
  }

  friend bool operator==(const standing&, const standing&) = default;
};

class explorer : public testing::Test {
protected:
  std::vector<config> cfgs{small()};
  breaker_rig::hooked by{false, false};
  std::size_t most_out = 3;
  std::size_t unfold_to = 0;
  std::vector<move> moves;

  void add(
    std::string name, std::function<void(breaker_world&)> make,
    std::function<bool(breaker_world&)> possible
    = [](breaker_world&) { return true; }) {
    moves.push_back({std::move(name), std::move(possible), std::move(make)});
  }

  void add_calls(std::initializer_list<outcome> outcomes) {
    add(
      "acquire",
      [](breaker_world& w) {
        const auto rejected = w.rig.data().rejected;
        w.acquire();
        EXPECT_TRUE(w.rig.data().mode != mode::metrics_only
                    || w.rig.data().rejected == rejected);
      },
      [this](breaker_world& w) { return w.out.size() < most_out; });
    for (std::size_t i = 0; i < most_out; ++i)
      for (auto how : outcomes)
        add(
          std::string{to_string(how)} + ' ' + std::to_string(i),
          [=](breaker_world& w) {
            const bool late = w.out[i].of.epoch != w.rig.data().epoch;
            const standing before{w.rig};
            w.report(i, how);
            if (late && before != standing{w.rig})
              ADD_FAILURE() << "a late result moved something";
          },
          [=](breaker_world& w) {
            return i < w.out.size() && w.open_questions() < 2;
          });
    add("tick", [](breaker_world& w) { w.pass(tick); });
  }

  void add_hands() {
    add("reset", [](breaker_world& w) { w.rig.reset(); });
    add("force_open", [](breaker_world& w) { w.rig.force_open(); });
  }

  exploration run() {
    std::uint32_t most_probes = 0;
    for (const auto& each : cfgs)
      most_probes = std::max(most_probes, each.half_open_max_calls);
    const auto result = test::explore(
      [&] {
        return breaker_world{cfgs, by};
      },
      moves, unfold_to,
      [&](breaker_world& w, const auto& way) {
        expect_sound(w, most_probes);
        return fine(way);
      },
      [&](breaker_world& w, const auto& way) {
        expect_recovery(w);
        fine(way);
      });
    std::printf("explored %zu situations, %zu steps, depth %zu\n",
                result.situations, result.steps, result.depth);
    return result;
  }

  static void expect_all_edges(const exploration& seen) {
    std::set<std::pair<state, state>> declared;
    for (const auto& each : breaker_machine::edges())
      declared.emplace(each.from, each.to);
    EXPECT_EQ(seen.edges, declared);
  }

private:
  bool fine(const std::vector<std::uint8_t>& way) {
    if (!HasFailure())
      return true;
    std::string text;
    for (auto each : way)
      text += moves[each].name + ", ";
    ADD_FAILURE() << "after " << text;
    return false;
  }

  static void expect_sound(breaker_world& w, std::size_t most_probes) {
    auto& rig = w.rig;
    const auto& d = rig.data();
    // It is alive: the engine ends machines that take undeclared edges.
    EXPECT_FALSE(rig.machine().terminated());
    // Probes.
    EXPECT_LE(d.probes.size(), most_probes);
    EXPECT_TRUE(d.probes.empty() || rig.now_in() == state::half_open);
    // Each permit is counted once; nothing is lost, nothing counted twice.
    EXPECT_EQ(w.asked, w.admitted + d.rejected);
    EXPECT_EQ(w.ended, d.successes + d.failures + d.ignored + d.cancelled);
    EXPECT_EQ(w.ended, d.classified->outcomes.total());
    // Timers run exactly where they have something to do.
    EXPECT_EQ(rig.state_timer_runs(),
              rig.now_in() == state::open && d.mode != mode::isolated);
    EXPECT_EQ(rig.lease_timer_runs(), !d.probes.empty());
    // Modes that hold a state hold it.
    EXPECT_TRUE(d.mode != mode::isolated || rig.now_in() == state::open);
    EXPECT_TRUE((d.mode != mode::forced_closed && d.mode != mode::disabled)
                || rig.now_in() == state::closed);
    // Who asks gets an answer, unless the user's function still owes one.
    for (auto who : w.reporters)
      EXPECT_TRUE(w.open_questions() > 0 || rig.answered(who));
    // Events are numbered without a gap.
    EXPECT_EQ(rig.events().size(), d.sequence);
    EXPECT_EQ(rig.events().back().sequence, d.sequence);
  }

  // If the tool works from now on, the breaker closes, whatever became of the
  // calls that are still out.
  static void expect_recovery(breaker_world& w) {
    auto& rig = w.rig;
    if (rig.data().mode == mode::isolated)
      return;
    for (int i = 0; i < 20 && rig.now_in() != state::closed; ++i) {
      rig.ok();
      rig.advance(tick);
    }
    EXPECT_EQ(rig.now_in(), state::closed);
  }
};

TEST_F(explorer, calls_and_hands) {
  most_out = 5;
  cfgs[0].half_open_max_calls = 3;
  cfgs[0].success_threshold = 3;
  add_calls({outcome::success, outcome::failure, outcome::cancelled});
  add_hands();
  expect_all_edges(run());
}

TEST_F(explorer, rates) {
  cfgs[0].failure_threshold = 5;
  cfgs[0].window_size = 5;
  cfgs[0].failure_rate_threshold = 0.6;
  cfgs[0].half_open_max_calls = 1;
  add_calls({outcome::success, outcome::failure});
  add_hands();
  expect_all_edges(run());
}

TEST_F(explorer, modes) {
  add_calls({outcome::success, outcome::failure});
  add_hands();
  for (auto to : {mode::automatic, mode::isolated, mode::forced_closed,
                  mode::disabled, mode::metrics_only})
    add(std::string{to_string(to)},
        [=](breaker_world& w) { w.rig.set_mode(to); });
  expect_all_edges(run());
}

TEST_F(explorer, changes_of_configuration) {
  cfgs.push_back({.failure_threshold = 1,
                  .window_size = 3,
                  .open_timeout = 1 * tick,
                  .half_open_max_calls = 1,
                  .success_threshold = 1,
                  .probe_lease = 1 * tick});
  add_calls({outcome::success, outcome::failure});
  add_hands();
  for (std::size_t i : {0, 1})
    add("configuration " + std::to_string(i),
        [=](breaker_world& w) { w.reconfigure(i); });
  expect_all_edges(run());
}

// Permits are taken at the gate as long as it shows half-open; that may be a
// little longer than it is.
TEST_F(explorer, probes_taken_at_the_gate) {
  add_calls({outcome::success, outcome::failure, outcome::ignored});
  add_hands();
  moves.erase(moves.begin()); // acquire
  add(
    "pass", [](breaker_world& w) { w.acquire(); },
    [this](breaker_world& w) {
      return w.rig.now_in() == state::closed && w.out.size() < most_out;
    });
  add(
    "take", [](breaker_world& w) { w.take_at_gate(w.rig.data().epoch); },
    [this](breaker_world& w) {
      return w.rig.now_in() == state::half_open && w.out.size() < most_out
             && w.rig.data().probes.size() < w.cfg().half_open_max_calls;
    });
  add(
    "take late",
    [](breaker_world& w) { w.take_at_gate(w.rig.data().epoch - 1); },
    [this](breaker_world& w) {
      return w.rig.now_in() != state::half_open && w.rig.data().epoch > 1
             && w.out.size() < most_out;
    });
  expect_all_edges(run());
}

TEST_F(explorer, verdicts) {
  by.ready_to_trip = true;
  add_calls({outcome::success, outcome::failure});
  add_hands();
  const auto asked = [](breaker_world& w) { return w.open_questions() > 0; };
  add(
    "trip", [](breaker_world& w) { w.answer(true); }, asked);
  add(
    "do not trip", [](breaker_world& w) { w.answer(false); }, asked);
  add(
    "threw", [](breaker_world& w) { w.answer(std::nullopt); }, asked);
  expect_all_edges(run());
}

// The same without a notion of what makes two situations the same.
TEST_F(explorer, every_path_up_to_a_length) {
  unfold_to = 7;
  most_out = 2;
  add_calls({outcome::success, outcome::failure});
  add_hands();
  expect_all_edges(run());
}

} // namespace

} // namespace switchgear
