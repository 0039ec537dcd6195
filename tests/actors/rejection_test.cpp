/// What it costs to be turned away.

#include <gtest/gtest.h>

#include "support/allocation_count.hpp"
#include "support/breaker_printing.hpp"
#include "support/breakers.hpp"

using namespace std::chrono_literals;

namespace switchgear::test {

namespace {

class rejection : public testing::Test {
public:
  /// How often this thread allocates while `f` runs a thousand times.
  template <class F>
  static std::size_t cost(F f) {
    f(); // what is needed once
    const auto before = allocations();
    for (int i = 0; i < 1000; ++i)
      f();
    return allocations() - before;
  }

  runtime rt;
  breaker db = rt.breaker("db", trips_after(1));
};

TEST_F(rejection, by_an_open_breaker_allocates_nothing) {
  ASSERT_TRUE(db.force_open());
  int rejected = 0;
  EXPECT_EQ(cost([&] {
              auto got = db.call([]() -> int { ADD_FAILURE(); return 0; });
              rejected += !got && got.error() == errc::circuit_open;
            }),
            0u);
  EXPECT_EQ(rejected, 1001);
  EXPECT_EQ(db.stats()->total_rejected, 1001u);
}

TEST_F(rejection, with_a_fallback_allocates_nothing) {
  ASSERT_TRUE(db.isolate());
  int sum = 0;
  EXPECT_EQ(cost([&] {
              sum += db.call(fine, [](const failure&) { return 1; });
            }),
            0u);
  EXPECT_EQ(sum, 1001);
}

TEST_F(rejection, of_a_permit_allocates_nothing) {
  ASSERT_TRUE(db.force_open());
  EXPECT_EQ(cost([&] { EXPECT_FALSE(db.acquire()); }), 0u);
}

TEST_F(rejection, when_all_probes_are_out_allocates_nothing) {
  auto probed = rt.breaker("probed", probes_at_once());
  EXPECT_FALSE(probed.call(broken));
  ASSERT_TRUE(eventually([&] { return probed.state() == state::half_open; }));
  auto probe = probed.acquire();
  ASSERT_TRUE(probe);
  int rejected = 0;
  EXPECT_EQ(cost([&] {
              rejected += probed.call(fine).error() == errc::too_many_probes;
            }),
            0u);
  EXPECT_EQ(rejected, 1001);
}

TEST_F(rejection, by_a_breaker_that_is_gone_allocates_nothing) {
  ASSERT_TRUE(rt.unregister_breaker("db"));
  int rejected = 0;
  EXPECT_EQ(cost([&] {
              rejected += db.call(fine).error() == errc::unavailable;
            }),
            0u);
  EXPECT_EQ(rejected, 1001);
}

TEST_F(rejection, says_when_to_come_back_and_that_shrinks) {
  ASSERT_TRUE(db.force_open());
  duration last = 60s + 1ns;
  for (int i = 0; i < 100; ++i) {
    const auto left = db.call(fine).error().retry_after();
    EXPECT_GT(left, duration::zero());
    EXPECT_LT(left, last);
    last = left + 1ns;
  }
}

} // namespace

} // namespace switchgear::test
