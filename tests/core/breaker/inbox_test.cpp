#include "switchgear/breaker/inbox.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <stdexcept>
#include <thread>
#include <vector>

using namespace std::chrono_literals;

namespace switchgear {

namespace {

// A numbered message.
breaker_types::message numbered(std::uint64_t n) {
  return input::turned_away{n};
}

std::uint64_t number_of(const breaker_types::message& x) {
  return std::get<input::turned_away>(x).count;
}

constexpr auto never = [] { return false; };

constexpr auto no_result
  = [](const input::report&, std::shared_ptr<judgement>&&) { FAIL(); };

/// Takes all there is as an owner does.
template <class F, class Predicate = decltype(never)>
void consume(inbox& from, F take, Predicate enough = never) {
  from.look();
  from.gather();
  from.consume(no_result, take, enough);
}

std::vector<std::uint64_t> take(inbox& from) {
  std::vector<std::uint64_t> result;
  consume(from, [&](breaker_types::message&& x, std::shared_ptr<judgement>&&) {
    result.push_back(number_of(x));
  });
  return result;
}

TEST(inbox, gives_the_oldest_first) {
  inbox tested;
  for (std::uint64_t i = 0; i < 5; ++i)
    tested.push(numbered(i));
  EXPECT_EQ(tested.size(), 5u);
  EXPECT_EQ(take(tested), (std::vector<std::uint64_t>{0, 1, 2, 3, 4}));
  EXPECT_EQ(tested.size(), 0u);
  EXPECT_TRUE(take(tested).empty());
}

TEST(inbox, says_when_the_owner_must_be_woken) {
  inbox tested;
  EXPECT_TRUE(tested.push(numbered(0)));
  EXPECT_FALSE(tested.push(numbered(1)));
  take(tested);
  EXPECT_TRUE(tested.push(numbered(2)));
}

TEST(inbox, hands_over_who_waits) {
  inbox tested;
  auto awaited = std::make_shared<judgement>();
  tested.push(numbered(0), awaited);
  tested.push(numbered(1));
  std::vector<std::shared_ptr<judgement>> got;
  consume(tested,
          [&](breaker_types::message&&, std::shared_ptr<judgement>&& x) {
            got.push_back(std::move(x));
          });
  ASSERT_EQ(got.size(), 2u);
  EXPECT_EQ(got[0], awaited);
  EXPECT_EQ(got[1], nullptr);
}

TEST(inbox, keeps_what_a_consumer_that_throws_has_not_seen) {
  inbox tested;
  for (std::uint64_t i = 0; i < 4; ++i)
    tested.push(numbered(i));
  std::vector<std::uint64_t> seen;
  const auto fail_at_two
    = [&](breaker_types::message&& x, std::shared_ptr<judgement>&&) {
        seen.push_back(number_of(x));
        if (seen.back() == 1 || seen.back() == 2)
          throw std::runtime_error{"fault"};
      };
  EXPECT_THROW(consume(tested, fail_at_two), std::runtime_error);
  tested.push(numbered(4)); // meanwhile
  EXPECT_THROW(consume(tested, fail_at_two), std::runtime_error);
  tested.push(numbered(5));
  for (auto n : take(tested))
    seen.push_back(n);
  EXPECT_EQ(seen, (std::vector<std::uint64_t>{0, 1, 2, 3, 4, 5}));
}

TEST(inbox, keeps_what_is_more_than_enough) {
  inbox tested;
  for (std::uint64_t i = 0; i < 4; ++i)
    tested.push(numbered(i));
  std::uint64_t seen = 0;
  const auto one
    = [&](breaker_types::message&& x, std::shared_ptr<judgement>&&) {
        EXPECT_EQ(number_of(x), seen++);
      };
  for (std::uint64_t n = 1; n <= 4; ++n) {
    consume(tested, one, [&] { return seen == n; });
    EXPECT_EQ(seen, n);
  }
}

TEST(inbox, drops_what_is_left_with_itself) {
  auto awaited = std::make_shared<judgement>();
  {
    inbox tested;
    for (std::uint64_t i = 0; i < 3; ++i)
      tested.push(numbered(i), awaited);
    EXPECT_THROW(consume(tested,
                         [](breaker_types::message&&,
                            std::shared_ptr<judgement>&&) { throw 1; }),
                 int);
    tested.push(numbered(3), awaited);
  }
  EXPECT_EQ(awaited.use_count(), 1);
}

// Threads push while the owner, woken only when it must be, takes; now and then
// its consumer throws.
TEST(inbox, loses_and_reorders_nothing_under_load) {
  constexpr std::uint64_t threads = 4;
  constexpr std::uint64_t each = 5000;
  inbox tested;
  std::mutex mutex;
  std::condition_variable changed;
  bool woken = false;
  const auto wake = [&] {
    {
      std::lock_guard guard{mutex};
      woken = true;
    }
    changed.notify_one();
  };
  std::vector<std::thread> pushing;
  for (std::uint64_t t = 0; t < threads; ++t)
    pushing.emplace_back([&, t] {
      for (std::uint64_t i = 0; i < each; ++i)
        if (tested.push(numbered(t * each + i)))
          wake();
    });
  std::vector<std::uint64_t> next(threads, 0);
  std::uint64_t taken = 0;
  bool in_order = true;
  while (taken < threads * each) {
    {
      std::unique_lock guard{mutex};
      ASSERT_TRUE(changed.wait_for(guard, 60s, [&] { return woken; }))
        << "nobody woke the owner after " << taken;
      woken = false;
    }
    for (bool failed = true; std::exchange(failed, false);) {
      try {
        consume(tested, [&](breaker_types::message&& x,
                            std::shared_ptr<judgement>&&) {
          const auto n = number_of(x);
          in_order = in_order && next[n / each]++ == n % each;
          if (++taken % 97 == 0)
            throw std::runtime_error{"fault"};
        });
      } catch (const std::runtime_error&) {
        failed = true; // the next owner looks by itself
      }
    }
  }
  for (auto& thread : pushing)
    thread.join();
  EXPECT_TRUE(in_order);
  EXPECT_EQ(tested.size(), 0u);
}

// -- judgement ----------------------------------------------------------------

TEST(judgement, is_waited_for_no_longer_than_allowed) {
  judgement tested;
  EXPECT_FALSE(tested.wait_for(0s));
  EXPECT_FALSE(tested.wait_for(1ms));
  tested.reached();
  EXPECT_TRUE(tested.wait_for(0s));
}

TEST(judgement, lets_another_thread_go_on) {
  judgement tested;
  std::thread other{[&] { tested.reached(); }};
  EXPECT_TRUE(tested.wait_for(60s));
  other.join();
}

} // namespace

} // namespace switchgear
