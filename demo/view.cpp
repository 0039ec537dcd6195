// What goes where, and what gives way on a small screen.

#include "view.hpp"

#include <algorithm>

#include "panels.hpp"

namespace demo {

namespace {

void append(lines& target, lines more) {
  for (auto& row : more)
    target.push_back(std::move(row));
}

/// Lines for each part. What matters most gets its share first.
struct heights {
  std::size_t tools = 0;
  bool strips = false;
  bool detail = false;
  std::size_t log = 0;
  std::size_t dashboard = 0;
  std::size_t keys = 0;

  heights(std::size_t rows, std::size_t tool_count,
          std::size_t dashboard_height) {
    constexpr std::size_t detail_height = 5;
    auto left = rows > 2 ? rows - 2 : 0; // title and table header
    const auto claim = [&left](std::size_t wanted) {
      const auto got = std::min(left, wanted);
      left -= got;
      return got;
    };
    tools = claim(tool_count);
    keys = claim(1);
    if (left >= tool_count)
      strips = claim(tool_count) > 0;
    if (left >= detail_height)
      detail = claim(detail_height) > 0;
    keys += claim(1);
    dashboard = claim(dashboard_height);
    if (left >= 2)
      log = claim(left) - 1;
  }
};

lines help_screen(const screen& what, const look& how) {
  lines result{rule("help", how)};
  append(result, help_page(what, how));
  return result;
}

lines main_screen(const screen& what, const look& how) {
  auto page = dashboard_line(what.dashboard, how);
  const heights share{how.rows, what.tools.size(), page.size()};
  page.resize(share.dashboard);
  lines result{title_line(what, how), table_header(how)};
  // With more tools than lines the selected one stays in sight.
  const auto first
    = what.selected >= share.tools ? what.selected - share.tools + 1 : 0;
  for (auto i = first; i < first + share.tools && i < what.tools.size(); ++i) {
    result.push_back(table_row(what.tools[i], i == what.selected, how));
    if (share.strips)
      result.push_back(strip_row(what.tools[i], how));
  }
  if (share.detail) {
    const auto& tool = what.tools[what.selected];
    result.push_back(rule(tool.stats.name, how));
    append(result, detail_panel(tool, how));
  }
  if (share.log > 0) {
    result.push_back(rule("events", how));
    append(result, log_panel(what.log, share.log, how));
  }
  const auto foot = share.dashboard + share.keys;
  if (result.size() + foot < how.rows)
    result.resize(how.rows - foot);
  append(result, std::move(page));
  append(result, key_panel(share.keys, how));
  return result;
}

} // namespace

std::vector<std::string> render(const screen& what, const look& how) {
  auto result = what.help || what.tools.empty() ? help_screen(what, how)
                                                : main_screen(what, how);
  if (result.size() > how.rows)
    result.resize(how.rows);
  return result;
}

} // namespace demo
