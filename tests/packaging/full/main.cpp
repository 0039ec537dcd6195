#include "switchgear/switchgear.hpp"

#include <iostream>

int main() {
  switchgear::runtime rt;
  auto db = rt.breaker("database");
  auto rows = db.call([] { return 42; });
  std::cout << "the call gave " << rows.value() << '\n';
  return rows.value() == 42 ? 0 : 1;
}
