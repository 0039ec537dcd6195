/// Many callers and the owner at the same time, each on a thread of its own.
/// What adds up here does so because nothing is lost or done twice. Also to be
/// run under a thread sanitizer.

#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <map>
#include <random>
#include <thread>

#include "support/breaker_printing.hpp"
#include "support/cell_calls.hpp"
#include "support/threaded_cell.hpp"

using namespace std::chrono_literals;

namespace switchgear {

namespace {

using test::threaded_cell;

#if defined(__SANITIZE_THREAD__) || defined(__SANITIZE_ADDRESS__)
constexpr std::uint64_t calls_each = 1000;
#else
constexpr std::uint64_t calls_each = 2000;
#endif

constexpr unsigned threads = 4;

config busy() {
  return {.failure_threshold = 3,
          .window_size = 20,
          .slow_call_duration = 50ms,
          .open_timeout = 1ms,
          .half_open_max_calls = 2,
          .success_threshold = 2,
          .probe_lease = 24h};
}

/// Counts probes that are out; of one epoch there may never be too many.
class probe_watch {
public:
  explicit probe_watch(int limit) : limit_(limit) {
    // nop
  }

  void taken(const permit& of) {
    std::lock_guard guard{mutex_};
    exceeded_ = exceeded_ || ++out_[of.epoch] > limit_;
  }

  void ends(const permit& of) {
    std::lock_guard guard{mutex_};
    --out_[of.epoch];
  }

  bool exceeded() const {
    return exceeded_;
  }

private:
  int limit_;
  std::mutex mutex_;
  std::map<std::uint64_t, int> out_;
  bool exceeded_ = false;
};

/// What one thread has done.
struct books {
  std::uint64_t admitted = 0;
  std::uint64_t rejected = 0;
  std::array<std::uint64_t, 5> ended{}; // by outcome
  std::uint64_t last_epoch = 0;
  bool in_order = true;
};

class caller {
public:
  caller(threaded_cell& what, probe_watch& probes, unsigned seed,
         std::uint64_t calls)
    : cell_(what),
      probes_(probes),
      random_(seed),
      calls_(calls) {
    // nop
  }

  /// @param hold whether a call may take its time
  void run(bool hold) {
    std::vector<cell::call> held;
    while (done.admitted < calls_) {
      if (random_() % 1000 == 0)
        meddle();
      const auto given = test::admit(cell_);
      if (!given) {
        ++done.rejected;
        std::this_thread::yield();
      } else {
        ++done.admitted;
        // A thread sees epochs only pass, never come back.
        done.in_order = done.in_order && given->of.epoch >= done.last_epoch;
        done.last_epoch = given->of.epoch;
        if (given->of.is_probe())
          probes_.taken(given->of);
        held.push_back(*given);
      }
      while (held.size() > (hold ? random_() % 4 : 0))
        end(held);
    }
    while (!held.empty())
      end(held);
  }

  books done;

private:
  void meddle() {
    if (random_() % 2 == 0)
      cell_.tell(input::reset{});
    else
      cell_.tell(input::force_open{});
  }

  void end(std::vector<cell::call>& held) {
    const auto current = held.back();
    const auto& of = current.of;
    held.pop_back();
    if (of.is_probe())
      probes_.ends(of);
    static constexpr outcome among[]
      = {outcome::success, outcome::success, outcome::success,
         outcome::success, outcome::failure, outcome::failure,
         outcome::timeout, outcome::ignored, outcome::cancelled};
    const auto how = among[random_() % std::size(among)];
    ++done.ended[static_cast<std::size_t>(how)];
    // Plain successes as well in the thread's own slot as in the inbox.
    if (how == outcome::success && random_() % 2 == 0)
      cell_.succeed(current);
    else
      cell_.end(current, how, random_() % 64 == 0 ? 60ms : 1us);
  }

