// The page that `?` shows.

#include <algorithm>

#include "command.hpp"
#include "panels.hpp"

namespace demo {

namespace {

constexpr std::size_t key_width = 17;

std::string explain(std::string_view key, std::string_view text,
                    const look& how) {
  line row{how};
  row.put("  ").left(key, key_width, tint::accent).put(text);
  return row.take();
}

std::string heading(std::string_view text, const look& how) {
  line row{how};
  row.put("  ").put(text, tint::bold);
  return row.take();
}

std::string symbols(const look& how) {
  line row{how};
  row.put("  ").left("calls", key_width, tint::bold);
  row.put(how.unicode ? "•" : ".", tint::good).put(" success   ");
  row.put(how.unicode ? "✗" : "x", tint::bad).put(" failure   ");
  row.put(how.unicode ? "–" : "-", tint::middling);
  row.put(" rejected by the breaker");
  return row.take();
}

std::string switches(const look& how) {
  using switchgear::state;
  line row{how};
  row.put("  ").left("states", key_width, tint::bold);
  for (const auto& [value, text] :
       {std::pair{state::closed, " calls pass   "},
        std::pair{state::open, " calls are rejected   "},
        std::pair{state::half_open, " probes pass"}})
    row.put(glyph_of(value, how.unicode), tint_of(value)).put(text);
  return row.take();
}

/// All of it, if need be in pieces: here somebody wants to know.
lines address(const std::string& url, const look& how) {
  constexpr std::string_view label = "  Dashboard: ";
  lines result;
  if (label.size() + url.size() <= how.columns) {
    if (!url.empty())
      result.push_back(
        line{how}.put(label, tint::bold).put(url, tint::accent).take());
    return result;
  }
  const auto width = std::max<std::size_t>(how.columns, 1);
  for (std::size_t i = 0; i < url.size(); i += width)
    result.push_back(line{how}.put(url.substr(i, width), tint::accent).take());
  return result;
}

} // namespace

lines help_page(const screen& what, const look& how) {
  lines result;
  result.push_back(heading(
    "Each tool is a real HTTP service, with a breaker in front of it.", how));
  result.push_back("");
  result.push_back(switches(how));
  result.push_back(symbols(how));
  result.push_back("");
  result.push_back(explain("Up Down Tab 1-9", "choose a tool", how));
  for (const auto& entry : bindings())
    result.push_back(explain({&entry.key, 1}, entry.help, how));
  result.push_back(explain("T", "steady traffic on all tools, or none", how));
  result.push_back(explain("q Ctrl-C", "quit; ends all services", how));
  if (const auto where = address(what.dashboard, how); !where.empty())
    result.insert(result.end(), where.begin(), where.end());
  else
    result.push_back("");
  result.push_back(heading("Any key leaves this page.", how));
  return result;
}

} // namespace demo
