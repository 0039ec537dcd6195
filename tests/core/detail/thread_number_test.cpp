#include "switchgear/detail/thread_number.hpp"

#include <gtest/gtest.h>

#include <condition_variable>
#include <mutex>
#include <set>
#include <thread>
#include <vector>

namespace switchgear::detail {

namespace {

/// Threads that have asked for their numbers and stay.
class crowd {
public:
  explicit crowd(std::size_t size) {
    for (std::size_t i = 0; i < size; ++i)
      threads_.emplace_back([this] { stay(); });
    std::unique_lock guard{mutex_};
    changed_.wait(guard, [&] { return numbers.size() == size; });
  }

  ~crowd() {
    {
      std::lock_guard guard{mutex_};
      done_ = true;
    }
    changed_.notify_all();
    for (auto& each : threads_)
      each.join();
  }

  std::multiset<std::uint32_t> numbers;

private:
  void stay() {
    const auto mine = this_thread_number();
    std::unique_lock guard{mutex_};
    EXPECT_EQ(this_thread_number(), mine);
    numbers.insert(mine);
    changed_.notify_all();
    changed_.wait(guard, [this] { return done_; });
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  bool done_ = false;
  std::vector<std::thread> threads_;
};

TEST(thread_number, is_of_one_thread_alone) {
  const auto mine = this_thread_number();
  ASSERT_LT(mine, numbered_threads);
  EXPECT_EQ(this_thread_number(), mine);
  const crowd others{20};
  EXPECT_FALSE(others.numbers.contains(mine));
  for (auto each : others.numbers) {
    EXPECT_LT(each, numbered_threads);
    EXPECT_EQ(others.numbers.count(each), 1u);
  }
}

TEST(thread_number, is_given_out_again) {
  const auto mine = this_thread_number();
  ASSERT_LT(mine, numbered_threads);
  for (int round = 0; round < 200; ++round) {
    std::thread{[] {
      EXPECT_LT(this_thread_number(), numbered_threads);
    }}.join();
  }
  EXPECT_EQ(this_thread_number(), mine);
}

TEST(thread_number, runs_out_and_comes_back) {
  static_cast<void>(this_thread_number());
  {
    const crowd all{numbered_threads + 10};
    EXPECT_GE(all.numbers.count(numbered_threads), 10u);
    std::thread{[] {
      EXPECT_EQ(this_thread_number(), numbered_threads);
    }}.join();
  }
  std::thread{[] { EXPECT_LT(this_thread_number(), numbered_threads); }}.join();
}

/// Makes a call when its thread ends, after the number has been given back.
struct late_user {
  ~late_user() {
    *seen = this_thread_number();
  }

  std::uint32_t* seen;
};

TEST(thread_number, is_not_used_by_a_thread_that_is_leaving) {
  std::uint32_t seen = 0;
  std::thread{[&] {
    // Made before the number, so it goes after it.
    thread_local late_user user{&seen};
    EXPECT_LT(this_thread_number(), numbered_threads);
  }}.join();
  EXPECT_EQ(seen, numbered_threads);
}

} // namespace

} // namespace switchgear::detail
