/// Many threads on one breaker whose actor is killed all the time: every call
/// is counted, once.

#include <gtest/gtest.h>

#include <atomic>
#include <cstdint>
#include <iostream>
#include <random>
#include <thread>
#include <vector>

#include "support/breaker_printing.hpp"
#include "support/breakers.hpp"

using namespace std::chrono_literals;

namespace switchgear::test {

namespace {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)              \
  || !defined(NDEBUG)
constexpr int share = 20;
#else
constexpr int share = 1;
#endif

constexpr int threads = 16;
constexpr int calls = 100'000 / share;

/// What the callers have seen.
struct tally {
  std::uint64_t successes = 0;
  std::uint64_t failures = 0;
  std::uint64_t ignored = 0;
  std::uint64_t cancelled = 0;
  std::uint64_t rejected = 0;

  void add(const tally& other) {
    successes += other.successes;
    failures += other.failures;
    ignored += other.ignored;
    cancelled += other.cancelled;
    rejected += other.rejected;
  }

  std::uint64_t all() const {
    return successes + failures + ignored + cancelled + rejected;
  }
};

class stress : public testing::Test {
public:
  static runtime_options options() {
    runtime_options result;
    result.restart_intensity = 1'000'000;
    return result;
  }

  /// One call that ends at random.
  static void call(breaker& db, std::uint_fast32_t dice, tally& mine) {
    const auto count = [&](const expected<void, failure>& got,
                           std::uint64_t& if_made) {
      if (!got && got.error().is_rejection())
        ++mine.rejected;
      else
        ++if_made;
    };
    if (dice < 880)
      count(db.call([] {}), mine.successes);
    else if (dice < 940)
      count(db.call(broken), mine.failures);
    else if (dice < 970)
      count(db.call([] { throw failure{errc::rate_limited}; }), mine.ignored);
    else
      count(db.acquire().map([](admission&&) {}), mine.cancelled);
  }

  runtime rt{options()};
};

TEST_F(stress, loses_nothing) {
  auto cfg = trips_after(3);
  cfg.open_timeout = 1ms;
  cfg.half_open_max_calls = 4;
  cfg.probe_lease = 1h;
  auto db = rt.breaker("db", cfg);
  std::atomic<bool> done{false};
  std::vector<tally> seen(threads);
  std::vector<std::thread> callers;
  const auto begin = clock::now();
  for (int i = 0; i < threads; ++i)
    callers.emplace_back([&, i] {
      std::minstd_rand random{static_cast<unsigned>(i + 1)};
      tally mine;
      for (int j = 0; j < calls; ++j) {
        const auto before = mine.rejected;
        call(db, random() % 1000, mine);
        // As a caller that knows when to come back; it would be turned away a
        // million times otherwise.
        if (mine.rejected > before)
          db.core()->await(state::closed, 1ms);
      }
      seen[static_cast<std::size_t>(i)] = mine;
    });
  std::uint64_t kills = 0;
  std::thread chaos{[&] {
    std::minstd_rand random{99};
    while (!done) {
      switch (random() % 4) {
        case 0:
          EXPECT_TRUE(db.reset());
          break;
        case 1:
          EXPECT_TRUE(rt.kill("db"));
          ++kills;
          break;
        default:
          EXPECT_TRUE(db.stats());
          break;
      }
      std::this_thread::yield();
    }
  }};
  for (auto& each : callers)
    each.join();
  const auto took = std::chrono::duration<double>{clock::now() - begin}.count();
  done = true;
  chaos.join();
  tally all;
  for (const auto& each : seen)
    all.add(each);
  EXPECT_EQ(all.all(), std::uint64_t{threads} * calls);
  const auto s = db.stats().value();
  EXPECT_EQ(s.total_successes, all.successes);
  EXPECT_EQ(s.total_failures, all.failures);
  EXPECT_EQ(s.total_ignored, all.ignored);
  EXPECT_EQ(s.total_cancelled, all.cancelled);
  EXPECT_EQ(s.total_rejected, all.rejected);
  EXPECT_GT(s.restarts, 0u);
  EXPECT_GT(s.trip_count, 0u);
  EXPECT_LT(took, 60.0);
  std::cout << all.all() << " calls in " << took << " s ("
            << static_cast<std::uint64_t>(static_cast<double>(all.all()) / took)
            << " a second), " << all.rejected << " rejected, " << s.total_late
            << " late, " << s.trip_count << " trips, " << s.restarts
            << " restarts of " << kills << " kills\n";
  // It works as before.
  ASSERT_TRUE(db.reset());
  EXPECT_EQ(db.call(fine), 7);
  EXPECT_EQ(db.stats()->probes_out, 0u);
}

} // namespace

} // namespace switchgear::test
