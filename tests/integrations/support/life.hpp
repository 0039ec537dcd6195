#pragma once

#include <gtest/gtest.h>

#include <chrono>

#include "support/breakers.hpp"

/// What the tests of a tool's life have in common, from its failure to its
/// recovery. `call` makes one call.
namespace switchgear::test {

/// Trips after two failures in a row; the test says when it may probe.
inline config probes_when_told() {
  auto cfg = trips_after(2);
  cfg.open_timeout = std::chrono::hours{1};
  cfg.probe_lease = std::chrono::hours{1};
  cfg.success_threshold = 2;
  return cfg;
}

/// Nothing reaches the tool while the breaker is open.
/// @param activity what the tool has seen so far
template <class Call, class Activity>
void expect_silence(const breaker& of, Call call, Activity activity) {
  ASSERT_EQ(of.state(), state::open);
  const auto before = activity();
  for (int i = 0; i < 100; ++i)
    EXPECT_EQ(call().error(), errc::circuit_open);
  EXPECT_EQ(activity(), before);
}

/// The open time is over: probes find out that all is well again.
template <class Call>
void expect_recovery(const breaker& of, Call call) {
  auto soon = probes_when_told();
  soon.open_timeout = std::chrono::milliseconds{1};
  ASSERT_TRUE(of.reconfigure(soon));
  ASSERT_TRUE(of.reset());
  ASSERT_TRUE(of.force_open());
  ASSERT_TRUE(eventually([&] { return call().has_value(); }));
  ASSERT_TRUE(call());
  EXPECT_EQ(of.state(), state::closed);
}

} // namespace switchgear::test
