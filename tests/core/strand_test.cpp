/// What one strand runs never overlaps.

#include "switchgear/executor.hpp"

#include <gmock/gmock.h>

#include <atomic>
#include <numeric>
#include <stdexcept>
#include <vector>

#include "support/eventually.hpp"
#include "support/hold.hpp"

using namespace std::chrono_literals;

namespace switchgear::test {

namespace {

class strand_test : public testing::Test {
public:
  /// A job that hangs until the hold is released.
  executor::job hanging() const {
    return [door = tool.door()] { (*door)(); };
  }

  hold tool;
  std::shared_ptr<executor> pool = std::make_shared<executor>("test", 4, 100);
  std::vector<int> order; // written by the strand's jobs only
};

TEST_F(strand_test, runs_jobs_in_order_and_one_at_a_time) {
  auto line = std::make_shared<strand>(pool, 10'000);
  std::atomic<int> inside{0};
  std::atomic<bool> overlapped{false};
  for (int i = 0; i < 2000; ++i)
    ASSERT_TRUE(line->post([&, i] {
      if (++inside != 1)
        overlapped = true;
      order.push_back(i);
      --inside;
    }));
  ASSERT_TRUE(pool->wait_idle(patience));
  EXPECT_FALSE(overlapped);
  std::vector<int> all(2000);
  std::iota(all.begin(), all.end(), 0);
  EXPECT_EQ(order, all);
}

TEST_F(strand_test, two_strands_do_not_wait_for_each_other) {
  auto stuck = std::make_shared<strand>(pool, 10);
  auto other = std::make_shared<strand>(pool, 10);
  ASSERT_TRUE(stuck->post(hanging()));
  ASSERT_TRUE(tool.await_arrivals(1));
  std::atomic<bool> ran{false};
  ASSERT_TRUE(other->post([&] { ran = true; }));
  EXPECT_TRUE(eventually([&] { return ran.load(); }));
}

TEST_F(strand_test, a_job_that_throws_does_not_stop_the_next) {
  auto line = std::make_shared<strand>(pool, 10);
  ASSERT_TRUE(line->post([] { throw std::runtime_error{"mine"}; }));
  ASSERT_TRUE(line->post([&] { order.push_back(1); }));
  ASSERT_TRUE(pool->wait_idle(patience));
  EXPECT_THAT(order, testing::ElementsAre(1));
}

TEST_F(strand_test, a_job_may_post_another_one) {
  auto line = std::make_shared<strand>(pool, 10);
  ASSERT_TRUE(line->post([&] {
    ASSERT_TRUE(line->post([&] { order.push_back(2); }));
    order.push_back(1);
  }));
  ASSERT_TRUE(eventually([&] { return pool->wait_idle(1ms); }));
  EXPECT_THAT(order, testing::ElementsAre(1, 2));
}

TEST_F(strand_test, refuses_what_is_beyond_its_limit) {
  auto line = std::make_shared<strand>(pool, 2);
  ASSERT_TRUE(line->post(hanging()));
  ASSERT_TRUE(tool.await_arrivals(1));
  EXPECT_TRUE(line->post([&] { order.push_back(1); }));
  EXPECT_TRUE(line->post([&] { order.push_back(2); }));
  EXPECT_FALSE(line->post([&] { order.push_back(3); }));
  tool.release();
  ASSERT_TRUE(pool->wait_idle(patience));
  EXPECT_THAT(order, testing::ElementsAre(1, 2));
}

TEST_F(strand_test, what_is_required_takes_the_place_of_the_oldest_other) {
  auto line = std::make_shared<strand>(pool, 3);
  ASSERT_TRUE(line->post(hanging()));
  ASSERT_TRUE(tool.await_arrivals(1));
  ASSERT_TRUE(line->post([&] { order.push_back(1); }, true));
  ASSERT_TRUE(line->post([&] { order.push_back(2); }));
  ASSERT_TRUE(line->post([&] { order.push_back(3); }));
  EXPECT_TRUE(line->post([&] { order.push_back(4); }, true));
  EXPECT_TRUE(line->post([&] { order.push_back(5); }, true));
  // Only required ones are left.
  EXPECT_FALSE(line->post([&] { order.push_back(6); }, true));
  EXPECT_FALSE(line->post([&] { order.push_back(7); }));
  tool.release();
  ASSERT_TRUE(pool->wait_idle(patience));
  EXPECT_THAT(order, testing::ElementsAre(1, 4, 5));
}

TEST_F(strand_test, refuses_when_the_executor_does) {
  auto line = std::make_shared<strand>(pool, 10);
  pool->stop();
  EXPECT_FALSE(line->post([] {}));
  EXPECT_FALSE(line->post([] {}, true));
}

TEST_F(strand_test, works_again_when_the_executor_has_room_again) {
  auto small = std::make_shared<executor>("test", 1, 0);
  ASSERT_TRUE(small->submit(hanging()));
  ASSERT_TRUE(tool.await_arrivals(1));
  auto line = std::make_shared<strand>(small, 10);
  EXPECT_FALSE(line->post([&] { order.push_back(1); }));
  tool.release();
  ASSERT_TRUE(small->wait_idle(patience));
  EXPECT_TRUE(line->post([&] { order.push_back(2); }));
  ASSERT_TRUE(small->wait_idle(patience));
  EXPECT_THAT(order, testing::ElementsAre(2));
}

TEST_F(strand_test, lives_as_long_as_its_jobs) {
  auto line = std::make_shared<strand>(pool, 10);
  ASSERT_TRUE(line->post(hanging()));
  ASSERT_TRUE(tool.await_arrivals(1));
  ASSERT_TRUE(line->post([&] { order.push_back(1); }));
  line.reset();
  tool.release();
  ASSERT_TRUE(pool->wait_idle(patience));
  EXPECT_THAT(order, testing::ElementsAre(1));
}

} // namespace

} // namespace switchgear::test
