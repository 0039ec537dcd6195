#include "switchgear/switchgear.hpp"

#include <iostream>
#include <stdexcept>

// A tool that works twice and then goes away.
int query(int n) {
  if (n > 2)
    throw std::runtime_error{"connection refused"};
  return n * 10;
}

int main() {
  switchgear::runtime rt;
  auto db = rt.breaker("database", {.failure_threshold = 3});
  for (int n = 1; n <= 7; ++n) {
    auto rows = db.call([&] { return query(n); });
    std::cout << n << ": "
              << (rows ? std::to_string(*rows) + " rows"
                       : rows.error().to_string())
              << '\n';
  }
  std::cout << "why: " << db.stats()->why << '\n';
}
