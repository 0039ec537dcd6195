/// Every recorded scenario, run here, gives the trace that Erlang/OTP gave.

#include <gtest/gtest.h>

#include <ostream>

#include "conformance/recordings.hpp"

namespace switchgear::conformance {

void PrintTo(const recording& x, std::ostream* out) {
  *out << x.name;
}

namespace {

std::string joined(const lines& xs) {
  std::string result;
  for (const auto& x : xs)
    result += "    " + x + '\n';
  return result;
}

class same_as_recorded : public testing::TestWithParam<recording> {
protected:
  template <class Run>
  void check(Run run, driver how) {
    const auto& [name, scenario, trace] = GetParam();
    ASSERT_FALSE(trace.empty());
    const auto actual = run(scenario, how);
    if (actual != trace)
      FAIL() << name << ":\n"
             << joined(scenario) << "gave\n"
             << difference(trace, actual);
  }
};

// One test suite a kind, instantiated for each file and driver of that kind.
#define SWITCHGEAR_SUITE(kind, how) \
  class kind##_##how : public same_as_recorded {}; \
  TEST_P(kind##_##how, trace) { \
    check(run_##kind, driver::how); \
  } \
  GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(kind##_##how)

SWITCHGEAR_SUITE(statem, virtual_time);
SWITCHGEAR_SUITE(statem, actor);
SWITCHGEAR_SUITE(breaker, virtual_time);
SWITCHGEAR_SUITE(breaker, actor);
SWITCHGEAR_SUITE(breaker, lane);
SWITCHGEAR_SUITE(sup, virtual_time);
SWITCHGEAR_SUITE(sup, actor);

#define SWITCHGEAR_RECORDED(set, kind) \
  INSTANTIATE_TEST_SUITE_P(set##_virtual, kind##_virtual_time, \
                           testing::ValuesIn(recordings(#set)), name_of); \
  INSTANTIATE_TEST_SUITE_P(set##_actor, kind##_actor, \
                           testing::ValuesIn(recordings(#set)), name_of)

std::string name_of(const testing::TestParamInfo<recording>& info) {
  return info.param.name;
}

SWITCHGEAR_RECORDED(statem_hand, statem);
SWITCHGEAR_RECORDED(statem_rand, statem);
SWITCHGEAR_RECORDED(statem_more, statem);
SWITCHGEAR_RECORDED(breaker_hand, breaker);
SWITCHGEAR_RECORDED(breaker_rand, breaker);
SWITCHGEAR_RECORDED(sup, sup);

INSTANTIATE_TEST_SUITE_P(breaker_hand_lane, breaker_lane,
                         testing::ValuesIn(recordings("breaker_hand")),
                         name_of);
INSTANTIATE_TEST_SUITE_P(breaker_rand_lane, breaker_lane,
                         testing::ValuesIn(recordings("breaker_rand")),
                         name_of);

} // namespace

} // namespace switchgear::conformance
