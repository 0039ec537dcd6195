#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fcntl.h>
#include <unistd.h>

#include <csignal>
#include <fstream>

#include "processes.hpp"
#include "support/breakers.hpp"
#include "support/temporary_directory.hpp"
#include "switchgear/integrations/subprocess_tool.hpp"

using namespace std::chrono_literals;
using namespace switchgear;
using testing::HasSubstr;

namespace {

class subprocess_run : public testing::Test {
protected:
  expected<process_result, failure> shell(const std::string& script,
                                          std::string_view input = {}) {
    return tool({}).run({"sh", "-c", script}, input);
  }

  subprocess_tool tool(subprocess_options options) {
    return subprocess_tool{breaker, std::move(options)};
  }

  std::uint64_t failures() {
    return breaker.stats()->total_failures;
  }

  runtime rt;
  switchgear::breaker breaker{rt.breaker("tool", test::trips_after(1000))};
};

} // namespace

TEST_F(subprocess_run, input_outputs_and_exit_code) {
  const auto result = shell("tr a-z A-Z; echo oops >&2", "hello");
  ASSERT_TRUE(result) << result.error().to_string();
  EXPECT_EQ(*result, (process_result{0, "HELLO", "oops\n"}));
}

TEST_F(subprocess_run, arguments_are_not_for_a_shell) {
  const auto result
    = tool({}).run({"printf", "%s|", "a b", "$HOME", "`id`", "", "; false"});
  EXPECT_EQ(result->out, "a b|$HOME|`id`||; false|");
}

TEST_F(subprocess_run, much_in_and_much_out) {
  const std::string text(5'000'000, 'x');
  const auto result = tool({.output_limit = 10'000'000}).run({"cat"}, text);
  ASSERT_TRUE(result) << result.error().to_string();
  EXPECT_TRUE(result->out == text);
}

TEST_F(subprocess_run, input_that_nobody_reads) {
  // SIGPIPE would end this test.
  const auto result = tool({}).run({"true"}, std::string(5'000'000, 'x'));
  EXPECT_TRUE(result);
}

TEST_F(subprocess_run, output_beyond_the_limit_is_dropped) {
  const auto result
    = tool({.output_limit = 10})
        .run(
          {"sh", "-c", "head -c 3000000 /dev/zero | tr '\\0' x; echo y >&2"});
  ASSERT_TRUE(result) << result.error().to_string();
  EXPECT_EQ(result->out, "xxxxxxxxxx");
  EXPECT_TRUE(result->out_cut);
  EXPECT_EQ(result->err, "y\n");
  EXPECT_FALSE(result->err_cut);
}

TEST_F(subprocess_run, exit_codes) {
  for (int code : {0, 64, 65, 66}) {
    const auto result = shell("exit " + std::to_string(code));
    ASSERT_TRUE(result);
    EXPECT_EQ(result->exit_code, code);
  }
  EXPECT_EQ(failures(), 0u);

  const auto bad
    = shell("echo out; echo cannot >&2; echo reach it >&2; exit 3");
  ASSERT_FALSE(bad);
  EXPECT_EQ(bad.error(), errc::operation_failed);
  EXPECT_EQ(bad.error().message(), "sh ended with 3: reach it");
  EXPECT_EQ(process_result_of(bad.error()),
            (process_result{3, "out\n", "cannot\nreach it\n"}));
  EXPECT_EQ(failures(), 1u);

  EXPECT_TRUE(tool({.answers = {0, 1}}).run({"false"}));
  EXPECT_FALSE(tool({.answers = {1}}).run({"true"}));
}

TEST_F(subprocess_run, death_by_a_signal) {
  const auto dead = shell("kill -SEGV $$");
  ASSERT_FALSE(dead);
  EXPECT_EQ(dead.error(), errc::operation_failed);
  EXPECT_EQ(dead.error().message(), "sh ended by a signal: Segmentation fault");
  EXPECT_EQ(process_result_of(dead.error())->exit_code, -1);
}

