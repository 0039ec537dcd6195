// One breaker for each tool. The database goes down and its breaker opens; the
// API and the cache do not notice: they have breakers of their own.

#include "switchgear/switchgear.hpp"

#include <iomanip>
#include <iostream>
#include <stdexcept>

namespace {

bool database_is_up = true;

std::string run_tool(const std::string& name) {
  if (name == "database" && !database_is_up)
    throw std::runtime_error{"connection refused"};
  return "ok";
}

// What a tool server does for each request. A tool that is called for the
// first time gets its breaker here: asking for a name makes it.
void call_tools(switchgear::runtime& rt) {
  for (const std::string name : {"database", "api_service", "cache"}) {
    auto result = rt.breaker(name).call([&] { return run_tool(name); });
    std::cout << std::left << std::setw(12) << name
              << (result ? *result : result.error().to_string()) << '\n';
  }
}

} // namespace

int main() {
  switchgear::runtime_options options;
  options.defaults.failure_threshold = 2; // of breakers made by name alone
  switchgear::runtime rt{options};

  std::cout << "-- all are well\n";
  call_tools(rt);

  std::cout << "-- the database goes down\n";
  database_is_up = false;
  for (int i = 0; i < 3; ++i)
    call_tools(rt);

  std::cout << "-- states\n";
  for (const auto& [name, state] : rt.all_states())
    std::cout << std::left << std::setw(12) << name << to_string(state) << '\n';
  const auto all = rt.health();
  std::cout << all.status() << ": " << all.open << " of " << all.total
            << " open\n";
}
