/// Calls through one breaker run side by side.

#include <gtest/gtest.h>

#include <functional>
#include <thread>
#include <vector>

#include "support/breaker_printing.hpp"
#include "support/breakers.hpp"
#include "support/request.hpp"
#include "switchgear/actor.hpp"

using namespace std::chrono_literals;

namespace switchgear::test {

namespace {

constexpr int callers = 8;
constexpr int calls = 25;

/// A tool that takes 10 ms to answer, without using the processor.
int tool() {
  std::this_thread::sleep_for(10ms);
  return 7;
}

class parallel : public testing::Test {
public:
  /// So many threads make so many calls each.
  static duration run(int threads, int each,
                      const std::function<void()>& call) {
    return time_of([&] {
      std::vector<std::thread> all;
      for (int i = 0; i < threads; ++i)
        all.emplace_back([&] {
          for (int j = 0; j < each; ++j)
            call();
        });
      for (auto& thread : all)
        thread.join();
    });
  }

  /// Compares all calls by one caller with the same number by many.
  void compare(const std::function<void()>& call) {
    const auto one_by_one = run(1, callers * calls, call);
    const auto together = run(callers, calls, call);
    EXPECT_GE(one_by_one, callers * calls * 10ms);
    EXPECT_LT(together, one_by_one / 2);
    EXPECT_EQ(db.stats()->total_successes, 2u * callers * calls);
    const auto in_ms = [](duration d) {
      return std::chrono::duration_cast<std::chrono::milliseconds>(d).count();
    };
    RecordProperty("one_by_one_ms", static_cast<int>(in_ms(one_by_one)));
    RecordProperty("together_ms", static_cast<int>(in_ms(together)));
  }

  runtime rt;
  breaker db = rt.breaker("db");
};

TEST_F(parallel, by_handle) {
  compare([this] { EXPECT_EQ(db.call(tool), 7); });
}

TEST_F(parallel, by_message) {
  compare([this] {
    EXPECT_EQ(request<int>(rt.system(), db.actor(), call_v, task{tool}), 7);
  });
}

} // namespace

} // namespace switchgear::test
