#include "switchgear/statem/exit_reason.hpp"

#include <iostream>

int main() {
  auto reason = switchgear::statem::exit_reason::parse("shutdown:installed");
  std::cout << reason.to_string() << '\n';
  return reason.to_string() == "shutdown:installed" ? 0 : 1;
}
