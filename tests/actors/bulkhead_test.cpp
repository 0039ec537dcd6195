/// Call messages when all threads are busy.

#include <gtest/gtest.h>

#include <utility>
#include <vector>

#include <caf/scoped_actor.hpp>

#include "support/breaker_printing.hpp"
#include "support/breakers.hpp"
#include "support/hold.hpp"
#include "support/request.hpp"
#include "switchgear/actor.hpp"

using namespace std::chrono_literals;

namespace switchgear::test {

namespace {

class bulkhead : public testing::Test {
public:
  bulkhead() {
    for (int i = 0; i < 3; ++i) // two run, one waits
      stuck.push_back(actor::ask(self, slow.actor(), duration{patience}, call_v,
                                 task{[door = tool.door()] { (*door)(); }}));
    EXPECT_TRUE(tool.await_arrivals(2));
    EXPECT_TRUE(slow.stats()); // the third has been passed on, too
  }

  ~bulkhead() override {
    release();
  }

  /// Lets the calls end, and takes their answers.
  void release() {
    tool.release();
    for (auto& each : stuck)
      std::move(each).receive(
        [] {}, [](const caf::error& why) { FAIL() << to_string(why); });
    stuck.clear();
  }

  /// A call that would be over at once.
  expected<int, caf::error> call(const breaker& of) {
    return request<int>(rt.system(), of.actor(), call_v, task{fine});
  }

  static runtime_options options() {
    runtime_options result;
    result.workers = 2;
    result.queue = 1;
    return result;
  }

  hold tool;
  runtime rt{options()};
  breaker slow = rt.breaker("slow", trips_after(1));
  caf::scoped_actor self{rt.system()};
  std::vector<decltype(actor::ask(self, caf::actor{}, duration{}, call_v,
                                  task{}))>
    stuck;
};

TEST_F(bulkhead, answers_at_once_when_it_is_full) {
  auto db = rt.breaker("db", trips_after(1));
  for (int i = 0; i < 20; ++i) {
    const auto got = call(db);
    ASSERT_FALSE(got);
    EXPECT_EQ(got.error(), errc::bulkhead_full);
  }
  // It says nothing about the tool.
  EXPECT_EQ(db.state(), state::closed);
  EXPECT_EQ(db.stats()->total_failures, 0u);
  EXPECT_EQ(db.stats()->total_cancelled, 20u);
}

TEST_F(bulkhead, gives_a_probes_permit_back) {
  auto db = rt.breaker("db", probes_at_once(1));
  EXPECT_FALSE(db.call(broken));
  ASSERT_TRUE(eventually([&] { return db.state() == state::half_open; }));
  for (int i = 0; i < 20; ++i)
    EXPECT_EQ(call(db).error(), errc::bulkhead_full);
  EXPECT_EQ(db.stats()->probes_out, 0u);
  EXPECT_TRUE(db.call(fine));
}

TEST_F(bulkhead, does_not_hinder_calls_on_the_callers_thread) {
  EXPECT_EQ(slow.call(fine), 7);
  EXPECT_TRUE(slow.stats());
}

TEST_F(bulkhead, lets_calls_in_again_when_there_is_room) {
  release();
  EXPECT_EQ(call(slow), 7);
  EXPECT_EQ(slow.stats()->total_successes, 4u);
}

} // namespace

} // namespace switchgear::test
