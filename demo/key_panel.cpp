// The keys, at the foot of the screen.

#include <algorithm>

#include "command.hpp"
#include "panels.hpp"
#include "text.hpp"

namespace demo {

namespace {

struct hint {
  std::string key;
  std::string_view what;

  std::size_t width() const {
    return display_width(key) + what.size() + 3;
  }

  void draw(line& row) const {
    row.put(" ").put(key, tint::accent).put(" ");
    row.put(what, tint::dim).put(" ");
  }
};

} // namespace

lines key_panel(std::size_t height, const look& how) {
  std::vector<hint> hints{{how.unicode ? "↑↓" : "Tab", "tool"}};
  for (const auto& entry : bindings())
    hints.push_back({std::string{entry.key}, entry.label});
  // What helps with all others is there in any case.
  const std::vector<hint> always{{"?", "help"}, {"q", "quit"}};
  const auto reserved = always[0].width() + always[1].width();

  lines result;
  auto next = hints.begin();
  for (std::size_t i = 0; i < height; ++i) {
    const bool last = i + 1 == height;
    const auto limit
      = last ? std::max(how.columns, reserved) - reserved : how.columns;
    line row{how};
    for (; next != hints.end() && row.column() + next->width() <= limit; ++next)
      next->draw(row);
    if (last)
      for (const auto& key : always)
        key.draw(row);
    result.push_back(row.take());
  }
  return result;
}

} // namespace demo
