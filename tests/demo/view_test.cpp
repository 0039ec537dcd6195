#include "view.hpp"

#include <sstream>

#include <gmock/gmock.h>

#include "command.hpp"
#include "text.hpp"

using namespace demo;
using namespace std::chrono_literals;
using switchgear::mode;
using switchgear::state;
using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;

namespace {

tool_view closed_tool(const std::string& name) {
  tool_view result;
  auto& stats = result.stats;
  stats.name = name;
  stats.total_calls = 1523;
  stats.total_successes = 1498;
  stats.total_failures = 25;
  stats.avg_latency = 4100us;
  stats.p95_latency = 11ms;
  stats.time_in_state = 12s;
  result.settings.failure_threshold = 3;
  result.settings.open_timeout = 5s;
  result.port = 40123;
  result.recent.assign(30, fate::success);
  return result;
}

tool_view open_tool(const std::string& name) {
  auto result = closed_tool(name);
  auto& stats = result.stats;
  stats.state = state::open;
  stats.retry_after = 1400ms;
  stats.time_in_state = 3600ms;
  stats.trip_count = 2;
  stats.total_rejected = 4;
  stats.recoveries = 1;
  stats.avg_recovery_ms = 5200;
  stats.why = "3 failures in a row (threshold 3), last: connection refused";
  result.service = condition::dead;
  result.traffic = true;
  result.recent.insert(result.recent.end(), 3, fate::failure);
  result.recent.insert(result.recent.end(), 4, fate::rejected);
  return result;
}

tool_view half_open_tool(const std::string& name) {
  auto result = closed_tool(name);
  result.stats.state = state::half_open;
  result.stats.consecutive_successes = 1;
  result.stats.probes_out = 1;
  result.stats.restarts = 1;
  return result;
}

const std::string bare_url = "http://127.0.0.1:9464/";
const std::string page_url
  = bare_url + "#token=0123456789abcdef0123456789abcdef";

screen some_screen() {
  screen result;
  result.tools = {closed_tool("database"), open_tool("payments"),
                  half_open_tool("search"), closed_tool("llm")};
  result.selected = 1;
  result.log
    = {{"22:01:13", "payments", "you: service is killed"},
       {"22:01:15", "payments", "open: 3 failures in a row", news::bad}};
  return result;
}

/// Without escape sequences.
std::string plain(const std::string& line) {
  std::string result;
  for (std::size_t i = 0; i < line.size(); ++i)
    if (line[i] == '\x1b')
      i = line.find('m', i);
    else
      result += line[i];
  return result;
}

std::string drawn(const screen& what, const look& how) {
  std::string result;
  for (const auto& line : render(what, how)) {
    auto text = plain(line);
    text.erase(text.find_last_not_of(' ') + 1);
    result += text + "\n";
  }
  return result;
}

} // namespace

TEST(view, a_screen) {
  const std::string expected = R"(
 switchgear   2 closed  1 half-open  1 open                   traffic on 1 of 4
  tool       state            next     success       calls failed rejected trips
  database   ●━━●  closed              ██████  98%   1,523     25        0     0
  healthy    ••••••••••••••••••••••••••••••                avg 4.1 ms, p95 11 ms
▸ payments   ●╱ ●  open       in 1.4 s ██████  98%   1,523     25        4     2
  killed   ⇄ ••••••••••••••••••••••••••••••✗✗✗––––         avg 4.1 ms, p95 11 ms
  search     ●╌╌●  half-open  1 of 2   ██████  98%   1,523     25        0     0
  healthy    ••••••••••••••••••••••••••••••                avg 4.1 ms, p95 11 ms
  llm        ●━━●  closed              ██████  98%   1,523     25        0     0
  healthy    ••••••••••••••••••••••••••••••                avg 4.1 ms, p95 11 ms
── payments ────────────────────────────────────────────────────────────────────
 state   open for 3.6 s   next probe in 1.4 s ▕██████████████░░░░░░▏
 why     3 failures in a row (threshold 3), last: connection refused
 rules   3 failures in a row or 5 of 10 open it for 5.0 s, 2 probes close it
 actor   restarts 0   trips 2   mean recovery 5.2 s   service on port 40123
── events ──────────────────────────────────────────────────────────────────────
 22:01:13  payments   you: service is killed
 22:01:15  payments   open: 3 failures in a row




 ↑↓ tool  c call  t traffic  e errors  h hang  p pause  k kill  f fix
 i isolate  o open  r reset  a automatic  x crash breaker  ? help  q quit
)";
  std::istringstream wanted{expected.substr(1)};
  std::istringstream got{drawn(some_screen(), {})};
  for (std::string left, right; std::getline(wanted, left);) {
    std::getline(got, right);
    EXPECT_EQ(left, right);
  }
  EXPECT_EQ(got.peek(), EOF);
}

