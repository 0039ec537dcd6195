// Settings from a file and the command line, presets, what happens to mistakes,
// new settings for a breaker that is in use, and running one by hand.

#include "switchgear/actor.hpp"
#include "switchgear/switchgear.hpp"

#include <iostream>
#include <sstream>
#include <stdexcept>

using namespace std::chrono_literals;
namespace presets = switchgear::presets;

namespace {

// What `caf-application.conf` could hold.
constexpr auto file = R"(
switchgear {
  workers = 4
  defaults {
    failure-threshold = 3
  }
  breakers {
    database {
      failure-threshold = 2
      open-timeout = 10s
    }
  }
})";

int fail() {
  throw std::runtime_error{"broken"};
}

void show(const switchgear::breaker& what) {
  const auto stats = what.stats().value();
  std::cout << stats.name << ": " << to_string(stats.state) << ", "
            << to_string(stats.mode) << ", " << stats.consecutive_failures
            << " failures in a row\n";
}

} // namespace

int main() {
  // The command line goes before the file.
  switchgear::runtime_config cfg;
  std::istringstream conf{file};
  if (auto err = cfg.parse({"--switchgear.workers=8"}, conf)) {
    std::cerr << to_string(err) << '\n';
    return 1;
  }
  std::cout << read_options(cfg)->workers << " workers\n";
  switchgear::runtime rt{cfg};

  std::cout << "-- the settings of each\n";
  auto db = rt.breaker("database"); // from the file
  auto api = rt.breaker("api");     // from the defaults
  auto llm_settings = presets::llm_service();
  llm_settings.call_timeout = 30s;
  auto llm = rt.breaker("llm", llm_settings);
  for (auto* tool : {&db, &api, &llm}) {
    tool->call(fail);
    tool->call(fail);
    show(*tool);
  }

  std::cout << "-- mistakes\n";
  try {
    rt.breaker("mail", {.failure_threshold = 0, .open_timeout = 0s});
  } catch (const switchgear::setup_error& ex) {
    std::cout << ex.what() << '\n';
  }

  std::cout << "-- new settings; what was counted stays\n";
  api.reconfigure({.failure_threshold = 4});
  api.call(fail);
  show(api);
  api.call(fail);
  show(api);

  std::cout << "-- by hand\n";
  llm.isolate();
  show(llm);
  std::cout << llm.call(fail).error().to_string() << '\n';
  llm.disable();
  show(llm);
  llm.reset();
  show(llm);
}