  threaded_cell& cell_;
  probe_watch& probes_;
  std::minstd_rand random_;
  std::uint64_t calls_;
};

// Runs callers against a cell and checks the books.
void expect_to_add_up(config cfg, bool hold, unsigned count = threads,
                      std::uint64_t calls = calls_each) {
  const auto limit = static_cast<int>(cfg.half_open_max_calls);
  threaded_cell tested{std::move(cfg)};
  probe_watch probes{limit};
  std::vector<std::unique_ptr<caller>> callers;
  std::vector<std::thread> running;
  for (unsigned i = 0; i < count; ++i) {
    callers.push_back(std::make_unique<caller>(tested, probes, i + 1, calls));
    running.emplace_back([c = callers.back().get(), hold] { c->run(hold); });
  }
  for (auto& each : running)
    each.join();
  tested.stop();

  books sum;
  for (const auto& each : callers) {
    sum.admitted += each->done.admitted;
    sum.rejected += each->done.rejected;
    for (std::size_t i = 0; i < sum.ended.size(); ++i)
      sum.ended[i] += each->done.ended[i];
    EXPECT_TRUE(each->done.in_order);
  }
  const auto& d = tested.data();
  EXPECT_FALSE(probes.exceeded());
  EXPECT_EQ(d.rejected, sum.rejected);
  EXPECT_EQ(d.successes + d.failures + d.ignored + d.cancelled, sum.admitted);
  EXPECT_GT(d.epoch, 20u); // it did move
  EXPECT_GT(d.late, 0u);
  const auto of
    = [&](outcome how) { return sum.ended[static_cast<std::size_t>(how)]; };
  // A lost probe is counted as failed, whatever comes of it in the end.
  if (d.cfg->probe_lease > 1min) {
    EXPECT_EQ(d.successes, of(outcome::success));
    EXPECT_EQ(d.failures, of(outcome::failure) + of(outcome::timeout));
    EXPECT_EQ(d.timeouts, of(outcome::timeout));
    EXPECT_EQ(d.ignored, of(outcome::ignored));
    EXPECT_EQ(d.cancelled, of(outcome::cancelled));
  }
}

TEST(cell_threads, nothing_is_lost_or_counted_twice) {
  expect_to_add_up(busy(), false);
}

TEST(cell_threads, nor_if_results_come_late) {
  expect_to_add_up(busy(), true);
}

TEST(cell_threads, nor_if_leases_end_meanwhile) {
  auto cfg = busy();
  cfg.probe_lease = 1ms;
  expect_to_add_up(cfg, true);
}

TEST(cell_threads, nor_with_more_threads_than_slots) {
  expect_to_add_up(busy(), true, detail::numbered_threads + 16,
                   calls_each / 10);
}

// A thread goes on counting where another one has ended.
TEST(cell_threads, nor_by_threads_that_come_and_go) {
  threaded_cell tested{{.failure_threshold = 1'000'000}};
  std::atomic<std::uint64_t> made{0};
  std::vector<std::thread> makers;
  for (unsigned i = 0; i < threads; ++i)
    makers.emplace_back([&] {
      for (int n = 0; n < 100; ++n)
        std::thread{[&] {
          for (int k = 0; k < 10; ++k) {
            tested.succeed(*test::admit(tested));
            ++made;
          }
        }}.join();
    });
  for (auto& each : makers)
    each.join();
  tested.stop();
  EXPECT_EQ(tested.data().successes, made);
  EXPECT_EQ(tested.data().late, 0u);
}

TEST(cell_threads, nor_with_a_single_probe) {
  auto cfg = busy();
  cfg.half_open_max_calls = 1;
  cfg.success_threshold = 1;
  expect_to_add_up(cfg, true);
}

// The caller whose failure trips the breaker sees it open with its next call.
TEST(cell_threads, who_trips_the_breaker_sees_it_open) {
  threaded_cell tested{{.failure_threshold = 3, .open_timeout = 1h}};
  for (int i = 0; i < 300; ++i) {
    for (int n = 0; n < 3; ++n) {
      const auto given = test::admit(tested);
      ASSERT_TRUE(given);
      tested.end(*given, outcome::failure, 1us, "broken");
    }
    EXPECT_EQ(tested.current_state(), state::open);
    ASSERT_FALSE(test::admit(tested));
    tested.tell(input::reset{});
    tested.on_owner([] {});
  }
}

TEST(cell_threads, who_closes_the_breaker_sees_it_closed) {
  threaded_cell tested{busy()};
  for (int i = 0; i < 100; ++i) {
    tested.tell(input::force_open{});
    tested.on_owner([] {});
    const auto deadline = clock::now() + 1min;
    for (int successes = 0; successes < 2;) {
      ASSERT_LT(clock::now(), deadline);
      if (const auto given = test::admit(tested)) {
        tested.end(*given, outcome::success, 1us);
        ++successes;
      }
    }
    EXPECT_EQ(tested.current_state(), state::closed);
  }
}

} // namespace

} // namespace switchgear