TEST(view, never_larger_than_the_terminal) {
  auto what = some_screen();
  what.tools[0].stats.name = "データベース・プライマリ";
  what.tools[3].stats.name = "a\x1b[2Jb\xff\n👍🏽 long enough to be cut";
  what.tools[1].stats.why = std::string(300, 'w');
  what.tools[1].stats.total_rejected = 123'456'789'012;
  what.tools[1].recent.resize(1000, fate::failure);
  what.log.push_back({"22:01:16", std::string(50, 't'), std::string(500, 'x')});
  what.dashboard = page_url;
  const auto expect_fitting = [&what](const look& how) {
    const auto lines = render(what, how);
    ASSERT_LE(lines.size(), how.rows) << how.columns;
    for (const auto& line : lines)
      ASSERT_LE(display_width(plain(line)), how.columns) << plain(line);
  };
  for (std::size_t columns = 1; columns <= 120; ++columns) {
    what.help = false;
    for (std::size_t rows : {1, 2, 3, 6, 9, 10, 16, 24})
      expect_fitting({columns, rows, true, true});
    expect_fitting({columns, 24, false, true});
    what.help = true;
    expect_fitting({columns, 24, true, true});
  }
  what.help = false;
  expect_fitting({500, 200, true, true});
}

TEST(view, fills_the_terminal_so_that_keys_stay_at_its_foot) {
  for (std::size_t rows : {16, 24, 50}) {
    const auto lines = render(some_screen(), {80, rows, true, true});
    ASSERT_EQ(lines.size(), rows);
    EXPECT_THAT(plain(lines.back()), HasSubstr("q quit"));
  }
}

TEST(view, names_cannot_draw) {
  auto what = some_screen();
  what.tools[0].stats.name = "\x1b[2Jx";
  what.log[0].text = "\x1b]0;title\x07";
  for (const auto& line : render(what, {})) {
    EXPECT_THAT(line, Not(HasSubstr("\x1b[2J")));
    EXPECT_THAT(line, Not(HasSubstr("\x1b]")));
  }
}

TEST(view, ascii_only_where_unicode_is_not_shown) {
  auto what = some_screen();
  for (bool help : {false, true}) {
    what.help = help;
    for (const auto& line : render(what, {80, 24, false, true}))
      for (char c : line)
        ASSERT_GE(c, 0) << line;
  }
  what.help = false;
  const auto text = drawn(what, {80, 24, false, true});
  EXPECT_THAT(text, HasSubstr("o/ o  open"));
  EXPECT_THAT(text, HasSubstr("....xxx----"));
}

TEST(view, no_colours_if_so_wished) {
  for (const auto& line : render(some_screen(), {80, 24, true, false}))
    for (const auto* colour : {"[3", "[4", ";3", ";4", "[9", ";9"})
      EXPECT_THAT(line, Not(HasSubstr(colour)));
}

TEST(view, states_are_coloured) {
  const auto lines = render(some_screen(), {});
  EXPECT_THAT(lines[2], HasSubstr("\x1b[1;32m closed"));
  EXPECT_THAT(lines[4], HasSubstr("\x1b[1;97;41m open"));
  EXPECT_THAT(lines[6], HasSubstr("\x1b[1;30;43m half-open"));
}

TEST(view, narrow_screens_keep_what_matters_most) {
  const auto text = drawn(some_screen(), {44, 12, true, true});
  EXPECT_THAT(text, HasSubstr("payments"));
  EXPECT_THAT(text, HasSubstr("open       in 1.4 s"));
  EXPECT_THAT(text, HasSubstr("q quit"));
  EXPECT_THAT(text, Not(HasSubstr("trips")));
}

TEST(view, low_screens_keep_the_selected_tool) {
  auto what = some_screen();
  for (std::size_t selected = 0; selected < what.tools.size(); ++selected) {
    what.selected = selected;
    EXPECT_THAT(drawn(what, {80, 4, true, true}),
                HasSubstr("▸ " + what.tools[selected].stats.name));
  }
}

TEST(view, held_open_says_how_to_let_go) {
  auto what = some_screen();
  what.tools[1].stats.mode = mode::isolated;
  const auto text = drawn(what, {});
  EXPECT_THAT(text, HasSubstr("open       held"));
  EXPECT_THAT(text, HasSubstr("held open by hand until you press a or r"));
  EXPECT_THAT(text, Not(HasSubstr("next probe")));
}

TEST(view, half_open_says_what_is_awaited) {
  auto what = some_screen();
  what.selected = 2;
  const auto text = drawn(what, {});
  EXPECT_THAT(text, HasSubstr("half-open  1 of 2"));
  EXPECT_THAT(text, HasSubstr("1 of 2 good probes, 1 under way"));
  EXPECT_THAT(text, HasSubstr("restarts 1"));
}

