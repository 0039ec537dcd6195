// A tool that is a command, as agents have them: it runs with a deadline, and
// without a shell. One that hangs is ended, with all that it has started; after
// two of those nothing is started any more.

#include "switchgear/integrations/subprocess_tool.hpp"
#include "switchgear/switchgear.hpp"

#include <iostream>

using namespace std::chrono_literals;

namespace {

void show(const switchgear::expected<switchgear::process_result,
                                     switchgear::failure>& result) {
  if (result)
    std::cout << "exit code " << result->exit_code << ": " << result->out;
  else
    std::cout << result.error().to_string() << '\n';
}

} // namespace

int main() {
  switchgear::runtime rt;
  switchgear::subprocess_tool sort{rt.breaker("sort"), {.timeout = 10s}};
  show(sort.run({"sort", "-r"}, "tea\ncoffee\n"));
  show(sort.run({"srot", "-r"})); // there is no such program

  switchgear::subprocess_tool search{
    rt.breaker("search", {.failure_threshold = 2}),
    {.timeout = 100ms, .answers = {0, 1}}}; // 1: nothing was found
  show(search.run({"grep", "--count", "tea"}, "coffee\n"));
  for (int i = 0; i < 3; ++i)
    show(search.run({"sleep", "1000"}));
}
