/// A thread that is cancelled in the middle of a call.

#include <gtest/gtest.h>

#include <atomic>

#include <pthread.h>
#include <unistd.h>

#include "support/breaker_printing.hpp"
#include "support/breakers.hpp"

namespace switchgear::test {

namespace {

class thread_cancellation : public testing::Test {
public:
  /// Makes a call on a thread of its own and cancels the thread when it is in
  /// the callable.
  void cancel_in_call() {
    pthread_t thread{};
    const auto run = [](void* self) -> void* {
      auto& test = *static_cast<thread_cancellation*>(self);
      test.returned = false;
      static_cast<void>(test.db.call([&] {
        test.inside = true;
        for (;;)
          pause(); // a cancellation point
      }));
      test.returned = true;
      return nullptr;
    };
    inside = false;
    ASSERT_EQ(pthread_create(&thread, nullptr, run, this), 0);
    ASSERT_TRUE(eventually([this] { return inside.load(); }));
    ASSERT_EQ(pthread_cancel(thread), 0);
    void* result = nullptr;
    ASSERT_EQ(pthread_join(thread, &result), 0);
    EXPECT_EQ(result, PTHREAD_CANCELED);
    EXPECT_FALSE(returned);
  }

  std::atomic<bool> inside{false};
  std::atomic<bool> returned{false};
  runtime rt;
  breaker db = rt.breaker("db", probes_at_once());
};

TEST_F(thread_cancellation, is_not_taken_for_a_failure) {
  cancel_in_call();
  EXPECT_EQ(db.state(), state::closed);
  const auto s = db.stats().value();
  EXPECT_EQ(s.total_cancelled, 1u);
  EXPECT_EQ(s.total_calls, 0u);
}

TEST_F(thread_cancellation, gives_a_probes_permit_back) {
  EXPECT_FALSE(db.call(broken));
  ASSERT_TRUE(eventually([&] { return db.state() == state::half_open; }));
  for (int round = 0; round < 5; ++round)
    cancel_in_call();
  EXPECT_EQ(db.state(), state::half_open);
  EXPECT_TRUE(db.call(fine));
  EXPECT_EQ(db.stats()->total_cancelled, 5u);
}

} // namespace

} // namespace switchgear::test
