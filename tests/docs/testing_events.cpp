// A test of what a breaker does to a program, by the events that it tells.

#include "switchgear/switchgear.hpp"
#include "switchgear/test_kit/events.hpp"

#include <gmock/gmock.h>

#include <stdexcept>

using namespace switchgear;
using namespace switchgear::test_kit;

namespace {

int query(bool up) {
  return up ? 42 : throw std::runtime_error{"connection refused"};
}

TEST(database, is_left_alone_after_two_failures) {
  runtime rt;
  event_recorder told{rt};
  auto db = rt.breaker("database", {.failure_threshold = 2});
  for (bool up : {true, false, false, true, true})
    db.call([=] { return query(up); });
  EXPECT_EVENTS(told, "database", initialized(), succeeded(),
                failed("connection refused"), failed("connection refused"),
                transition(state::closed, state::open), rejected(2));
}

} // namespace
