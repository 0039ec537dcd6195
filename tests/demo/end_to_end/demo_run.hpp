#pragma once

#include <optional>
#include <string>
#include <vector>

#include "support/process.hpp"
#include "support/temporary_directory.hpp"

namespace demo {

/// The demo as somebody runs it, with commands through its standard input.
class demo_run {
public:
  /// @param variables `NAME=value`; no others of OpenTelemetry's are set
  explicit demo_run(const std::vector<std::string>& arguments,
                    const std::vector<std::string>& variables = {});

  demo_run(const demo_run&) = delete;
  demo_run& operator=(const demo_run&) = delete;

  ~demo_run();

  /// Gives it a line to read.
  void say(const std::string& line);

  /// Waits until it has ended.
  /// @returns its exit code; none if it does not end
  std::optional<int> wait();

  /// What it has printed so far.
  std::string output() const;

  /// Waits until it has printed what the regular expression finds.
  /// @returns what its first group has matched; empty if nothing comes
  std::string wait_for(const std::string& pattern);

  /// All that the first group of a regular expression finds in the output.
  std::vector<std::string> all(const std::string& pattern) const;

  /// The first number of that name: `Total calls: 20`.
  std::uint64_t number(const std::string& name) const;

private:
  switchgear::test::temporary_directory files_;
  int input_;
  switchgear::test::process process_;
};

} // namespace demo
