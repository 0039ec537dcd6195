/// Functions of the user's that are told of changes.

#include <gmock/gmock.h>

#include <atomic>
#include <mutex>
#include <stdexcept>
#include <string>
#include <tuple>
#include <vector>

#include "support/breaker_printing.hpp"
#include "support/breakers.hpp"
#include "support/hold.hpp"

using namespace std::chrono_literals;

namespace switchgear::test {

namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Pair;

/// What listeners have been told, from whatever thread.
template <class T>
class notes {
public:
  void add(T x) {
    std::lock_guard guard{mutex_};
    list_.push_back(std::move(x));
  }

  std::vector<T> all() const {
    std::lock_guard guard{mutex_};
    return list_;
  }

  bool reach(std::size_t count) const {
    return eventually([&] { return all().size() >= count; });
  }

private:
  mutable std::mutex mutex_;
  std::vector<T> list_;
};

class listeners : public testing::Test {
public:
  breaker with(hooks user, const config& cfg = trips_after(1)) {
    return rt.breaker("db", cfg, std::move(user));
  }

  notes<std::pair<state, state>> changes;
  notes<std::pair<alert_level, std::string>> alerts;
  runtime rt;
};

TEST_F(listeners, are_told_of_each_change_in_order) {
  hooks user;
  user.on_state_change = [&](std::string_view name, state from, state to) {
    EXPECT_EQ(name, "db");
    changes.add({from, to});
  };
  auto cfg = probes_at_once();
  cfg.success_threshold = 1;
  auto db = with(std::move(user), cfg);
  EXPECT_FALSE(db.call(broken));
  ASSERT_TRUE(eventually([&] { return db.state() == state::half_open; }));
  EXPECT_TRUE(db.call(fine));
  EXPECT_EQ(db.state(), state::closed);
  ASSERT_TRUE(changes.reach(3));
  EXPECT_THAT(changes.all(),
              ElementsAre(Pair(state::closed, state::open),
                          Pair(state::open, state::half_open),
                          Pair(state::half_open, state::closed)));
}

TEST_F(listeners, are_alerted_with_a_text_for_people) {
  hooks user;
  user.on_alert = [&](std::string_view name, alert_level level,
                      const std::string& text) {
    EXPECT_EQ(name, "db");
    alerts.add({level, text});
  };
  auto cfg = probes_at_once();
  cfg.success_threshold = 1;
  auto db = with(std::move(user), cfg);
  EXPECT_FALSE(db.call(broken));
  ASSERT_TRUE(eventually([&] { return db.state() == state::half_open; }));
  EXPECT_TRUE(db.call(fine));
  ASSERT_TRUE(alerts.reach(3));
  const auto told = alerts.all();
  EXPECT_EQ(told[0].first, alert_level::critical);
  EXPECT_THAT(told[0].second, HasSubstr("breaker db is open: "));
  EXPECT_THAT(told[0].second, HasSubstr("1 failure"));
  EXPECT_THAT(told[0].second, HasSubstr("std::runtime_error: broken"));
  EXPECT_EQ(told[1],
            std::pair(alert_level::warning,
                      std::string{"breaker db is half_open: open_time_over"}));
  EXPECT_EQ(told[2],
            std::pair(alert_level::healthy,
                      std::string{"breaker db is closed: recovered"}));
}

TEST_F(listeners, that_throw_harm_nobody) {
  hooks user;
  user.on_state_change = [&](std::string_view, state from, state to) {
    changes.add({from, to});
    throw std::logic_error{"mine"};
  };
  user.on_alert = [&](std::string_view, alert_level level,
                      const std::string& text) {
    alerts.add({level, text});
    throw 42;
  };
  auto db = with(std::move(user));
  for (std::size_t i = 1; i <= 3; ++i) {
    EXPECT_FALSE(db.call(broken));
    EXPECT_EQ(db.state(), state::open);
    ASSERT_TRUE(db.reset());
    EXPECT_TRUE(changes.reach(2 * i));
    EXPECT_TRUE(alerts.reach(2 * i));
  }
  EXPECT_EQ(db.stats()->restarts, 0u);
}

TEST_F(listeners, may_call_the_breaker) {
  // Those of other libraries deadlock here.
  breaker* self = nullptr;
  std::atomic<int> told{0};
  hooks user;
  user.on_state_change = [&](std::string_view, state, state to) {
    if (to == state::open) {
      EXPECT_EQ(self->call(fine).error(), errc::circuit_open);
      EXPECT_EQ(self->stats()->state, state::open);
      EXPECT_TRUE(self->reset());
      EXPECT_TRUE(self->call(fine));
    }
    ++told;
  };
  auto db = with(std::move(user));
  self = &db;
  EXPECT_FALSE(db.call(broken));
  EXPECT_TRUE(eventually([&] { return told == 2; }));
  EXPECT_EQ(db.state(), state::closed);
}

TEST_F(listeners, may_change_the_state_that_they_are_told_of) {
  breaker* self = nullptr;
  std::atomic<int> told{0};
  hooks user;
  user.on_state_change = [&](std::string_view, state, state to) {
    // From within a change, over and over.
    if (++told <= 40) {
      EXPECT_TRUE(to == state::open ? self->reset() : self->force_open());
    }
  };
  auto db = with(std::move(user));
  self = &db;
  EXPECT_FALSE(db.call(broken));
  EXPECT_TRUE(eventually([&] { return told == 41; }));
}

TEST_F(listeners, whose_call_awaits_another_hook_do_not_hang) {
  // The failure waits for `ready_to_trip`, which waits for this listener.
  breaker* self = nullptr;
  std::atomic<bool> told{false};
  hooks user;
  user.ready_to_trip = [](const counts&) { return true; };
  user.on_state_change = [&](std::string_view, state, state to) {
    if (to == state::closed) {
      EXPECT_LT(shortest_time_of([&] { EXPECT_FALSE(self->call(broken)); }),
                500ms);
      told = true;
    }
  };
  auto db = with(std::move(user));
  self = &db;
  ASSERT_TRUE(db.force_open());
  ASSERT_TRUE(db.reset());
  ASSERT_TRUE(eventually([&] { return told.load(); }));
  EXPECT_TRUE(eventually([&] { return db.state() == state::open; }));
}

TEST_F(listeners, that_hang_do_not_stop_the_breaker) {
  hold stuck;
  hooks user;
  user.on_state_change
    = [door = stuck.door()](std::string_view, state, state) { (*door)(); };
  auto db = with(std::move(user));
  EXPECT_FALSE(db.call(broken));
  ASSERT_TRUE(stuck.await_arrivals(1));
  EXPECT_EQ(db.call(fine).error(), errc::circuit_open);
  ASSERT_TRUE(db.reset());
  EXPECT_TRUE(db.call(fine));
  EXPECT_FALSE(db.call(broken));
  EXPECT_EQ(db.state(), state::open);
  // One that hangs does not take the others' threads.
  auto other = rt.breaker("other", trips_after(1), [&] {
    hooks of_other;
    of_other.on_state_change = [&](std::string_view, state from, state to) {
      changes.add({from, to});
    };
    return of_other;
  }());
  EXPECT_FALSE(other.call(broken));
  EXPECT_TRUE(changes.reach(1));
  stuck.release();
}

TEST_F(listeners, that_are_too_slow_miss_events_which_are_counted) {
  hold stuck;
  hooks user;
  user.on_state_change
    = [door = stuck.door()](std::string_view, state, state) { (*door)(); };
  auto db = with(std::move(user));
  for (int i = 0; i < 800; ++i) {
    ASSERT_TRUE(db.force_open());
    ASSERT_TRUE(db.reset());
  }
  EXPECT_GT(db.stats()->events_dropped, 0u);
  EXPECT_LT(db.stats()->events_dropped, 1600u);
  stuck.release();
}

} // namespace

} // namespace switchgear::test
