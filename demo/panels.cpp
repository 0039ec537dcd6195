#include "panels.hpp"

#include <algorithm>
#include <cmath>

#include "text.hpp"

namespace demo {

namespace {

using switchgear::mode;
using switchgear::state;

std::string counted(std::uint64_t count, const std::string& noun) {
  return std::to_string(count) + " " + noun + (count == 1 ? "" : "s");
}

tint tint_of(news kind) {
  switch (kind) {
    case news::neutral:
      return tint::plain;
    case news::good:
      return tint::good;
    case news::bad:
      return tint::bad;
    case news::middling:
      return tint::middling;
  }
  return tint::plain;
}

line labelled(std::string_view label, const look& how) {
  line row{how};
  row.put(" ").left(label, 8, tint::dim);
  return row;
}

/// How much of the open time is over.
void put_countdown(line& row, const tool_view& tool, const look& how) {
  const auto& stats = tool.stats;
  row.put("   next probe in ").put(countdown(stats.retry_after), tint::bold);
  row.put(" ");
  const auto width = std::min<std::size_t>(row.room(), 22);
  const auto whole = stats.time_in_state + stats.retry_after;
  if (width < 6 || whole.count() <= 0)
    return;
  const auto done = static_cast<std::size_t>(
    std::lround(static_cast<double>(width - 2)
                * std::chrono::duration<double>(stats.time_in_state)
                / std::chrono::duration<double>(whole)));
  row.put(how.unicode ? "▕" : "[", tint::dim);
  row.put(repeat(how.unicode ? "█" : "=", done), tint::bad);
  row.put(repeat(how.unicode ? "░" : " ", width - 2 - done), tint::dim);
  row.put(how.unicode ? "▏" : "]", tint::dim);
}

std::string state_detail(const tool_view& tool, const look& how) {
  const auto& stats = tool.stats;
  const auto& rules = tool.settings;
  auto row = labelled("state", how);
  std::string word{to_string(stats.state)};
  row.put(stats.state == state::half_open ? "half-open" : word,
          demo::tint_of(stats.state));
  row.put(" for " + brief(stats.time_in_state));
  switch (stats.state) {
    case state::closed:
      row.put(", " + counted(stats.consecutive_failures, "failure")
              + " in a row");
      break;
    case state::open:
      if (stats.mode == mode::automatic)
        put_countdown(row, tool, how);
      break;
    case state::half_open:
      row.put(", " + std::to_string(stats.consecutive_successes) + " of "
              + counted(rules.success_threshold, "good probe") + ", "
              + std::to_string(stats.probes_out) + " under way");
      break;
  }
  if (stats.mode == mode::isolated)
    row.put("   held open by hand until you press a or r", tint::middling);
  else if (stats.mode != mode::automatic)
    row.put("   mode " + std::string{to_string(stats.mode)}, tint::middling);
  return row.take();
}

std::string rules_detail(const switchgear::config& rules, const look& how) {
  auto row = labelled("rules", how);
  const auto share = std::ceil(rules.failure_rate_threshold
                               * static_cast<double>(rules.window_size));
  row.put(counted(rules.failure_threshold, "failure") + " in a row or "
          + std::to_string(static_cast<std::uint64_t>(share)) + " of "
          + std::to_string(rules.window_size) + " open it for "
          + brief(rules.open_timeout) + ", "
          + counted(rules.success_threshold, "probe") + " close it");
  return row.take();
}

std::string actor_detail(const tool_view& tool, const look& how) {
  const auto& stats = tool.stats;
  auto row = labelled("actor", how);
  row.put("restarts " + std::to_string(stats.restarts),
          stats.restarts > 0 ? tint::middling : tint::plain);
  row.put("   trips " + std::to_string(stats.trip_count));
  if (stats.recoveries > 0) {
    using ms = std::chrono::duration<double, std::milli>;
    row.put("   mean recovery "
            + brief(std::chrono::duration_cast<switchgear::duration>(
              ms{stats.avg_recovery_ms})));
  }
  row.put("   service on port " + std::to_string(tool.port), tint::dim);
  return row.take();
}

} // namespace

std::string rule(std::string_view title, const look& how) {
  line row{how};
  const auto dash = how.unicode ? "─" : "-";
  row.put(repeat(dash, 2), tint::dim);
  if (!title.empty())
    row.put(" ").put(title, tint::bold).put(" ");
  row.put(repeat(dash, row.room()), tint::dim);
  return row.take();
}

std::string title_line(const screen& what, const look& how) {
  line row{how};
  row.put(" switchgear ", tint::accent);
  const auto count = [&](state value, std::string_view word) {
    const auto n = std::ranges::count_if(what.tools, [value](const auto& tool) {
      return tool.stats.state == value;
    });
    if (n > 0)
      row.put("  ").put(std::to_string(n) + " " + std::string{word},
                        demo::tint_of(value));
  };
  count(state::closed, "closed");
  count(state::half_open, "half-open");
  count(state::open, "open");
  const auto busy = std::ranges::count_if(what.tools, &tool_view::traffic);
  const auto traffic = "traffic on " + std::to_string(busy) + " of "
                       + std::to_string(what.tools.size()) + " ";
  if (row.room() > traffic.size())
    row.right(traffic, row.room(), tint::dim);
  return row.take();
}

lines detail_panel(const tool_view& tool, const look& how) {
  const auto& stats = tool.stats;
  auto why = labelled("why", how);
  if (stats.why.empty())
    why.put("has not tripped yet", tint::dim);
  else
    why.left((stats.state == state::closed ? "last trip: " : "") + stats.why,
             why.room());
  return {state_detail(tool, how), why.take(), rules_detail(tool.settings, how),
          actor_detail(tool, how)};
}

lines dashboard_line(const std::string& url, const look& how) {
  for (const auto& shown : {url, url.substr(0, url.find('#'))}) {
    line row{how};
    row.put(" dashboard ", tint::dim);
    if (!shown.empty() && display_width(shown) <= row.room())
      return {row.put(shown, tint::accent).take()};
  }
  return {};
}

lines log_panel(const std::vector<log_entry>& log, std::size_t height,
                const look& how) {
  lines result;
  const auto shown = std::min(height, log.size());
  for (auto i = log.size() - shown; i < log.size(); ++i) {
    const auto& entry = log[i];
    line row{how};
    row.put(" ").left(entry.time, 9, tint::dim).put(" ");
    row.left(entry.tool, std::clamp<std::size_t>(how.columns / 7, 10, 24) - 1,
             tint::bold);
    row.put(" ");
    row.left(entry.text, row.room(), tint_of(entry.kind));
    result.push_back(row.take());
  }
  return result;
}

} // namespace demo
