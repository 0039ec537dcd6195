#include "command.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <iterator>
#include <sstream>

namespace demo {

namespace {

constexpr std::array<binding, 12> all_bindings{
  {{action::call, 'c', "call", "call", "make one call"},
   {action::traffic, 't', "traffic", "traffic", "start or stop steady traffic"},
   {action::errors, 'e', "errors", "errors",
    "break it: the service answers HTTP 500"},
   {action::hang, 'h', "hang", "hang",
    "break it: the service takes calls and never answers"},
   {action::pause, 'p', "pause", "pause",
    "break it: the service is stopped (SIGSTOP)"},
   {action::kill, 'k', "kill", "kill",
    "break it: the service is killed, connections are refused"},
   {action::heal, 'f', "fix", "heal",
    "the service is started again, or behaves again"},
   {action::isolate, 'i', "isolate", "isolate", "hold the breaker open"},
   {action::force_open, 'o', "open", "open",
    "force the breaker open; it probes when its time has come"},
   {action::reset, 'r', "reset", "reset", "reset the breaker to closed"},
   {action::automatic, 'a', "automatic", "automatic",
    "let the breaker go by its own rules again"},
   {action::crash, 'x', "crash breaker", "crash",
    "crash the breaker's actor; it comes back with all it knew"}}};

using switchgear::chaos::fault;

constexpr std::array<chaos_binding, 3> all_chaos_bindings{
  {{fault::latency, "latency", "Latency",
    "its calls take longer, on their way to the service"},
   {fault::error, "errors", "Errors",
    "six in ten calls fail before they reach the service"},
   {fault::hang, "hangs", "Hangs",
    "half of the calls hang and never reach the service"}}};

std::string join(const std::vector<std::string>& words) {
  std::string result;
  for (const auto& word : words)
    result += (result.empty() ? "" : ", ") + word;
  return result;
}

/// Nothing stands for all tools.
bool find_tool(const std::string& name, const std::vector<std::string>& tools,
               std::optional<std::size_t>& result) {
  if (name.empty() || name == "all")
    return true;
  const auto found = std::ranges::find(tools, name);
  if (found == tools.end())
    return false;
  result = static_cast<std::size_t>(found - tools.begin());
  return true;
}

const binding* find_word(std::string_view word, bool breaking) {
  const auto found
    = std::ranges::find_if(all_bindings, [&](const binding& entry) {
        return entry.word == word && breaks_service(entry.what) == breaking;
      });
  return found == all_bindings.end() ? nullptr : &*found;
}

/// A whole number of seconds, at most ten minutes.
std::optional<std::chrono::seconds> parse_seconds(const std::string& text) {
  int result = 0;
  const auto* end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, result);
  if (error != std::errc{} || rest != end || result < 1 || result > 600)
    return std::nullopt;
  return std::chrono::seconds{result};
}

/// `chaos TOOL HOW [SECONDS]`
parsed_line parse_chaos(const std::vector<std::string>& words,
                        const std::vector<std::string>& tools) {
  if (words.size() > 4)
    return misunderstanding{"too many words; try help"};
  chaos_order result;
  if (words.size() > 1 && !find_tool(words[1], tools, result.tool))
    return misunderstanding{"no tool '" + words[1] + "'; there are "
                            + join(tools)};
  const auto found
    = std::ranges::find_if(all_chaos_bindings, [&](const chaos_binding& x) {
        return words.size() > 2 && x.word == words[2];
      });
  if (found == all_chaos_bindings.end())
    return misunderstanding{"chaos TOOL how? latency, errors or hangs"};
  result.what = found->what;
  if (words.size() == 4) {
    const auto lasts = parse_seconds(words[3]);
    if (!lasts)
      return misunderstanding{"for how many seconds? 1 to 600"};
    result.lasts = *lasts;
  }
  return result;
}

parsed_line parse_request(std::string_view word) {
  if (word == "stats")
    return request::stats;
  if (word == "events")
    return request::events;
  if (word == "help" || word == "?")
    return request::help;
  if (word == "quit" || word == "exit")
    return request::quit;
  return misunderstanding{"unknown command '" + std::string{word}
                          + "'; try help"};
}

} // namespace

std::span<const binding> bindings() {
  return all_bindings;
}

std::span<const chaos_binding> chaos_bindings() {
  return all_chaos_bindings;
}

const chaos_binding& binding_of(fault what) {
  return *std::ranges::find(all_chaos_bindings, what, &chaos_binding::what);
}

bool breaks_service(action what) {
  return what == action::errors || what == action::hang || what == action::pause
         || what == action::kill;
}

parsed_line parse(std::string_view text,
                  const std::vector<std::string>& tools) {
  std::istringstream in{std::string{text}};
  const std::vector<std::string> words{std::istream_iterator<std::string>{in},
                                       {}};
  if (words.empty())
    return request::none;
  const auto word = [&words](std::size_t i) {
    return i < words.size() ? words[i] : std::string{};
  };
  if (word(0) == "chaos")
    return parse_chaos(words, tools);
  const bool breaking = word(0) == "break";
  const auto* entry = find_word(breaking ? word(2) : word(0), breaking);
  if (entry == nullptr && !breaking) {
    auto result = parse_request(word(0));
    if (words.size() > 1 && std::holds_alternative<request>(result))
      return misunderstanding{word(0) + " stands alone; try help"};
    return result;
  }
  if (words.size() > (breaking ? 3u : 2u))
    return misunderstanding{"too many words; try help"};
  command result;
  if (!find_tool(word(1), tools, result.tool))
    return misunderstanding{"no tool '" + word(1) + "'; there are "
                            + join(tools)};
  if (entry == nullptr)
    return misunderstanding{"break TOOL how? errors, hang, pause or kill"};
  result.what = entry->what;
  return result;
}

std::string line_mode_help(const std::vector<std::string>& tools) {
  std::string result;
  const auto add = [&result](std::string usage, std::string_view help) {
    usage.resize(std::max<std::size_t>(usage.size() + 2, 22), ' ');
    result.append("  ").append(usage).append(help).append("\n");
  };
  for (const auto& entry : all_bindings)
    add(breaks_service(entry.what) ? "break TOOL " + std::string{entry.word}
                                   : std::string{entry.word} + " [TOOL]",
        entry.help);
  for (const auto& entry : all_chaos_bindings)
    add("chaos TOOL " + std::string{entry.word}, entry.help);
  add("", "for " + std::to_string(chaos_time.count())
            + " s, or as many as you add; then a report of what it did");
  add("stats", "the numbers of all tools");
  add("events", "what happened");
  add("help", "this");
  add("quit", "end; so does the end of the input");
  return result + "TOOL is one of " + join(tools) + ", or all.\n";
}

} // namespace demo