TEST_F(subprocess_run, a_program_that_is_missing) {
  for (auto name : {"no-such-program", "/no/such/program"}) {
    const auto missing = tool({}).run({name});
    ASSERT_FALSE(missing);
    EXPECT_EQ(missing.error(), errc::not_found);
    EXPECT_EQ(missing.error().message(), std::string{"no program "} + name);
    EXPECT_FALSE(process_result_of(missing.error()));
  }
  EXPECT_EQ(failures(), 2u);
}

TEST_F(subprocess_run, a_file_that_is_no_program) {
  const test::temporary_directory files;
  const auto bad = tool({}).run({files.write("text", "hello")});
  ASSERT_FALSE(bad);
  EXPECT_EQ(bad.error(), errc::operation_failed);
  EXPECT_THAT(bad.error().message(), HasSubstr("Permission denied"));
}

TEST_F(subprocess_run, a_command_that_makes_no_sense) {
  EXPECT_EQ(tool({}).run({}).error(), errc::invalid_config);
  EXPECT_EQ(tool({}).run({""}).error(), errc::invalid_config);
  EXPECT_EQ(tool({}).run({"echo", {"a\0b", 3}}).error().message(),
            "argument 1 has a zero byte in it");
  EXPECT_EQ(breaker.stats()->total_calls, 0u);
}

TEST_F(subprocess_run, directory_and_environment) {
  const test::temporary_directory files;
  const auto there = tool({.directory = files.file("")}).run({"pwd"});
  EXPECT_EQ(there->out + '/',
            files.file("").substr(0, there->out.size() - 1) + "\n/");
  EXPECT_EQ(tool({.directory = "/nowhere"}).run({"pwd"}).error().message(),
            "no directory /nowhere");
  EXPECT_EQ(tool({.environment = {{"A=1", "B=2"}}}).run({"env"})->out,
            "A=1\nB=2\n");
}

TEST_F(subprocess_run, no_other_file_is_open_in_it) {
  const int leak = open("/dev/null", O_RDONLY); // without O_CLOEXEC
  const auto result = tool({}).run({"ls", "-1", "/proc/self/fd"});
  close(leak);
  EXPECT_EQ(result->out, "0\n1\n2\n3\n"); // the last one is of `ls`
}

TEST_F(subprocess_run, signals_are_as_they_were_born) {
  sigset_t all;
  sigset_t before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  const auto handler = std::signal(SIGPIPE, SIG_IGN);
  const auto result = shell("kill -PIPE $$; sleep 1000");
  std::signal(SIGPIPE, handler);
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
  EXPECT_EQ(result.error().message(), "sh ended by a signal: Broken pipe");
}

TEST_F(subprocess_run, leaves_nothing_behind) {
  const auto files = test::open_files();
  for (int i = 0; i < 20; ++i) {
    EXPECT_TRUE(shell("echo x", "y"));
    EXPECT_FALSE(shell("exit 1"));
    EXPECT_FALSE(tool({}).run({"no-such-program"}));
  }
  EXPECT_EQ(test::open_files(), files);
  EXPECT_TRUE(test::children().empty());
}

TEST_F(subprocess_run, what_it_leaves_running_is_ended) {
  // The one in the background holds the output open.
  const auto took = test::time_of([&] {
    const auto result = shell("sleep 1000 & echo $!");
    ASSERT_TRUE(result) << result.error().to_string();
    EXPECT_TRUE(test::ends(std::stoi(result->out)));
  });
  EXPECT_LT(took, test::patience);
}

TEST(subprocess_options, what_is_not_allowed) {
  const subprocess_options bad{
    .timeout = 0ms, .answers = {0, 256}, .environment = {{"A=1", "B"}}};
  const auto errors = explain(validate(bad));
  for (auto each : {"timeout = 0 ms: must be 1 ms to 24 h",
                    "answers = 256: must be 0 to 255",
                    "environment = \"B\": must be NAME=value"})
    EXPECT_THAT(errors, HasSubstr(each));
  const subprocess_options cut{.environment = {{{"KEY=secret\0", 11}}}};
  EXPECT_EQ(explain(validate(cut)),
            "environment = \"KEY\": must be NAME=value");
  runtime rt;
  EXPECT_THROW((subprocess_tool{rt.breaker("tool"), bad}), setup_error);
  EXPECT_TRUE(validate(subprocess_options{}).empty());
}
