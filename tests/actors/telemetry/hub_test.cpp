/// Sinks and what may go wrong with them: nobody else may notice.

#include <gmock/gmock.h>

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <set>
#include <stdexcept>
#include <thread>

#include "support/breakers.hpp"
#include "support/eventually.hpp"
#include "switchgear/switchgear.hpp"
#include "switchgear/test_kit/events.hpp"

using namespace std::chrono_literals;

namespace switchgear::test {

namespace {

using namespace telemetry;
using ::testing::HasSubstr;

/// Does as it is told, and keeps what it got.
class actor_of_all_parts final : public sink {
public:
  struct part {
    std::mutex mutex;
    std::condition_variable changed;
    std::vector<event> got;
    std::vector<snapshot> reports;
    std::function<delivery(std::span<const event>)> play;
    int made = 0;
    int flushed = 0;
    bool held = false;

    void release() {
      {
        std::lock_guard guard{mutex};
        held = false;
      }
      changed.notify_all();
    }

    std::size_t size() {
      std::lock_guard guard{mutex};
      return got.size();
    }
  };

  explicit actor_of_all_parts(std::shared_ptr<part> which)
    : part_(std::move(which)) {
    std::lock_guard guard{part_->mutex};
    ++part_->made;
  }

  delivery deliver(std::span<const event> batch) override {
    auto result = part_->play ? part_->play(batch) : delivery::done();
    std::unique_lock guard{part_->mutex};
    part_->changed.wait(guard, [this] { return !part_->held; });
    if (result.what == delivery::verdict::delivered)
      part_->got.insert(part_->got.end(), batch.begin(), batch.end());
    return result;
  }

  delivery report(const snapshot& all) override {
    std::lock_guard guard{part_->mutex};
    part_->reports.push_back(all);
    return delivery::done();
  }

  void flush(time_point) override {
    std::lock_guard guard{part_->mutex};
    ++part_->flushed;
  }

private:
  std::shared_ptr<part> part_;
};

using part = actor_of_all_parts::part;

class telemetry_hub : public ::testing::Test {
public:
  std::shared_ptr<part> add(const std::string& name, sink_options options = {},
                            duration longest_pause = 4ms) {
    auto result = std::make_shared<part>();
    options.wants = interests::everything();
    options.shortest_pause = 1ms;
    options.longest_pause = longest_pause;
    const auto added = rt.telemetry().add(
      name, [result] { return std::make_unique<actor_of_all_parts>(result); },
      options);
    EXPECT_TRUE(added) << added.error().to_string();
    return result;
  }

  sink_health of(const std::string& name) {
    for (auto& each : rt.telemetry().health())
      if (each.name == name)
        return each;
    ADD_FAILURE() << "no sink " << name;
    return {};
  }

  void expect_balance(const std::string& name) {
    const auto h = of(name);
    EXPECT_EQ(h.offered, h.delivered + h.failed + h.dropped + h.queued);
  }

  /// How often a sink is to make trouble. Sinks are served until the runtime
  /// has ended, so what they refer to must outlive it.
  std::atomic<int> trouble{0};

