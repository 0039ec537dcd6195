/// Calls through the lane against the same calls as messages to the machine,
/// one at a time: whatever the order of calls, and whatever thread makes them,
/// both must know the same.

#include <gtest/gtest.h>

#include <chrono>
#include <map>
#include <random>
#include <string>

#include "support/breaker_printing.hpp"
#include "support/hands.hpp"
#include "support/manual_cell.hpp"

using namespace std::chrono_literals;

namespace switchgear {

namespace {

using test::manual_cell;

/// All of what a breaker knows that calls can change.
std::string knowledge(const manual_cell& where) {
  const auto& d = where.data();
  const auto in_window = d.recent.count(where.now);
  const auto& p = d.period;
  std::string result{to_string(where.current_state())};
  for (auto each : {d.epoch,
                    d.successes,
                    d.failures,
                    d.rejected,
                    d.ignored,
                    d.cancelled,
                    d.timeouts,
                    d.late,
                    d.would_reject,
                    d.trips,
                    d.recoveries,
                    p.requests,
                    p.total_successes,
                    p.total_failures,
                    p.consecutive_successes,
                    p.consecutive_failures,
                    in_window.calls,
                    in_window.failures,
                    in_window.slow,
                    std::uint64_t{d.probes.size()}})
    result += ' ' + std::to_string(each);
  return result + ' ' + d.recent.to_string() + ' ' + d.last_failure->text;
}

/// Calls as they are made in earnest: their owner acts only when it is woken.
class lane_side {
public:
  lane_side(const config& cfg, const time_point& now) : cell_(cfg) {
    cell_.now = now;
    cell_.prompt = true;
  }

  bool begin(int id) {
    const auto got = cell_.admit();
    if (got)
      calls_.emplace(id, *got);
    return got.has_value();
  }

  void end(int id, outcome how) {
    const auto call = calls_.at(id);
    calls_.erase(id);
    if (how == outcome::failure)
      cell_.fail(call, {errc::operation_failed, "refused"});
    else
      cell_.end(call, how);
  }

  manual_cell cell_;

private:
  std::map<int, cell::call> calls_;
};

/// The same calls, each told to the machine at once.
class message_side {
public:
  message_side(const config& cfg, const time_point& now) : cell_(cfg) {
    cell_.now = now;
  }

  bool begin(int id) {
    const auto got = cell_.admit();
    cell_.step();
    if (got)
      calls_.emplace(id, got->of);
    return got.has_value();
  }

  void end(int id, outcome how) {
    const auto of = calls_.at(id);
    calls_.erase(id);
    cell_.give(input::report{
      .of = of, .how = how, .error = how == outcome::failure ? "refused" : ""});
  }

  manual_cell cell_;

private:
  std::map<int, permit> calls_;
};

config random_config(std::minstd_rand& random) {
  const auto pick = [&](unsigned least, unsigned most) {
    return least + static_cast<unsigned>(random() % (most - least + 1));
  };
  config cfg;
  cfg.failure_threshold = pick(1, 6);
  cfg.window_size = pick(1, 12);
  cfg.failure_rate_threshold = pick(1, 10) / 10.0;
  cfg.minimum_calls = pick(0, cfg.window_size);
  cfg.open_timeout = 1s;
  cfg.half_open_max_calls = pick(1, 3);
  cfg.success_threshold = pick(1, 3);
  cfg.latency_sampling = 0;
  return cfg;
}

/// The same random life for both sides.
class life {
public:
  life(unsigned seed, test::hands& threads)
    : random_(seed),
      threads_(threads),
      cfg_(random_config(random_)),
      lane_(cfg_, now_),
      messages_(cfg_, now_) {
    // nop
  }

  void step() {
    const auto dice = random_() % 100;
    if (dice < 50)
      call(random_() % 100 < 60 ? outcome::success : outcome::failure);
    else if (dice < 60)
      begin();
    else if (dice < 75)
      end();
    else if (dice < 80)
      call(random_() % 2 == 0 ? outcome::ignored : outcome::cancelled);
    else if (dice < 84)
      pass(random_() % 2 == 0 ? 400ms : 1s);
    else if (dice < 86)
      give(input::reset{});
    else if (dice < 87)
      give(input::force_open{});
    else if (dice < 89)
      give(input::set_mode{static_cast<mode>(
        random_() % (static_cast<unsigned>(mode::metrics_only) + 1))});
    else if (dice < 91)
      give(input::set_mode{mode::automatic});
    // Else nothing, so that what has been counted is looked at.
    if (dice >= 80)
      compare();
  }

  void compare() {
    lane_.cell_.step();
    EXPECT_EQ(knowledge(lane_.cell_), knowledge(messages_.cell_));
  }

private:
  /// On whatever thread.
  template <class F>
  void somewhere(F f) {
    threads_.on(random_() % threads_.count(), f);
  }

  bool begin() {
    const auto id = ++last_id_;
    bool there = false;
    somewhere([&] { there = lane_.begin(id); });
    const bool here = messages_.begin(id);
    EXPECT_EQ(there, here);
    if (there)
      open_.push_back(id);
    return there;
  }

  void end(std::size_t which, outcome how) {
    const auto id = open_[which];
    open_.erase(open_.begin() + static_cast<std::ptrdiff_t>(which));
    somewhere([&] { lane_.end(id, how); });
    messages_.end(id, how);
    EXPECT_EQ(lane_.cell_.current_state(), messages_.cell_.current_state());
  }

  void end() {
    if (!open_.empty())
      end(random_() % open_.size(),
          random_() % 2 == 0 ? outcome::success : outcome::failure);
  }

  void call(outcome how) {
    if (begin())
      end(open_.size() - 1, how);
  }

  void pass(duration time) {
    lane_.cell_.step(); // as every owner does when a timer is due
    lane_.cell_.pass(time);
    messages_.cell_.pass(time);
  }

  void give(const breaker_types::message& what) {
    lane_.cell_.give(what);
    messages_.cell_.give(what);
  }

  std::minstd_rand random_;
  test::hands& threads_;
  time_point now_ = clock::now();
  config cfg_;
  lane_side lane_;
  message_side messages_;
  std::vector<int> open_;
  int last_id_ = 0;
};

TEST(lane_equivalence, of_calls_on_one_thread) {
  test::hands threads{1};
  for (unsigned seed = 1; seed <= 300 && !testing::Test::HasFailure(); ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    life both{seed, threads};
    for (int i = 0; i < 150 && !testing::Test::HasFailure(); ++i)
      both.step();
    both.compare();
  }
}

TEST(lane_equivalence, of_calls_on_several_threads) {
  test::hands threads{5};
  for (unsigned seed = 1001; seed <= 1200 && !testing::Test::HasFailure();
       ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    life both{seed, threads};
    for (int i = 0; i < 150 && !testing::Test::HasFailure(); ++i)
      both.step();
    both.compare();
  }
}

TEST(lane_equivalence, of_calls_on_more_threads_than_there_are_slots) {
  test::hands threads{detail::numbered_threads + 6};
  for (std::size_t i = 0; i < threads.count(); ++i)
    threads.on(i, [] { static_cast<void>(detail::this_thread_number()); });
  for (unsigned seed = 2001; seed <= 2050 && !testing::Test::HasFailure();
       ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    life both{seed, threads};
    for (int i = 0; i < 150 && !testing::Test::HasFailure(); ++i)
      both.step();
    both.compare();
  }
}

} // namespace

} // namespace switchgear
