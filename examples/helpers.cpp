// Breakers by name, without a runtime to hand around: there is one for the
// whole program, made when it is first needed and ended when the program ends.

#include "switchgear/switchgear.hpp"

#include <iostream>
#include <stdexcept>

using namespace switchgear;

namespace {

const config settings{.failure_threshold = 2};

int query(bool up) {
  if (!up)
    throw std::runtime_error{"connection refused"};
  return 42;
}

} // namespace

int main() {
  for (bool up : {true, false, false, true}) {
    auto rows
      = with_circuit_breaker("database", settings, [=] { return query(up); });
    std::cout << (rows ? std::to_string(*rows) : rows.error().to_string())
              << '\n';
  }

  std::cout << with_circuit_breaker_and_fallback(
    "database", settings, [] { return query(true); },
    [](const failure&) { return -1; })
            << '\n';

  auto database = get_circuit_breaker("database", settings);
  std::cout << to_string(database.state()) << ": " << database.stats()->why
            << '\n';
}
