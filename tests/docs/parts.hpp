#pragma once

#include <iosfwd>

/// The parts of the README that are made from the code.
namespace docs {

void state_diagram(std::ostream& out);
void config_table(std::ostream& out);
void preset_table(std::ostream& out);
void statistics_table(std::ostream& out);
void error_table(std::ostream& out);
void reason_table(std::ostream& out);
void event_table(std::ostream& out);
void attribute_table(std::ostream& out);
void metrics_table(std::ostream& out);
void variables_table(std::ostream& out);
void policy_table(std::ostream& out);
void order_table(std::ostream& out);

} // namespace docs
