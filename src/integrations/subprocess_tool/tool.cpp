#include <sys/wait.h>

#include <algorithm>
#include <cstring>
#include <exception>
#include <filesystem>
#include <system_error>

#include "attend.hpp"
#include "switchgear/integrations/detail/option_checker.hpp"

namespace switchgear {

namespace {

/// What is wrong with a command; empty if nothing.
std::string complaint_about(const std::vector<std::string>& command) {
  if (command.empty() || command.front().empty())
    return "the command is empty";
  for (std::size_t i = 0; i < command.size(); ++i)
    if (command[i].find('\0') != std::string::npos)
      return "argument " + std::to_string(i) + " has a zero byte in it";
  return {};
}

/// The last line of what it had to say, or a part of it.
std::string last_words(std::string_view text) {
  constexpr std::size_t most = 200;
  text = text.substr(0, text.find_last_not_of(" \n\r\t") + 1);
  const auto line = text.find_last_of("\n\r");
  text = text.substr(line == text.npos ? 0 : line + 1).substr(0, most);
  return text.empty() ? "" : ": " + std::string{text};
}

failure not_started(const std::system_error& why, const std::string& directory,
                    const std::string& program) {
  std::error_code ignored;
  if (why.code() != std::errc::no_such_file_or_directory)
    return {errc::operation_failed, why.what()};
  if (!directory.empty() && !std::filesystem::is_directory(directory, ignored))
    return {errc::operation_failed, "no directory " + directory};
  return {errc::not_found, "no program " + program};
}

expected<process_result, failure> judge(subprocess::ending&& how,
                                        const std::string& name,
                                        const subprocess_options& options) {
  auto& left = how.left;
  const int status = how.status.value_or(-1);
  left.exit_code = how.status && WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  const auto failed = [&](errc code, std::string text) {
    text = name + text + last_words(left.err);
    auto cause = std::make_exception_ptr(process_failed{text, std::move(left)});
    return make_unexpected(failure{code, std::move(text), std::move(cause)});
  };
  if (!how.in_time) {
    const auto ms
      = std::chrono::ceil<std::chrono::milliseconds>(options.timeout);
    return failed(errc::timeout,
                  " did not end within " + std::to_string(ms.count()) + " ms");
  }
  if (!how.status)
    return failed(errc::operation_failed,
                  " ended, and somebody else was told how");
  if (WIFSIGNALED(status))
    return failed(errc::operation_failed, std::string{" ended by a signal: "}
                                            + strsignal(WTERMSIG(status)));
  if (!options.answers.contains(left.exit_code))
    return failed(errc::operation_failed,
                  " ended with " + std::to_string(left.exit_code));
  return std::move(left);
}

} // namespace

std::optional<process_result> process_result_of(const failure& why) {
  if (!why.cause())
    return std::nullopt;
  try {
    std::rethrow_exception(why.cause());
  } catch (const process_failed& failed) {
    return failed.left();
  } catch (...) {
    return std::nullopt;
  }
}

subprocess_tool::subprocess_tool(switchgear::breaker through,
                                 subprocess_options options)
  : breaker_(std::move(through)),
    options_(detail::checked(std::move(options))) {
  // nop
}

expected<process_result, failure>
subprocess_tool::run(const std::vector<std::string>& command,
                     std::string_view input) {
  if (auto bad = complaint_about(command); !bad.empty())
    return make_unexpected(failure{errc::invalid_config, std::move(bad)});
  return breaker_.call([&]() -> expected<process_result, failure> {
    std::optional<subprocess::child> program;
    try {
      program.emplace(command, options_);
    } catch (const std::system_error& why) {
      return make_unexpected(
        not_started(why, options_.directory, command.front()));
    }
    return judge(subprocess::attend(*program, input, options_), command.front(),
                 options_);
  });
}

} // namespace switchgear
