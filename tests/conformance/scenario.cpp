/// Runs one scenario, read from standard input, and prints its trace.

#include <cstdio>
#include <cstring>
#include <exception>
#include <iostream>
#include <string>

#include "conformance/scenario.hpp"

namespace {

using namespace switchgear::conformance;

constexpr auto usage
  = "usage: scenario --kind statem|breaker|sup --driver virtual|actor|lane "
    "<SCENARIO >TRACE\n";

using runner = lines (*)(const lines&, driver);

struct options {
  runner run = nullptr;
  driver how = driver::virtual_time;
};

runner find_kind(const std::string& name) {
  if (name == "statem")
    return run_statem;
  if (name == "breaker")
    return run_breaker;
  if (name == "sup")
    return run_sup;
  throw bad_scenario{"--kind is '" + name + "'; allowed: statem, breaker, sup"};
}

driver find_driver(const std::string& name) {
  if (name == "virtual")
    return driver::virtual_time;
  if (name == "actor")
    return driver::actor;
  if (name == "lane")
    return driver::lane;
  throw bad_scenario{"--driver is '" + name
                     + "'; allowed: virtual, actor, lane"};
}

options parse(int argc, char** argv) {
  options result;
  bool has_driver = false;
  for (int i = 1; i < argc; i += 2) {
    const std::string name = argv[i];
    if (name != "--kind" && name != "--driver")
      throw bad_scenario{"unknown option '" + name
                         + "'; allowed: --kind, --driver"};
    if (i + 1 == argc)
      throw bad_scenario{name + " has no value"};
    if (name == "--kind") {
      result.run = find_kind(argv[i + 1]);
    } else {
      result.how = find_driver(argv[i + 1]);
      has_driver = true;
    }
  }
  if (!result.run || !has_driver)
    throw bad_scenario{"--kind and --driver must be given"};
  if (result.how == driver::lane && result.run != runner{run_breaker})
    throw bad_scenario{"--driver lane is for --kind breaker only"};
  return result;
}

} // namespace

int main(int argc, char** argv) {
  if (argc == 2 && std::strcmp(argv[1], "--help") == 0) {
    std::fputs(usage, stdout);
    return 0;
  }
  try {
    const auto opts = parse(argc, argv);
    lines scenario;
    for (std::string line; std::getline(std::cin, line);)
      scenario.push_back(line);
    for (const auto& line : opts.run(scenario, opts.how))
      std::cout << line << '\n';
    return 0;
  } catch (const bad_scenario& ex) {
    std::cerr << "scenario: " << ex.what() << '\n' << usage;
    return 2;
  } catch (const std::exception& ex) {
    std::cerr << "scenario: " << ex.what() << '\n';
    return 1;
  }
}
