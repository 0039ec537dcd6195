#include "switchgear/executor.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <latch>
#include <memory>
#include <numeric>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include <pthread.h>

#include "support/eventually.hpp"
#include "support/hold.hpp"

using namespace std::chrono_literals;

namespace switchgear::test {

namespace {

std::string name_of_this_thread() {
  char name[16] = {};
  pthread_getname_np(pthread_self(), name, sizeof(name));
  return name;
}

/// Submits `count` jobs that hang, and waits until they run.
void occupy(executor& with, hold& by, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i)
    ASSERT_TRUE(with.submit([door = by.door()] { (*door)(); }));
  ASSERT_TRUE(by.await_arrivals(count));
}

TEST(executor, runs_what_is_submitted) {
  executor pool{"test", 2, 100};
  std::latch done{50};
  for (int i = 0; i < 50; ++i)
    ASSERT_TRUE(pool.submit([&] { done.count_down(); }));
  EXPECT_TRUE(eventually([&] { return done.try_wait(); }));
}

TEST(executor, runs_as_many_at_a_time_as_it_has_threads) {
  hold tool;
  executor pool{"test", 3, 10};
  occupy(pool, tool, 3);
  std::atomic<bool> fourth{false};
  ASSERT_TRUE(pool.submit([&] { fourth = true; }));
  EXPECT_EQ(pool.current_load().running, 3u);
  EXPECT_EQ(pool.current_load().waiting, 1u);
  EXPECT_FALSE(fourth);
  tool.release();
  EXPECT_TRUE(eventually([&] { return fourth.load(); }));
}

TEST(executor, refuses_what_is_beyond_its_queue_and_counts_it) {
  hold tool;
  executor pool{"test", 2, 3};
  occupy(pool, tool, 2);
  std::atomic<int> ran{0};
  for (int i = 0; i < 3; ++i)
    EXPECT_TRUE(pool.submit([&] { ++ran; }));
  for (int i = 0; i < 5; ++i)
    EXPECT_FALSE(pool.submit([&] { ++ran; }));
  EXPECT_EQ(pool.current_load().refused, 5u);
  EXPECT_EQ(pool.current_load().waiting, 3u);
  tool.release();
  EXPECT_TRUE(pool.wait_idle(patience));
  EXPECT_EQ(ran, 3);
}

TEST(executor, without_a_queue_takes_what_a_thread_is_free_for) {
  hold tool;
  executor pool{"test", 2, 0};
  occupy(pool, tool, 2);
  EXPECT_FALSE(pool.submit([] {}));
  tool.release();
  ASSERT_TRUE(pool.wait_idle(patience));
  EXPECT_TRUE(pool.submit([] {}));
}

TEST(executor, makes_threads_only_as_they_are_needed) {
  executor pool{"lazy", 100, 10};
  std::atomic<std::thread::id> first{};
  std::atomic<int> elsewhere{0};
  for (int i = 0; i < 50; ++i) {
    ASSERT_TRUE(pool.submit([&] {
      auto none = std::thread::id{};
      if (!first.compare_exchange_strong(none, std::this_thread::get_id())
          && none != std::this_thread::get_id())
        ++elsewhere;
    }));
    ASSERT_TRUE(pool.wait_idle(patience));
  }
  EXPECT_EQ(elsewhere, 0);
}

TEST(executor, names_its_threads) {
  executor pool{"a-rather-long-name", 1, 0};
  std::string name;
  ASSERT_TRUE(pool.submit([&] { name = name_of_this_thread(); }));
  ASSERT_TRUE(pool.wait_idle(patience));
  EXPECT_EQ(name, "a-rather-lon");
}

TEST(executor, a_job_that_throws_harms_nobody) {
  executor pool{"test", 1, 10};
  std::atomic<bool> after{false};
  ASSERT_TRUE(pool.submit([] { throw std::runtime_error{"mine"}; }));
  ASSERT_TRUE(pool.submit([] { throw 42; }));
  ASSERT_TRUE(pool.submit([&] { after = true; }));
  ASSERT_TRUE(pool.wait_idle(patience));
  EXPECT_TRUE(after);
  EXPECT_EQ(pool.current_load().running, 0u);
}

TEST(executor, a_job_may_submit_another_one) {
  executor pool{"test", 1, 1};
  std::atomic<bool> second{false};
  ASSERT_TRUE(
    pool.submit([&] { EXPECT_TRUE(pool.submit([&] { second = true; })); }));
  EXPECT_TRUE(eventually([&] { return second.load(); }));
}

TEST(executor, forgets_a_job_as_soon_as_it_has_run) {
  executor pool{"test", 1, 10};
  auto witness = std::make_shared<int>(0);
  std::weak_ptr<int> gone = witness;
  ASSERT_TRUE(pool.submit([w = std::move(witness)] {}));
  EXPECT_TRUE(eventually([&] { return gone.expired(); }));
}

TEST(executor, who_waits_takes_no_job_from_its_thread) {
  hold first;
  hold second;
  executor pool{"test", 2, 10};
  ASSERT_TRUE(pool.submit([door = first.door()] { (*door)(); }));
  ASSERT_TRUE(pool.submit([door = second.door()] { (*door)(); }));
  ASSERT_TRUE(first.await_arrivals(1));
  ASSERT_TRUE(second.await_arrivals(1));
  // Those who wait for all to end stand before the thread that waits for work.
  std::vector<std::thread> waiting;
  for (int i = 0; i < 4; ++i)
    waiting.emplace_back([&] { EXPECT_TRUE(pool.wait_idle(patience)); });
  EXPECT_FALSE(pool.wait_idle(20ms));
  first.release();
  ASSERT_TRUE(eventually([&] { return pool.current_load().running == 1; }));
  std::atomic<bool> ran{false};
  ASSERT_TRUE(pool.submit([&] { ran = true; }));
  EXPECT_TRUE(eventually([&] { return ran.load(); }, patience / 4));
  second.release();
  for (auto& each : waiting)
    each.join();
}

TEST(executor, waits_for_jobs_no_longer_than_told) {
  hold tool;
  executor pool{"test", 1, 0};
  occupy(pool, tool, 1);
  EXPECT_FALSE(pool.wait_idle(10ms));
  tool.release();
  EXPECT_TRUE(pool.wait_idle(patience));
}

TEST(executor, when_it_stops_what_waits_is_dropped_and_what_runs_goes_on) {
  hold tool;
  std::atomic<bool> ran{false};
  auto witness = std::make_shared<int>(0);
  std::weak_ptr<int> dropped = witness;
  executor pool{"test", 1, 10};
  occupy(pool, tool, 1);
  ASSERT_TRUE(pool.submit([&, w = std::move(witness)] { ran = true; }));
  pool.stop();
  EXPECT_TRUE(dropped.expired());
  EXPECT_FALSE(pool.submit([&] { ran = true; }));
  EXPECT_EQ(pool.current_load().refused, 1u);
  EXPECT_FALSE(pool.wait_idle(1ms));
  tool.release();
  EXPECT_TRUE(pool.wait_idle(patience));
  EXPECT_FALSE(ran);
}

TEST(executor, its_end_waits_for_jobs_that_run) {
  hold tool;
  std::atomic<bool> finished{false};
  std::thread helper;
  {
    executor pool{"test", 1, 0, patience};
    ASSERT_TRUE(pool.submit([&, door = tool.door()] {
      (*door)();
      finished = true;
    }));
    ASSERT_TRUE(tool.await_arrivals(1));
    helper = std::thread{[&] { tool.release(); }};
  }
  EXPECT_TRUE(finished);
  helper.join();
}

TEST(executor, its_end_does_not_wait_for_ever) {
  hold tool;
  const auto took = time_of([&] {
    executor pool{"test", 2, 10, 30ms};
    occupy(pool, tool, 2);
    ASSERT_TRUE(pool.submit([] {}));
  });
  EXPECT_GE(took, 30ms);
  EXPECT_LT(took, 10s);
  tool.release();
  EXPECT_TRUE(tool.await_departures(2));
}

TEST(executor, may_be_let_go_by_one_of_its_own_jobs) {
  auto pool = std::make_shared<executor>("test", 1, 1, patience);
  auto ended = std::make_shared<std::atomic<bool>>(false);
  std::latch alone{1};
  ASSERT_TRUE(pool->submit([&alone, ended, last = pool]() mutable {
    alone.wait();
    last.reset(); // waits for all other jobs, not for itself
    *ended = true;
  }));
  pool.reset();
  alone.count_down();
  EXPECT_TRUE(eventually([&] { return ended->load(); }, patience / 2));
}

TEST(executor, many_threads_may_submit_at_the_same_time) {
  executor pool{"test", 4, 100'000};
  std::atomic<int> ran{0};
  std::vector<std::thread> users;
  for (int i = 0; i < 8; ++i)
    users.emplace_back([&] {
      for (int j = 0; j < 1000; ++j)
        ASSERT_TRUE(pool.submit([&] { ++ran; }));
    });
  for (auto& each : users)
    each.join();
  EXPECT_TRUE(pool.wait_idle(patience));
  EXPECT_EQ(ran, 8000);
}

// -- many at once -------------------------------------------------------------

TEST(executor, takes_many_jobs_as_one_and_runs_them_in_order) {
  executor pool{"test", 1, 100};
  std::vector<int> order;
  std::vector<executor::job> jobs;
  for (int i = 0; i < 50; ++i)
    jobs.emplace_back([&order, i] { order.push_back(i); });
  EXPECT_EQ(pool.submit(jobs), 50u);
  ASSERT_TRUE(pool.wait_idle(patience));
  std::vector<int> all(50);
  std::iota(all.begin(), all.end(), 0);
  EXPECT_EQ(order, all);
}

TEST(executor, takes_of_many_what_it_has_room_for) {
  hold tool;
  executor pool{"test", 2, 3};
  occupy(pool, tool, 1);
  std::atomic<int> ran{0};
  std::vector<executor::job> jobs;
  for (int i = 0; i < 10; ++i)
    jobs.emplace_back([&, door = tool.door()] {
      (*door)();
      ++ran;
    });
  EXPECT_EQ(pool.submit(jobs), 4u); // one runs, three wait
  EXPECT_EQ(pool.current_load().refused, 6u);
  EXPECT_FALSE(jobs[3]);
  EXPECT_TRUE(jobs[4]);
  tool.release();
  ASSERT_TRUE(pool.wait_idle(patience));
  EXPECT_EQ(ran, 4);
}

TEST(executor, runs_many_side_by_side_as_soon_as_they_hang) {
  hold tool;
  executor pool{"test", 8, 100};
  std::vector<executor::job> jobs;
  for (int i = 0; i < 8; ++i)
    jobs.emplace_back([door = tool.door()] { (*door)(); });
  EXPECT_EQ(pool.submit(jobs), 8u);
  EXPECT_TRUE(tool.await_arrivals(8));
  tool.release();
}

TEST(executor,
     what_waits_behind_a_job_that_hangs_is_run_however_brisk_all_was) {
  executor pool{"test", 4, 100'000};
  std::atomic<int> ran{0};
  for (int round = 0; round < 50; ++round) {
    hold tool;
    std::vector<executor::job> jobs;
    for (int i = 0; i < 500; ++i)
      jobs.emplace_back([&] { ++ran; });
    for (int i = 0; i < 3; ++i)
      jobs.emplace_back([door = tool.door()] { (*door)(); });
    for (int i = 0; i < 100; ++i)
      jobs.emplace_back([&] { ++ran; });
    const auto before = ran.load();
    ASSERT_EQ(pool.submit(jobs), jobs.size());
    ASSERT_TRUE(tool.await_arrivals(3));
    ASSERT_TRUE(eventually([&] { return ran == before + 600; }));
    tool.release();
    ASSERT_TRUE(pool.wait_idle(patience));
  }
}

TEST(executor, jobs_that_come_one_by_one_after_a_hanging_one_are_run) {
  executor pool{"test", 3, 1000};
  std::atomic<int> ran{0};
  for (int round = 0; round < 20; ++round) {
    for (int i = 0; i < 200; ++i)
      ASSERT_TRUE(pool.submit([&] { ++ran; }));
    hold tool;
    occupy(pool, tool, 2);
    for (int i = 0; i < 50; ++i) {
      const auto before = ran.load();
      ASSERT_TRUE(pool.submit([&] { ++ran; }));
      ASSERT_TRUE(eventually([&] { return ran > before; }));
    }
    tool.release();
    ASSERT_TRUE(pool.wait_idle(patience));
  }
  EXPECT_EQ(ran, 20 * 250);
}

TEST(executor, may_be_stopped_while_many_jobs_rush_through) {
  for (int round = 0; round < 50; ++round) {
    std::atomic<int> ran{0};
    auto pool = std::make_unique<executor>("test", 4, 100'000);
    std::vector<executor::job> jobs;
    for (int i = 0; i < 1000; ++i)
      jobs.emplace_back([&] { ++ran; });
    ASSERT_EQ(pool->submit(jobs), jobs.size());
    pool->stop();
    ASSERT_TRUE(pool->wait_idle(patience));
    const auto so_far = ran.load();
    pool.reset();
    EXPECT_EQ(ran, so_far);
  }
}

} // namespace

} // namespace switchgear::test
