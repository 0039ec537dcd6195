// readme_parts NAME: prints one part of the README. `check_readme.py` compares
// it with what stands there.

#include <array>
#include <exception>
#include <iostream>
#include <string_view>

#include "parts.hpp"

namespace {

struct part {
  std::string_view name;
  void (*print)(std::ostream&);
};

constexpr std::array parts{
  part{"state-diagram", docs::state_diagram},
  part{"config-table", docs::config_table},
  part{"preset-table", docs::preset_table},
  part{"statistics-table", docs::statistics_table},
  part{"error-table", docs::error_table},
  part{"reason-table", docs::reason_table},
  part{"event-table", docs::event_table},
  part{"attribute-table", docs::attribute_table},
  part{"metrics-table", docs::metrics_table},
  part{"variables-table", docs::variables_table},
  part{"policy-table", docs::policy_table},
  part{"order-table", docs::order_table},
};

} // namespace

int main(int argc, char** argv) {
  try {
    for (const auto& each : parts) {
      if (argc == 2 && each.name == argv[1]) {
        each.print(std::cout);
        return 0;
      }
    }
  } catch (const std::exception& ex) {
    std::cerr << "readme_parts: " << ex.what() << '\n';
    return 1;
  }
  std::cerr << "usage: readme_parts NAME, one of";
  for (const auto& each : parts)
    std::cerr << ' ' << each.name;
  std::cerr << '\n';
  return 2;
}
