/// The protocol of the published word and the counters of successes, in their
/// own code: callers, a failing caller who looks, and the owner, interleaved in
/// every way.

#include <gtest/gtest.h>

#include <array>
#include <cstdio>
#include <map>
#include <vector>

#include "support/interleavings.hpp"
#include "switchgear/breaker/gate.hpp"
#include "switchgear/breaker/tally.hpp"

namespace switchgear {

namespace {

using test::interleavings;
using tested_gate = basic_gate<test::stepped>;
using tested_tally = basic_tally<test::stepped>;
using tested_shared_tally = basic_shared_tally<test::stepped>;
using policy = tested_gate::policy;

constexpr std::size_t threads = 2;

/// A closed breaker with its callers and its owner, and books of what is true.
class world {
public:
  world() {
    shared_.begin_epoch(1);
  }

  // -- callers
  // ------------------------------------------------------------------

  /// A call that succeeds, on a thread with a slot of its own.
  void call(std::size_t thread) {
    const auto began_in = gate_.passes();
    if (began_in == 0)
      return;
    auto& own = own_[thread];
    if (own.add(began_in)) {
      succeeded(began_in);
      return;
    }
    // As `lane::enter_epoch` has it.
    if (gate_.epoch() != began_in) {
      told(began_in);
      return;
    }
    own.begin_epoch(began_in);
    EXPECT_TRUE(own.add(began_in));
    succeeded(began_in);
  }

  /// The same on a thread that has none.
  void call_shared() {
    const auto began_in = gate_.passes();
    if (began_in == 0)
      return;
    if (shared_.add(began_in))
      succeeded(began_in);
    else
      told(began_in);
  }

  /// A call that fails: how many successes of its epoch does it see?
  void fail() {
    const auto began_in = gate_.passes();
    if (began_in == 0)
      return;
    const auto done_before = done_[began_in];
    auto seen = shared_.of_epoch(began_in);
    for (const auto& each : own_)
      seen += each.of_epoch(began_in);
    EXPECT_LE(seen, done_[began_in]);
    // Else the failure is late anyway.
    EXPECT_TRUE(seen >= done_before || gate_.epoch() != began_in);
  }

  // -- the owner
  // ----------------------------------------------------------------

  void read() {
    auto sum = shared_.read(epoch_);
    for (auto& each : own_) {
      const auto got = each.read(epoch_);
      sum.fresh += got.fresh;
      sum.late += got.late;
    }
    fresh_[epoch_] += sum.fresh;
    counted_ += sum.fresh + sum.late;
    EXPECT_LE(fresh_[epoch_], done_[epoch_]);
  }

  /// Ends the epoch.
  void change(policy to = policy::pass) {
    ++epoch_;
    const auto rest = shared_.begin_epoch(epoch_);
    counted_ += rest;
    gate_.publish({.what = to, .epoch = epoch_});
  }

  /// Nothing runs any more.
  void expect_exact() {
    read();
    std::uint64_t all = 0;
    for (const auto& [epoch, n] : done_)
      all += n;
    EXPECT_EQ(counted_ + told_, all);
    // What was counted in an epoch began in it.
    for (const auto& [epoch, n] : fresh_)
      EXPECT_LE(n, done_[epoch]);
  }

private:
  // Not steps of their own: they happen with the step before.
  void succeeded(std::uint64_t epoch) {
    ++done_[epoch];
  }

  void told(std::uint64_t epoch) {
    ++told_;
    ++done_[epoch];
  }

  tested_gate gate_;
  std::array<tested_tally, threads> own_;
  tested_shared_tally shared_;
  std::uint64_t epoch_ = 1;
  // What is true: successes that have been counted or told, by the epoch in
  // which their call began; and what the owner has heard of.
  std::map<std::uint64_t, std::uint64_t> done_;
  std::map<std::uint64_t, std::uint64_t> fresh_;
  std::uint64_t counted_ = 0;
  std::uint64_t told_ = 0;
};

template <class... Tasks>
void expect_exact(Tasks... tasks) {
  interleavings all;
  while (all.next() && !testing::Test::HasFailure()) {
    world w;
    all.run({[&w, tasks] { tasks(w); }...});
    w.expect_exact();
  }
  std::printf("%zu interleavings\n", all.count());
}

constexpr auto two_calls = [](world& w) {
  w.call(0);
  w.call(0);
};

constexpr auto other_call = [](world& w) { w.call(1); };

TEST(tally_interleavings, while_the_owner_reads) {
  expect_exact(two_calls, other_call, [](world& w) {
    w.read();
    w.read();
  });
}

TEST(tally_interleavings, while_epochs_end) {
  expect_exact(two_calls, [](world& w) {
    w.read();
    w.change();
    w.read();
    w.change();
  });
}

TEST(tally_interleavings, while_it_opens_and_closes) {
  expect_exact(two_calls, [](world& w) {
    w.read();
    w.change(policy::reject);
    w.read();
    w.change();
    w.read();
  });
}

TEST(tally_interleavings, while_an_epoch_ends_and_two_threads_call) {
  expect_exact([](world& w) { w.call(0); }, other_call,
               [](world& w) {
                 w.read();
                 w.change();
               });
}

TEST(tally_interleavings, while_threads_share_a_slot) {
  expect_exact([](world& w) { w.call_shared(); },
               [](world& w) { w.call_shared(); },
               [](world& w) {
                 w.read();
                 w.change();
               });
}

TEST(tally_interleavings, while_a_failing_caller_looks) {
  expect_exact(
    two_calls, [](world& w) { w.fail(); },
    [](world& w) {
      w.read();
      w.change();
    });
}

TEST(tally_interleavings, while_a_failing_caller_looks_at_all_slots) {
  expect_exact([](world& w) { w.call(0); }, [](world& w) { w.call_shared(); },
               [](world& w) { w.fail(); });
}

} // namespace

} // namespace switchgear
