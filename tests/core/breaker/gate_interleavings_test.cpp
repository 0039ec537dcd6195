/// The gate's own code, with callers and the owner interleaved in every way.

#include <gtest/gtest.h>

#include <cstdio>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <vector>

#include "support/interleavings.hpp"
#include "switchgear/breaker/gate.hpp"

namespace switchgear {

namespace {

using test::interleavings;
using tested_gate = basic_gate<test::stepped>;
using policy = tested_gate::policy;
using answer = tested_gate::answer;

/// A gate with its callers and its owner, and books of what is true.
class world {
public:
  explicit world(std::uint32_t limit) : limit_(limit) {
    publish();
  }

  // -- callers ----------------------------------------------------------------

  void call() {
    const auto got = gate_.admit();
    if (got.what == answer::probe) {
      count(got.given, 1);
      tell({got.given, false});
      count(got.given, -1);
      tell({got.given, true});
    }
    admissions_.push_back(got); // looked at in the end, in whatever order
  }

  // -- the owner --------------------------------------------------------------

  /// Hears what callers have said, changes the state if told to, publishes.
  void step(std::optional<policy> to = std::nullopt) {
    interleavings::step(&told_);
    for (const auto& [of, ended] : std::exchange(told_, {})) {
      if (of.epoch != view_.epoch)
        continue;
      known_ += !ended;
      view_.probes_ended += ended;
      EXPECT_LE(view_.probes_ended, known_);
    }
    if (to) {
      ++view_.epoch;
      view_.what = *to;
      view_.probes_ended = 0;
      known_ = 0;
    }
    publish();
  }

  /// Nothing runs any more: what the gate shows must be what is true.
  void expect_settled() {
    step();
    std::set<std::uint64_t> leases;
    for (const auto& each : admissions_) {
      const auto epoch = each.given.epoch;
      if (each.what == answer::probe) {
        EXPECT_EQ(published_[epoch], policy::probe);
        EXPECT_TRUE(leases.insert(each.given.lease).second);
      } else if (each.what == answer::pass) {
        EXPECT_EQ(published_[epoch], policy::pass);
      }
    }
    if (view_.what != policy::probe)
      return;
    for (auto n = limit_; n > 0; --n) // nobody's probe is out
      EXPECT_EQ(gate_.admit().what, answer::probe);
    EXPECT_EQ(gate_.admit().what, answer::no_probe_left);
  }

private:
  struct news {
    permit of;
    bool ended;
  };

  void tell(news what) {
    interleavings::step(&told_);
    told_.push_back(what);
  }

  void count(const permit& of, int by) {
    interleavings::step(&out_);
    EXPECT_LE(out_[of.epoch] += by, static_cast<int>(limit_));
  }

  void publish() {
    view_.probes_allowed = limit_;
    published_[view_.epoch] = view_.what;
    gate_.publish(view_);
  }

  std::uint32_t limit_;
  tested_gate gate_;
  tested_gate::view view_{.what = policy::probe, .epoch = 5};
  std::uint64_t known_ = 0; // probes of this epoch that the owner has heard of
  std::deque<news> told_;
  // What is true.
  std::map<std::uint64_t, policy> published_;
  std::map<std::uint64_t, int> out_;
  std::vector<tested_gate::admission> admissions_;
};

template <class... Tasks>
void expect_sound(std::uint32_t limit, Tasks... tasks) {
  interleavings all;
  while (all.next() && !testing::Test::HasFailure()) {
    world w{limit};
    all.run({[&w, tasks] { tasks(w); }...});
    w.expect_settled();
  }
  std::printf("%zu interleavings\n", all.count());
}

constexpr auto one_call = [](world& w) { w.call(); };
constexpr auto two_calls = [](world& w) {
  w.call();
  w.call();
};

TEST(gate_interleavings, callers_compete_for_one_probe) {
  expect_sound(1, one_call, one_call, [](world& w) { w.step(); });
}

TEST(gate_interleavings, probes_come_back_while_others_are_taken) {
  expect_sound(2, two_calls, one_call, [](world& w) { w.step(); });
}

TEST(gate_interleavings, the_state_changes_under_a_callers_hands) {
  expect_sound(1, one_call, one_call, [](world& w) { w.step(policy::reject); });
}

TEST(gate_interleavings,
     probes_of_an_earlier_attempt_do_not_count_in_the_next) {
  expect_sound(
    1, one_call,
    [](world& w) {
      w.step(policy::reject);
      w.step(policy::probe);
      w.step();
    },
    one_call);
}

TEST(gate_interleavings, closing_and_tripping_again) {
  expect_sound(1, two_calls, [](world& w) {
    w.step(policy::pass);
    w.step(policy::reject);
    w.step(policy::probe);
  });
}

} // namespace

} // namespace switchgear