TEST(view, a_rate_is_whole_only_if_all_calls_are) {
  screen what;
  what.tools = {closed_tool("x")};
  auto& stats = what.tools[0].stats;
  const auto rate = [&](std::uint64_t successes, std::uint64_t failures,
                        std::uint64_t rejected) {
    stats.total_successes = successes;
    stats.total_failures = failures;
    stats.total_rejected = rejected;
    const auto text = plain(render(what, {})[2]);
    return text.substr(0, text.find('%') + 1);
  };
  EXPECT_THAT(rate(1000, 0, 0), EndsWith(" 100%"));
  EXPECT_THAT(rate(999'999, 1, 0), EndsWith(" 99%"));
  EXPECT_THAT(rate(999'999, 0, 1), EndsWith(" 99%"));
  EXPECT_THAT(rate(1, 999'999, 0), EndsWith(" 1%"));
  EXPECT_THAT(rate(0, 5, 0), EndsWith(" 0%"));
  EXPECT_THAT(rate(13, 4, 3), EndsWith(" 65%"));
  EXPECT_EQ(rate(0, 0, 0), ""); // nothing is known
}

TEST(view, the_strip_shows_the_newest_calls) {
  screen what;
  what.tools = {closed_tool("x")};
  what.tools[0].recent.assign(500, fate::success);
  what.tools[0].recent.back() = fate::failure;
  EXPECT_THAT(drawn(what, {}), HasSubstr("••••✗"));
}

TEST(view, help_explains_every_key_in_24_lines) {
  auto what = some_screen();
  what.help = true;
  const auto text = drawn(what, {});
  for (const auto& entry : bindings())
    EXPECT_THAT(text, HasSubstr(std::string{entry.help}));
  EXPECT_THAT(text, HasSubstr("Any key leaves this page."));
}

TEST(view, the_page_is_at_the_foot) {
  auto what = some_screen();
  what.dashboard = page_url;
  const auto lines = render(what, {});
  ASSERT_EQ(lines.size(), 24u);
  EXPECT_EQ(plain(lines[21]), " dashboard " + page_url);
  EXPECT_THAT(plain(lines[23]), EndsWith("q quit "));
  // The newest entries stay.
  EXPECT_THAT(drawn(what, {}), HasSubstr("open: 3 failures in a row"));
}

TEST(view, an_address_is_never_cut) {
  auto what = some_screen();
  what.dashboard = page_url;
  for (std::size_t columns = 1; columns <= 100; ++columns) {
    const auto text = drawn(what, {columns, 24, true, true});
    const bool whole = columns >= page_url.size() + 11;
    const bool bare = columns >= bare_url.size() + 11;
    ASSERT_EQ(text.find(page_url) != text.npos, whole) << columns;
    ASSERT_EQ(text.find(bare_url) != text.npos, bare) << columns;
    ASSERT_EQ(text.find(" dashboard ") != text.npos, bare) << columns;
  }
}

TEST(view, the_page_takes_room_from_nothing_but_events) {
  auto what = some_screen();
  const auto without_events = [&what](std::size_t rows) {
    std::string result;
    bool events = false;
    for (const auto& each : render(what, {80, rows, true, true})) {
      const auto text = plain(each);
      events
        = !text.starts_with(" ↑↓")
          && (events || text.empty() || text.find("─ events") != text.npos);
      if (!events && !text.starts_with(" dashboard "))
        result += text + '\n';
    }
    return result;
  };
  for (std::size_t rows = 1; rows <= 30; ++rows) {
    what.dashboard.clear();
    const auto before = without_events(rows);
    what.dashboard = page_url;
    EXPECT_EQ(without_events(rows), before) << rows;
    EXPECT_LE(render(what, {80, rows, true, true}).size(), rows);
  }
  EXPECT_THAT(drawn(what, {80, 18, true, true}), HasSubstr(page_url));
}

TEST(view, help_has_all_of_the_address) {
  auto what = some_screen();
  what.help = true;
  what.dashboard = page_url;
  const auto text = drawn(what, {});
  EXPECT_THAT(text, HasSubstr("Dashboard: " + page_url + '\n'));
  EXPECT_THAT(text, HasSubstr("Any key leaves this page."));
  std::string narrow;
  for (const auto& each : render(what, {30, 24, true, true}))
    narrow += plain(each);
  EXPECT_THAT(narrow, HasSubstr(page_url));
}

TEST(view, without_tools_there_is_still_help) {
  EXPECT_THAT(drawn({}, {}), HasSubstr("help"));
}
