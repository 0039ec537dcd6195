// The service really breaks in each of the ways, and each looks different to
// the one who calls it.

#include <unistd.h>

#include <chrono>
#include <csignal>
#include <thread>

#include <gtest/gtest.h>

#include "http_client.hpp"
#include "service_process.hpp"

using namespace demo;
using namespace std::chrono_literals;

namespace {

class service : public testing::Test {
protected:
  std::string ask(std::chrono::milliseconds timeout = 10s) {
    const auto result = http_get(process_.url() + "/times-ten/42", timeout);
    return result ? *result : result.error();
  }

  /// Waits until `condition` holds, for as long as a slow machine may need.
  template <class Condition>
  static bool eventually(Condition holds) {
    const auto deadline = std::chrono::steady_clock::now() + 30s;
    while (!holds()) {
      if (std::chrono::steady_clock::now() > deadline)
        return false;
      std::this_thread::yield();
    }
    return true;
  }

  http_library http_;
  service_process process_{0ms};
};

} // namespace

TEST_F(service, answers) {
  EXPECT_EQ(ask(), "420");
  EXPECT_EQ(process_.current(), condition::healthy);
}

TEST_F(service, errors) {
  process_.bring_into(condition::errors);
  EXPECT_EQ(ask(), "HTTP 500");
  process_.bring_into(condition::healthy);
  EXPECT_EQ(ask(), "420");
}

TEST_F(service, hangs) {
  process_.bring_into(condition::hanging);
  EXPECT_EQ(ask(50ms), "no answer within 50 ms");
  process_.bring_into(condition::healthy);
  EXPECT_EQ(ask(), "420");
}

TEST_F(service, is_stopped) {
  process_.bring_into(condition::paused);
  EXPECT_EQ(ask(50ms), "no answer within 50 ms");
  process_.bring_into(condition::healthy);
  EXPECT_EQ(ask(), "420");
}

TEST_F(service, is_killed_and_comes_back_on_its_port) {
  const auto port = process_.port();
  const auto first = process_.pid();
  process_.bring_into(condition::dead);
  EXPECT_EQ(ask(), "connection refused");
  EXPECT_EQ(process_.pid(), 0);
  process_.bring_into(condition::healthy);
  EXPECT_EQ(ask(), "420");
  EXPECT_EQ(process_.port(), port);
  EXPECT_NE(process_.pid(), first);
}

TEST_F(service, goes_from_any_condition_to_any_other) {
  const auto all = {condition::healthy, condition::errors, condition::hanging,
                    condition::paused, condition::dead};
  const auto expected = [](condition value) -> std::string {
    switch (value) {
      case condition::healthy:
        return "420";
      case condition::errors:
        return "HTTP 500";
      case condition::dead:
        return "connection refused";
      default:
        return "no answer within 30 ms";
    }
  };
  for (auto from : all)
    for (auto to : all) {
      process_.bring_into(from);
      process_.bring_into(to);
      const bool answers = to != condition::hanging && to != condition::paused;
      EXPECT_EQ(ask(answers ? 10000ms : 30ms), expected(to))
        << to_string(from) << " -> " << to_string(to);
    }
}

TEST_F(service, somebody_else_may_kill_it) {
  kill(process_.pid(), SIGKILL);
  EXPECT_TRUE(
    eventually([&] { return process_.current() == condition::dead; }));
  process_.bring_into(condition::errors);
  EXPECT_EQ(ask(), "HTTP 500");
}

TEST_F(service, a_killed_one_loses_the_call_in_hand) {
  process_.bring_into(condition::hanging);
  std::string answer;
  std::jthread caller{[&] { answer = ask(30s); }};
  // While this one waits in vain, that one most likely has its connection.
  EXPECT_EQ(ask(50ms), "no answer within 50 ms");
  process_.bring_into(condition::dead);
  caller.join();
  EXPECT_TRUE(answer == "connection lost" || answer == "connection refused")
    << answer;
}

TEST_F(service, is_out_of_reach_of_ctrl_c) {
  EXPECT_EQ(getpgid(process_.pid()), process_.pid());
}

TEST_F(service, ends_with_its_owner) {
  pid_t pid = 0;
  {
    service_process other{0ms};
    pid = other.pid();
    other.bring_into(condition::paused);
  }
  EXPECT_EQ(kill(pid, 0), -1);
  EXPECT_EQ(errno, ESRCH);
}

TEST_F(service, an_unknown_path_is_no_success) {
  EXPECT_EQ(http_get(process_.url() + "/nothing", 10s).error(), "HTTP 404");
}
