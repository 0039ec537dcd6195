#include "switchgear/statem/diagram.hpp"

namespace switchgear::statem {

std::string to_mermaid(const listing& machine, std::string_view current) {
  std::string out = "stateDiagram-v2\n";
  auto line = [&out](auto... parts) {
    out += "  ";
    (out.append(parts), ...);
    out += '\n';
  };
  if (!machine.states.empty())
    line("[*] --> ", machine.states.front());
  for (const auto& e : machine.edges)
    line(e.from, " --> ", e.to, e.label.empty() ? "" : " : ", e.label);
  for (const auto& name : machine.states) {
    if (name == current) {
      line("classDef current font-weight:bold,stroke-width:3px");
      line("class ", name, " current");
    }
  }
  return out;
}

} // namespace switchgear::statem
