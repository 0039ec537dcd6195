#include "conformance/sup_script.hpp"

#include <array>
#include <string_view>
#include <utility>

#include "conformance/line_reader.hpp"

namespace switchgear::conformance {

namespace {

constexpr int longest = 86'400'000; // a day

using milliseconds = std::chrono::milliseconds;

/// A word of the form `key=value`.
struct setting {
  std::string_view key;
  std::string_view value;
};

setting read_setting(line_reader& from, std::string_view allowed) {
  const std::string_view word = from.any("setting");
  const auto sign = word.find('=');
  if (sign == std::string_view::npos)
    from.fail("setting is '" + std::string{word} + "'", allowed);
  return {word.substr(0, sign), word.substr(sign + 1)};
}

[[noreturn]] void unknown(const line_reader& where, const setting& given,
                          std::string_view allowed) {
  where.fail("setting is '" + std::string{given.key} + "'", allowed);
}

/// Finds the enumerator whose name is the value.
template <class Enum, std::size_t N>
Enum read_enum(const line_reader& where, const setting& given,
               const std::array<Enum, N>& all) {
  std::string allowed;
  for (auto each : all) {
    if (given.value == to_string(each))
      return each;
    allowed.append(allowed.empty() ? "" : ", ").append(to_string(each));
  }
  where.fail(std::string{given.key} + " is '" + std::string{given.value} + "'",
             allowed);
}

int read_number(const line_reader& where, const setting& given, int lowest,
                int highest) {
  return read_number(where, given.key, given.value, lowest, highest);
}

supervision::supervisor_options read_options(line_reader& from) {
  using supervision::restart_strategy;
  static constexpr auto keys = "strategy=, intensity=, period=";
  supervision::supervisor_options result;
  while (!from.at_end()) {
    const auto given = read_setting(from, keys);
    if (given.key == "strategy")
      result.strategy = read_enum(from, given,
                                  std::array{restart_strategy::one_for_one,
                                             restart_strategy::rest_for_one,
                                             restart_strategy::one_for_all});
    else if (given.key == "intensity")
      result.intensity = read_number(from, given, 0, longest);
    else if (given.key == "period")
      result.period
        = std::chrono::seconds{read_number(from, given, 1, longest)};
    else
      unknown(from, given, keys);
  }
  return result;
}

supervision::shutdown_time read_shutdown(const line_reader& where,
                                         const setting& given) {
  if (given.value == "infinity")
    return infinity;
  if (given.value == "brutal_kill")
    return supervision::brutal_kill;
  return milliseconds{read_number(where, given, 0, longest)};
}

std::set<int> read_starts(const line_reader& where, setting given) {
  std::set<int> result;
  for (;;) {
    const auto comma = given.value.find(',');
    result.insert(read_number(
      where, setting{given.key, given.value.substr(0, comma)}, 1, longest));
    if (comma == std::string_view::npos)
      return result;
    given.value.remove_prefix(comma + 1);
  }
}

sup_child read_child(line_reader& from) {
  using supervision::restart_type;
  static constexpr auto keys
    = "restart=, shutdown=, trap=, slow=, ignore=, fail_starts=";
  sup_child result;
  result.id = from.name("child");
  while (!from.at_end()) {
    const auto given = read_setting(from, keys);
    if (given.key == "restart")
      result.restart
        = read_enum(from, given,
                    std::array{restart_type::permanent, restart_type::transient,
                               restart_type::temporary});
    else if (given.key == "shutdown")
      result.shutdown = read_shutdown(from, given);
    else if (given.key == "trap")
      result.traps_exits = read_number(from, given, 0, 1) == 1;
    else if (given.key == "slow")
      result.slow = milliseconds{read_number(from, given, 0, longest)};
    else if (given.key == "ignore")
      result.ignores = read_number(from, given, 0, 1) == 1;
    else if (given.key == "fail_starts")
      result.fail_starts = read_starts(from, given);
    else
      unknown(from, given, keys);
  }
  return result;
}

/// A word, or `shutdown:` and a word.
std::string read_reason(line_reader& from) {
  static constexpr std::string_view prefix = "shutdown:";
  const std::string word = from.any("reason");
  const std::string_view text = word;
  const auto name
    = text.starts_with(prefix) ? text.substr(prefix.size()) : text;
  if (name.empty()
      || name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_")
           != std::string_view::npos)
    from.fail("reason is '" + word + "'",
              "a word of a-z, 0-9 and _, or shutdown:WORD");
  return word;
}

sup_step read_step(line_reader& from) {
  using kind = sup_step::kind;
  static constexpr std::array<std::pair<std::string_view, kind>, 10> words{{
    {"exit", kind::exit},
    {"crash", kind::crash},
    {"kill", kind::kill},
    {"wait", kind::wait},
    {"which", kind::which},
    {"count", kind::count},
    {"terminate", kind::terminate},
    {"restart", kind::restart},
    {"delete", kind::delete_child},
    {"start", kind::start},
  }};
  std::vector<std::string_view> allowed;
  for (const auto& [word, what] : words)
    allowed.push_back(word);
  sup_step result;
  result.line = from.line();
  result.word = from.one_of("step", allowed);
  for (const auto& [word, what] : words)
    if (word == result.word)
      result.what = what;
  switch (result.what) {
    case kind::which:
    case kind::count:
      break;
    case kind::wait:
      result.time = milliseconds{from.number("time", 0, longest)};
      break;
    case kind::start:
      result.child = read_child(from);
      result.id = result.child.id;
      break;
    default:
      result.id = from.name("child");
      if (result.what == kind::exit || result.what == kind::crash)
        result.reason = read_reason(from);
      break;
  }
  from.end();
  return result;
}

/// Steps can only end children that have been mentioned.
void check_ids(const sup_script& script) {
  std::set<std::string> known;
  for (const auto& each : script.children)
    known.insert(each.id);
  for (const auto& each : script.steps) {
    using kind = sup_step::kind;
    if (each.what == kind::start)
      known.insert(each.id);
    const bool ends = each.what == kind::exit || each.what == kind::crash
                      || each.what == kind::kill;
    if (!ends || known.contains(each.id))
      continue;
    std::string allowed;
    for (const auto& id : known)
      allowed.append(allowed.empty() ? "" : ", ").append(id);
    throw bad_scenario{"line " + std::to_string(each.line) + ": child is '"
                       + each.id
                       + "'; allowed: " + (known.empty() ? "none" : allowed)};
  }
}

} // namespace

sup_script parse_sup(const lines& scenario) {
  sup_script result;
  bool has_options = false;
  bool running = false;
  for (std::size_t i = 0; i < scenario.size(); ++i) {
    line_reader from{i + 1, scenario[i]};
    if (from.at_end())
      continue;
    if (running) {
      result.steps.push_back(read_step(from));
      continue;
    }
    const auto& word = from.one_of("record", {"name", "sup", "child", "run"});
    if (word == "name") {
      from.name("name");
    } else if (word == "sup") {
      if (has_options)
        from.fail("a second sup");
      has_options = true;
      result.options = read_options(from);
    } else if (word == "child") {
      auto child = read_child(from);
      for (const auto& each : result.children)
        if (each.id == child.id)
          from.fail("child is '" + child.id + "'", "an id only once");
      result.children.push_back(std::move(child));
    } else {
      running = true;
    }
    from.end();
  }
  if (!running)
    throw bad_scenario{"the scenario ends before 'run'"};
  check_ids(result);
  return result;
}

} // namespace switchgear::conformance
