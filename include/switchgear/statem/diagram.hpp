#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "switchgear/statem/callback_module.hpp"

namespace switchgear::statem {

/// One row of a machine's listing: a declared change of state.
struct listed_edge {
  std::string_view from;
  std::string_view to;
  std::string_view label;
};

/// A machine's states and changes of state, by name.
struct listing {
  std::vector<std::string_view> states; // the first one is where it starts
  std::vector<listed_edge> edges;
};

/// Lists a machine from the tables that the engine runs on.
template <class Machine>
listing list_machine() {
  listing result;
  for (const auto& entry : Machine::states())
    result.states.push_back(entry.name);
  if constexpr (requires { Machine::edges(); })
    for (const auto& e : Machine::edges())
      result.edges.push_back(
        {state_name<Machine>(e.from), state_name<Machine>(e.to), e.label});
  return result;
}

/// Writes a listing as a Mermaid state diagram.
/// @param current a state to mark, or empty.
std::string to_mermaid(const listing& machine, std::string_view current = {});

} // namespace switchgear::statem
