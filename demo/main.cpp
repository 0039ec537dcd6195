// The demo: a breaker's life in five phases, then a view of four tools that
// can be broken and mended by hand. All calls are real.

#include <cstdio>
#include <string_view>

#include "fleet.hpp"
#include "http_client.hpp"
#include "interactive.hpp"
#include "logging.hpp"
#include "phases.hpp"
#include "plain.hpp"
#include "signals.hpp"
#include "terminal.hpp"

namespace {

constexpr auto usage = R"(usage: demo/run [--script | --plain]

Shows a circuit breaker's life in five phases, with real HTTP calls to a small
service that really breaks. Then, on a terminal, a live view of four tools that
you can break and mend with a key; elsewhere commands are read line by line.

  --script  the five phases only; ends with 1 if anything differs from what
            should happen
  --plain   no live view: commands line by line on a terminal, too
  --help    this

Environment: NO_COLOR turns colours off; TERM=dumb is like --plain.
)";

struct options {
  bool script = false;
  bool plain = false;
  bool help = false;
};

/// Returns the first argument that makes no sense, or null.
const char* parse(int argc, char** argv, options& result) {
  for (int i = 1; i < argc; ++i) {
    const std::string_view argument = argv[i];
    if (argument == "--script")
      result.script = true;
    else if (argument == "--plain")
      result.plain = true;
    else if (argument == "--help" || argument == "-h")
      result.help = true;
    else
      return argv[i];
  }
  return nullptr;
}

void run(const options& chosen) {
  using namespace std::chrono_literals;
  const bool interactive
    = !chosen.script && !chosen.plain && demo::has_terminal();
  demo::signals sent; // before any thread
  demo::quiet_log(interactive);
  const demo::http_library http;
  switchgear::runtime system;
  demo::run_phases(system, sent, interactive ? 100ms : 0ms);
  if (chosen.script)
    return;
  demo::fleet tools{system};
  if (!interactive) {
    demo::run_plain(tools, sent);
    return;
  }
  demo::run_interactive(tools, sent);
}

} // namespace

int main(int argc, char** argv) {
  options chosen;
  if (const auto* wrong = parse(argc, argv, chosen)) {
    std::fprintf(stderr, "demo: unknown option '%s'; see --help\n", wrong);
    return 2;
  }
  if (chosen.help) {
    std::fputs(usage, stdout);
    return 0;
  }
  try {
    run(chosen);
    return 0;
  } catch (const demo::interrupted& end) {
    return end.exit_code();
  } catch (const demo::mismatch& difference) {
    std::fprintf(stderr, "demo: not as it should be: %s\n", difference.what());
  } catch (const std::exception& error) {
    std::fprintf(stderr, "demo: %s\n", error.what());
  }
  return 1;
}
