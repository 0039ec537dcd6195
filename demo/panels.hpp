#pragma once

#include <string>
#include <vector>

#include "line.hpp"
#include "model.hpp"

/// The parts of which the screen consists; all pure.
namespace demo {

using lines = std::vector<std::string>;

/// The colour of a state.
tint tint_of(switchgear::state value);

/// A switch in the position of the state, four columns wide.
std::string_view glyph_of(switchgear::state value, bool unicode);

/// `── title ─────`
std::string rule(std::string_view title, const look& how);

/// How many tools are in which state.
std::string title_line(const screen& what, const look& how);

/// The names of the table's columns.
std::string table_header(const look& how);

/// A tool's numbers.
std::string table_row(const tool_view& tool, bool selected, const look& how);

/// A tool's service and its recent calls as symbols.
std::string strip_row(const tool_view& tool, const look& how);

/// Four lines on the selected tool.
lines detail_panel(const tool_view& tool, const look& how);

/// The newest entries, at most `height` lines.
lines log_panel(const std::vector<log_entry>& log, std::size_t height,
                const look& how);

/// What keys there are, in at most `height` lines.
lines key_panel(std::size_t height, const look& how);

/// Where the page is, in one line: without the token if it would not fit, and
/// nothing if even that does not, for half a URL leads nowhere.
lines dashboard_line(const std::string& url, const look& how);

/// A page that explains the screen.
lines help_page(const screen& what, const look& how);

} // namespace demo
