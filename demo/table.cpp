// The table of tools: two rows each, and what gives way on a narrow screen.

#include <algorithm>
#include <cmath>

#include "panels.hpp"
#include "text.hpp"

namespace demo {

namespace {

using switchgear::mode;
using switchgear::state;

/// The table's columns and the width of each; 0 if it is left out.
struct layout {
  std::size_t name = 0;
  std::size_t next = 10;
  std::size_t bar = 7;
  std::size_t rate = 5;
  std::size_t calls = 7;
  std::size_t failed = 7;
  std::size_t rejected = 9;
  std::size_t trips = 6;

  static constexpr std::size_t marker = 2;
  static constexpr std::size_t glyph = 5;
  static constexpr std::size_t badge = 11;

  explicit layout(std::size_t columns)
    : name(std::clamp<std::size_t>(columns / 7, 10, 24)) {
    // The least important first.
    for (auto* column :
         {&bar, &trips, &calls, &rejected, &failed, &next, &rate})
      if (total() > columns)
        *column = 0;
    if (bar > 0 && columns > total())
      bar = std::min<std::size_t>(bar + columns - total(), 33);
  }

  std::size_t total() const {
    return marker + name + glyph + badge + next + bar + rate + calls + failed
           + rejected + trips;
  }
};

std::uint64_t all_calls(const switchgear::statistics& stats) {
  return stats.total_successes + stats.total_failures + stats.total_rejected;
}

/// `100%` only if every call succeeded, `0%` only if none did.
std::string percent(const switchgear::statistics& stats) {
  const auto all = all_calls(stats);
  if (all == 0)
    return "-";
  auto value = std::lround(100.0 * static_cast<double>(stats.total_successes)
                           / static_cast<double>(all));
  if (stats.total_successes < all)
    value = std::min(value, 99L);
  if (stats.total_successes > 0)
    value = std::max(value, 1L);
  return std::to_string(value) + "%";
}

/// What the breaker waits for.
std::string next_step(const tool_view& tool) {
  const auto& stats = tool.stats;
  if (stats.mode == mode::isolated)
    return "held";
  if (stats.state == state::open)
    return "in " + countdown(stats.retry_after);
  if (stats.state == state::half_open)
    return std::to_string(stats.consecutive_successes) + " of "
           + std::to_string(tool.settings.success_threshold);
  return "";
}

tint badge_of(state value) {
  switch (value) {
    case state::closed:
      return tint::good_badge;
    case state::open:
      return tint::bad_badge;
    case state::half_open:
      return tint::middling_badge;
  }
  return tint::plain;
}

/// Share of calls that succeeded, failed and were rejected.
void put_bar(line& row, const switchgear::statistics& stats, std::size_t width,
             bool unicode) {
  const auto all = all_calls(stats);
  const auto share = [&](std::uint64_t part) {
    return static_cast<std::size_t>(
      std::lround(static_cast<double>(part * width)
                  / static_cast<double>(std::max<std::uint64_t>(all, 1))));
  };
  const auto good = share(stats.total_successes);
  const auto bad = std::min(share(stats.total_failures), width - good);
  const auto rest = all == 0 ? 0 : width - good - bad;
  row.put(repeat(unicode ? "█" : "#", good), tint::good);
  row.put(repeat(unicode ? "▓" : "x", bad), tint::bad);
  row.put(repeat(unicode ? "░" : "-", rest), tint::middling);
  row.put(repeat(unicode ? "·" : ".", width - good - bad - rest), tint::dim);
}

struct symbol {
  std::string_view text;
  tint paint;
};

symbol symbol_of(fate how, bool unicode) {
  switch (how) {
    case fate::success:
      return {unicode ? "•" : ".", tint::good};
    case fate::failure:
      return {unicode ? "✗" : "x", tint::bad};
    case fate::rejected:
      return {unicode ? "–" : "-", tint::middling};
  }
  return {"?", tint::plain};
}

/// The newest calls that there is room for, the newest at the right.
void put_strip(line& row, const std::vector<fate>& recent, std::size_t width,
               bool unicode) {
  auto first = recent.end()
               - static_cast<std::ptrdiff_t>(std::min(width, recent.size()));
  while (first != recent.end()) {
    const auto last = std::find_if(first, recent.end(),
                                   [&](fate how) { return how != *first; });
    const auto [text, paint] = symbol_of(*first, unicode);
    row.put(repeat(text, static_cast<std::size_t>(last - first)), paint);
    first = last;
  }
}

} // namespace

tint tint_of(state value) {
  switch (value) {
    case state::closed:
      return tint::good;
    case state::open:
      return tint::bad;
    case state::half_open:
      return tint::middling;
  }
  return tint::plain;
}

std::string_view glyph_of(state value, bool unicode) {
  switch (value) {
    case state::closed:
      return unicode ? "●━━●" : "o--o";
    case state::open:
      return unicode ? "●╱ ●" : "o/ o";
    case state::half_open:
      return unicode ? "●╌╌●" : "o..o";
  }
  return "?";
}

std::string table_header(const look& how) {
  const layout widths{how.columns};
  line row{how};
  row.move_to(layout::marker).left("tool", widths.name, tint::dim);
  row.left("state", layout::glyph + layout::badge, tint::dim);
  row.left(widths.next > 0 ? " next" : "", widths.next, tint::dim);
  row.left(widths.bar > 0 ? "success" : "  ok", widths.bar + widths.rate,
           tint::dim);
  row.right("calls", widths.calls, tint::dim);
  row.right("failed", widths.failed, tint::dim);
  row.right("rejected", widths.rejected, tint::dim);
  row.right("trips", widths.trips, tint::dim);
  return row.take();
}

std::string table_row(const tool_view& tool, bool selected, const look& how) {
  const layout widths{how.columns};
  const auto& stats = tool.stats;
  line row{how};
  row.left(selected ? (how.unicode ? "▸" : ">") : "", layout::marker,
           tint::accent);
  row.left(stats.name, widths.name - 1, selected ? tint::accent : tint::bold);
  row.put(" ");
  row.left(glyph_of(stats.state, how.unicode), layout::glyph,
           tint_of(stats.state));
  std::string word{to_string(stats.state)};
  if (stats.state == state::half_open)
    word = "half-open";
  row.left(" " + word + repeat(" ", layout::badge - 1 - word.size()),
           layout::badge, badge_of(stats.state));
  row.left(widths.next > 0 ? " " + next_step(tool) : "", widths.next,
           tint_of(stats.state));
  if (widths.bar > 0) {
    put_bar(row, stats, widths.bar - 1, how.unicode);
    row.put(" ");
  }
  row.right(percent(stats), widths.rate > 0 ? widths.rate - 1 : 0);
  row.put(widths.rate > 0 ? " " : "");
  const auto number
    = [&row](std::uint64_t value, std::size_t width, tint paint) {
        row.right(width > 0 ? brief(value) : "", width,
                  value > 0 ? paint : tint::dim);
      };
  number(stats.total_calls, widths.calls, tint::plain);
  number(stats.total_failures, widths.failed, tint::bad);
  number(stats.total_rejected, widths.rejected, tint::middling);
  number(stats.trip_count, widths.trips, tint::plain);
  return row.take();
}

std::string strip_row(const tool_view& tool, const look& how) {
  const layout widths{how.columns};
  const auto& stats = tool.stats;
  line row{how};
  row.move_to(layout::marker);
  row.left(to_string(tool.service), widths.name - 2,
           tool.service == condition::healthy ? tint::dim : tint::bad);
  row.left(tool.traffic ? (how.unicode ? "⇄" : "*") : "", 2, tint::accent);
  std::string latency;
  if (stats.avg_latency.count() > 0)
    latency = " avg " + brief(stats.avg_latency) + ", p95 "
              + brief(stats.p95_latency);
  if (row.room() < latency.size() + 10)
    latency.clear();
  // Room for the longest text, or the strip would jump about.
  const std::size_t reserved = row.room() > 40 ? 24 : latency.size();
  put_strip(row, tool.recent, row.room() - reserved, how.unicode);
  row.right(latency, row.room(), tint::dim);
  return row.take();
}

} // namespace demo
