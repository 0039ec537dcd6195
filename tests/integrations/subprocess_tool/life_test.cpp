#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <signal.h>

#include <atomic>
#include <thread>

#include "integrations/support/life.hpp"
#include "processes.hpp"
#include "support/temporary_directory.hpp"
#include "switchgear/integrations/subprocess_tool.hpp"

using namespace std::chrono_literals;
using namespace switchgear;
using test::eventually;

namespace {

/// A tool that is a script, which the test can break. It writes down that it
/// was started.
class subprocess_life : public testing::Test {
protected:
  expected<process_result, failure> run(duration timeout = test::patience,
                                        duration grace = test::patience) {
    return subprocess_tool{breaker, {.timeout = timeout, .grace = grace}}.run(
      {"sh", files.file("tool")});
  }

  void becomes(const std::string& script) {
    files.write("tool", "echo x >>" + files.file("starts") + '\n' + script);
  }

  std::size_t starts() {
    return files.read("starts").size() / 2;
  }

  void expect_silence() {
    test::expect_silence(
      breaker, [this] { return run(); }, [this] { return starts(); });
    EXPECT_TRUE(test::children().empty());
  }

  void expect_recovery() {
    test::expect_recovery(breaker, [this] { return run(); });
  }

  test::temporary_directory files;
  runtime rt;
  switchgear::breaker breaker{rt.breaker("tool", test::probes_when_told())};
};

} // namespace

TEST_F(subprocess_life, fails_and_recovers) {
  becomes("exit 0");
  ASSERT_TRUE(run());
  becomes("exit 1");
  ASSERT_FALSE(run());
  ASSERT_FALSE(run());
  EXPECT_EQ(starts(), 3u);
  expect_silence();
  becomes("exit 0");
  expect_recovery();
}

TEST_F(subprocess_life, hangs_and_recovers) {
  becomes("echo before; exec sleep 1000");
  for (int i = 0; i < 2; ++i) {
    const auto late = run(200ms);
    ASSERT_FALSE(late);
    EXPECT_EQ(late.error(), errc::timeout);
    EXPECT_EQ(late.error().message(), "sh did not end within 200 ms");
    ASSERT_TRUE(process_result_of(late.error()));
  }
  EXPECT_EQ(breaker.stats()->total_timeouts, 2u);
  expect_silence();
  becomes("exit 0");
  expect_recovery();
}

TEST_F(subprocess_life, does_not_want_to_end) {
  // Neither it nor what it has started.
  becomes("trap '' TERM; sleep 1000 & echo $!; while :; do sleep 1; done");
  failure late{errc::operation_failed};
  // On a slow machine it may be stopped before it has said anything.
  ASSERT_TRUE(eventually([&] {
    breaker.reset();
    late = run(500ms, 50ms).error();
    return !process_result_of(late)->out.empty();
  }));
  EXPECT_EQ(late, errc::timeout);
  EXPECT_TRUE(test::ends(std::stoi(process_result_of(late)->out)));
  EXPECT_TRUE(test::children().empty());
}

TEST_F(subprocess_life, may_clean_up_when_it_is_asked_to_end) {
  becomes("trap 'echo cleaned up; exit 0' TERM; echo $$; "
          "while :; do sleep 0.01; done");
  failure late{errc::operation_failed};
  ASSERT_TRUE(eventually([&] {
    breaker.reset();
    late = run(500ms).error();
    return !process_result_of(late)->out.empty();
  }));
  EXPECT_EQ(late, errc::timeout);
  EXPECT_EQ(process_result_of(late)->exit_code, 0);
  EXPECT_THAT(process_result_of(late)->out, testing::HasSubstr("cleaned up"));
}

TEST_F(subprocess_life, killed_and_stopped_from_outside) {
  becomes("echo $$ >" + files.file("pid") + "; exec sleep 1000");
  const auto signalled = [&](int number, duration timeout, duration grace) {
    files.write("pid", "");
    std::jthread other{[&] {
      eventually([&] { return files.read("pid").ends_with('\n'); });
      kill(std::stoi(files.read("pid")), number);
    }};
    return run(timeout, grace).error();
  };
  EXPECT_THAT(signalled(SIGKILL, test::patience, 0ms).message(),
              testing::HasSubstr("Killed"));
  // It cannot be asked to end any more.
  EXPECT_EQ(signalled(SIGSTOP, 3s, 10ms), errc::timeout);
  expect_silence();
}

TEST_F(subprocess_life, many_threads_at_once) {
  const auto before = test::open_files();
  subprocess_tool tool{rt.breaker("many"), {}};
  std::atomic<int> good{0};
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 16; ++i)
      threads.emplace_back([&, text = std::string(100'000, char('a' + i))] {
        for (int k = 0; k < 10; ++k)
          if (const auto result = tool.run({"cat"}, text);
              result && result->out == text)
            ++good;
      });
  }
  // If one held another's input open, that one would wait for more for ever.
  EXPECT_EQ(good, 160);
  EXPECT_EQ(test::open_files(), before);
  EXPECT_TRUE(test::children().empty());
}