  runtime rt;
};

TEST_F(telemetry_hub, gives_each_sink_all_that_it_wants) {
  const auto x = add("x");
  const auto y = add("y");
  auto db = rt.breaker("db");
  for (int i = 0; i < 100; ++i)
    EXPECT_TRUE(db.call(fine));
  ASSERT_TRUE(rt.telemetry().flush(patience));
  EXPECT_EQ(x->size(), 101u);
  EXPECT_EQ(y->size(), 101u);
  EXPECT_EQ(x->flushed, 1);
  EXPECT_EQ(of("x").delivered, 101u);
  expect_balance("x");
}

TEST_F(telemetry_hub, refuses_what_makes_no_sense) {
  add("x");
  auto& hub = rt.telemetry();
  EXPECT_EQ(hub.add("x", make_callback_sink([](auto) {})).error(),
            errc::already_exists);
  EXPECT_EQ(hub.add("", make_callback_sink([](auto) {})).error(),
            errc::invalid_config);
  EXPECT_EQ(hub.add("y", nullptr).error(), errc::invalid_config);
  const auto refused = hub.add("y", make_callback_sink([](auto) {}),
                               {.queue = 0, .batch = 100'000, .linger = -1s});
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().message(),
              AllOf(HasSubstr("queue = 0: must be 1 to 1000000"),
                    HasSubstr("batch = 100000: must be 1 to 65536"),
                    HasSubstr("linger = -1000 ms: must be 0 to 1 min")));
  EXPECT_EQ(hub.remove("nobody").error(), errc::not_found);
  EXPECT_EQ(hub.kill("nobody").error(), errc::not_found);
  rt.shutdown();
  EXPECT_EQ(hub.add("z", make_callback_sink([](auto) {})).error(),
            errc::unavailable);
}

TEST_F(telemetry_hub, of_a_removed_sink_hears_no_more) {
  const auto x = add("x");
  auto db = rt.breaker("db");
  EXPECT_TRUE(db.call(fine));
  ASSERT_TRUE(rt.telemetry().remove("x"));
  EXPECT_EQ(x->size(), 2u); // what was told before is delivered
  EXPECT_FALSE(db.call(broken));
  ASSERT_TRUE(rt.telemetry().flush(patience));
  EXPECT_EQ(x->size(), 2u);
  add("x"); // the name is free
}

TEST_F(telemetry_hub, makes_a_sink_that_throws_anew) {
  const auto bad = add("bad");
  const auto good = add("good");
  trouble = 3;
  bad->play = [this](auto) -> delivery {
    if (trouble-- > 0)
      throw std::runtime_error{"no such table"};
    return delivery::done();
  };
  auto db = rt.breaker("db");
  ASSERT_TRUE(eventually([&] {
    EXPECT_TRUE(db.call(fine));
    return of("bad").restarts == 3;
  }));
  ASSERT_TRUE(rt.telemetry().flush(patience));
  EXPECT_EQ(bad->made, 4);
  EXPECT_EQ(of("bad").last_error, "std::runtime_error: no such table");
  EXPECT_GE(of("bad").failed, 3u);
  expect_balance("bad");
  EXPECT_EQ(good->size(), 1 + db.stats()->total_successes);
  EXPECT_EQ(of("good").restarts, 0u);
  rt.shutdown(); // the sink refers to what ends here
}

TEST_F(telemetry_hub, survives_a_factory_that_throws) {
  std::atomic<int> attempts{0};
  ASSERT_TRUE(rt.telemetry().add("late",
                                 [&]() -> std::unique_ptr<sink> {
                                   if (++attempts < 3)
                                     throw std::runtime_error{"not yet"};
                                   return std::make_unique<actor_of_all_parts>(
                                     std::make_shared<part>());
                                 },
                                 {.wants = interests::everything(),
                                  .shortest_pause = 1ms,
                                  .longest_pause = 1ms}));
  auto db = rt.breaker("db");
  ASSERT_TRUE(eventually([&] {
    EXPECT_TRUE(db.call(fine));
    return of("late").delivered > 0;
  }));
  EXPECT_EQ(attempts, 3);
  rt.shutdown(); // the sink refers to what ends here
}

TEST_F(telemetry_hub, gives_what_could_not_be_delivered_again) {
  const auto x = add("x");
  trouble = 5;
  x->play = [this](auto) {
    return trouble-- > 0 ? delivery::later("the collector is down")
                         : delivery::done();
  };
  auto db = rt.breaker("db");
  EXPECT_TRUE(db.call(fine));
  ASSERT_TRUE(rt.telemetry().flush(patience));
  EXPECT_EQ(x->size(), 2u);
  EXPECT_EQ(of("x").failed, 0u);
  EXPECT_EQ(of("x").failures_in_a_row, 0u);
  EXPECT_EQ(of("x").last_error, "the collector is down");
  expect_balance("x");
  rt.shutdown(); // the sink refers to what ends here
}

TEST_F(telemetry_hub, tries_soon_again_while_somebody_waits_for_a_flush) {
  struct counts {
    std::atomic<int> failures = 0;
    std::atomic<int> wanted = 1'000'000;
  };
  const auto x = add("x", {}, 1h);
  const auto n = std::make_shared<counts>();
  x->play = [n](auto) {
    return n->failures++ < n->wanted ? delivery::later("not yet")
                                     : delivery::done();
  };
  auto db = rt.breaker("db");
  EXPECT_TRUE(db.call(fine));
  ASSERT_TRUE(eventually([&] { return n->failures > 8; }));
  // With pauses that went on as they have become this would take minutes.
  n->wanted = n->failures + 10;
  EXPECT_TRUE(rt.telemetry().flush(patience));
  EXPECT_EQ(of("x").queued, 0u);
  expect_balance("x");
}

TEST_F(telemetry_hub, gives_up_on_what_never_can_be_delivered) {
  const auto x = add("x");
  trouble = 1;
  x->play = [this](auto) {
    return trouble-- > 0 ? delivery::no("bad request") : delivery::done();
  };
  auto db = rt.breaker("db");
  EXPECT_TRUE(db.call(fine));
  ASSERT_TRUE(rt.telemetry().flush(patience));
  EXPECT_FALSE(db.call(broken));
  ASSERT_TRUE(rt.telemetry().flush(patience));
  EXPECT_GE(of("x").failed, 1u);
  EXPECT_GE(x->size(), 1u);
  expect_balance("x");
  rt.shutdown(); // the sink refers to what ends here
}

TEST_F(telemetry_hub, of_a_killed_actor_has_another_one) {
  const auto x = add("x");
  auto db = rt.breaker("db");
  std::uint64_t kills = 0;
  for (; kills < 20; ++kills) {
    EXPECT_TRUE(db.call(fine));
    ASSERT_TRUE(rt.telemetry().kill("x"));
    ASSERT_TRUE(eventually([&] { return of("x").restarts == kills + 1; }));
  }
  ASSERT_TRUE(rt.telemetry().flush(patience));
  EXPECT_EQ(x->size(), 1 + kills);
  expect_balance("x");
}

// A sink that hangs: calls, breakers and other sinks go on. What it cannot
// take is dropped, the oldest successes first, and counted.
TEST_F(telemetry_hub, is_not_held_up_by_a_sink_that_hangs) {
  const auto stuck = add("stuck", {.queue = 10, .batch = 1});
  const auto other = add("other");
  stuck->held = true;
  auto cfg = trips_after(2);
  cfg.open_timeout = 1h;
  auto db = rt.breaker("db", cfg);
  for (int i = 0; i < 50; ++i)
    EXPECT_TRUE(db.call(fine));
  EXPECT_FALSE(db.call(broken));
  EXPECT_FALSE(db.call(broken));
  ASSERT_TRUE(eventually([&] {
    static_cast<void>(db.stats());
    return other->size() == 1 + 50 + 2 + 1;
  }));
  EXPECT_FALSE(rt.telemetry().flush(10ms));
  expect_balance("stuck");
  EXPECT_GE(of("stuck").dropped, 40u);
  stuck->release();
  ASSERT_TRUE(rt.telemetry().flush(patience));
  expect_balance("stuck");
  EXPECT_EQ(of("stuck").queued, 0u);
  // What came last came through, in its order.
  const auto n = stuck->got.size();
  ASSERT_GE(n, 3u);
  EXPECT_EQ(stuck->got[n - 3].kind, event_kind::call_failed);
  EXPECT_EQ(stuck->got[n - 2].kind, event_kind::call_failed);
  EXPECT_EQ(stuck->got[n - 1].kind, event_kind::state_transition);
}

TEST_F(telemetry_hub, reports_numbers_now_and_then_and_at_a_flush) {
  const auto x = add("x", {.report_interval = 1ms});
  auto db = rt.breaker("db");
  EXPECT_TRUE(db.call(fine));
  ASSERT_TRUE(eventually([&] {
    std::lock_guard guard{x->mutex};
    return x->reports.size() > 2;
  }));
  const auto y = add("y", {.report_interval = 1h});
  EXPECT_TRUE(db.call(fine));
  ASSERT_TRUE(rt.telemetry().flush(patience));
  ASSERT_EQ(y->reports.size(), 1u);
  ASSERT_EQ(y->reports[0].breakers.size(), 1u);
  EXPECT_EQ(y->reports[0].breakers[0].total_successes, 2u);
  EXPECT_EQ(y->reports[0].sinks.size(), 3u); // with the log
}

// Nothing that happened until the end is missing: the last numbers are those
// before breakers ended, the last events those of their end.
TEST(telemetry_end, delivers_all) {
  auto x = std::make_shared<part>();
  {
    runtime rt;
    ASSERT_TRUE(rt.telemetry().add(
      "x", [x] { return std::make_unique<actor_of_all_parts>(x); },
      {.wants = interests::everything(), .report_interval = 1h}));
    auto db = rt.breaker("db");
    for (int i = 0; i < 100; ++i)
      EXPECT_TRUE(db.call(fine));
  }
  ASSERT_EQ(x->got.size(), 102u);
  EXPECT_EQ(x->got.back().kind, event_kind::breaker_terminated);
  ASSERT_EQ(x->reports.size(), 1u);
  EXPECT_EQ(x->reports[0].breakers.at(0).total_successes, 100u);
  EXPECT_GE(x->flushed, 1);
}

TEST(telemetry_end, waits_no_longer_than_allowed_for_a_sink_that_hangs) {
  auto x = std::make_shared<part>();
  x->held = true;
  const auto took = time_of([&] {
    runtime rt{{.shutdown_grace = 50ms}};
    ASSERT_TRUE(rt.telemetry().add(
      "x", [x] { return std::make_unique<actor_of_all_parts>(x); },
      {.wants = interests::everything()}));
    auto db = rt.breaker("db");
    EXPECT_TRUE(db.call(fine));
    static_cast<void>(db.stats());
  });
  EXPECT_LT(took, patience);
  x->release();
  ASSERT_TRUE(eventually([&] { return x.use_count() == 1; }));
}

// -- other sinks --------------------------------------------------------------

TEST_F(telemetry_hub, calls_back) {
  std::mutex mutex;
  std::set<std::string> names;
  ASSERT_TRUE(rt.telemetry().add("f", make_callback_sink([&](auto batch) {
                                   std::lock_guard guard{mutex};
                                   for (const auto& each : batch)
                                     names.insert(each.breaker);
                                 })));
  rt.breaker("x");
  rt.breaker("y");
  ASSERT_TRUE(rt.telemetry().flush(patience));
  rt.shutdown(); // the sink refers to what ends here
  EXPECT_EQ(names, (std::set<std::string>{"x", "y"}));
}

// -- overflow -----------------------------------------------------------------

// Eight threads make calls as fast as they can while one sink takes hardly
// anything: transitions are complete and in order, and each event is either
// delivered or counted as dropped.
TEST_F(telemetry_hub, counts_each_event_when_it_overflows) {
  const auto slow = add("slow", {.queue = 64, .batch = 8});
  slow->play = [](auto) {
    std::this_thread::yield();
    return delivery::done();
  };
  auto cfg = trips_after(1);
  cfg.open_timeout = 1ms;
  cfg.success_threshold = 1;
  auto db = rt.breaker("db", cfg);
  std::atomic<bool> done{false};
  std::vector<std::thread> threads;
  for (int t = 0; t < 8; ++t)
    threads.emplace_back([&] {
      while (!done)
        static_cast<void>(db.call(fine));
    });
  for (int trips = 0; trips < 20; ++trips) {
    ASSERT_TRUE(db.await(state::closed, patience));
    ASSERT_TRUE(eventually([&] {
      static_cast<void>(db.call(broken));
      return db.stats()->trip_count > static_cast<std::uint64_t>(trips);
    }));
  }
  done = true;
  for (auto& each : threads)
    each.join();
  ASSERT_TRUE(db.isolate()); // all comes to rest
  ASSERT_TRUE(rt.telemetry().flush(patience));
  const auto s = *db.stats();
  const auto h = of("slow");
  EXPECT_EQ(h.queued, 0u);
  EXPECT_EQ(h.offered, h.delivered + h.dropped);
  EXPECT_EQ(h.delivered, slow->got.size());
  EXPECT_GT(h.dropped + s.events_dropped, 0u);
  std::uint64_t last = 0;
  std::uint64_t transitions = 0;
  auto now_in = state::closed;
  for (const auto& each : slow->got) {
    EXPECT_GT(each.sequence, last);
    last = each.sequence;
    if (each.kind == event_kind::state_transition) {
      EXPECT_EQ(each.from, now_in);
      now_in = each.to;
      ++transitions;
    }
  }
  std::uint64_t changes = 0;
  for (const auto& each : s.transition_counts)
    changes += each.count;
  EXPECT_EQ(transitions, changes);
  EXPECT_GT(transitions, 1u);
  // All that was emitted: what the sink was offered, and what was lost before.
  EXPECT_EQ(h.offered + s.events_dropped, last);
}

} // namespace

} // namespace switchgear::test
