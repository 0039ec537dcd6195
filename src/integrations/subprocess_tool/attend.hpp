#pragma once

#include <string_view>

#include "child.hpp"

namespace switchgear::subprocess {

/// How a program came to its end.
struct ending {
  process_result left; // but for `exit_code`
  bool in_time = true;
  std::optional<int> status{}; // as `waitpid` has it
};

/// Feeds a program and listens to it until it has ended, which it has after
/// the time and grace of `options`.
ending attend(child& program, std::string_view input,
              const subprocess_options& options);

} // namespace switchgear::subprocess
