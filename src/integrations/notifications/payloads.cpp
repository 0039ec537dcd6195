#include "payloads.hpp"

#include <nlohmann/json.hpp>

namespace switchgear::payloads {

namespace {

using json = nlohmann::json;

constexpr std::size_t longest_summary = 1024;

std::string dump(const json& what) {
  return what.dump(-1, ' ', false, json::error_handler_t::replace);
}

/// Cut off, and not within a character.
std::string at_most(std::string text, std::size_t bytes) {
  if (text.size() <= bytes)
    return text;
  while (bytes > 0 && (static_cast<unsigned char>(text[bytes]) & 0xc0) == 0x80)
    --bytes;
  text.resize(bytes);
  return text;
}

/// These begin what Slack takes for markup, links and mentions.
std::string plain(const std::string& text) {
  std::string result;
  for (char each : text)
    if (each == '&')
      result += "&amp;";
    else if (each == '<')
      result += "&lt;";
    else if (each == '>')
      result += "&gt;";
    else
      result += each;
  return result;
}

const char* colour(const notification& what) {
  if (what.resolved)
    return "good";
  switch (what.level) {
    case notification_level::info:
      return "#439fe0";
    case notification_level::warning:
      return "warning";
    default:
      return "danger";
  }
}

} // namespace

std::string webhook(const notification& what) {
  return dump({{"title", what.title},
               {"text", what.text},
               {"level", to_string(what.level)},
               {"key", what.key},
               {"resolved", what.resolved},
               {"details", what.details}});
}

std::string slack(const notification& what) {
  auto fields = json::array();
  for (const auto& [name, value] : what.details)
    fields.push_back(
      {{"title", plain(name)}, {"value", plain(value)}, {"short", true}});
  const auto* const prefix = what.resolved ? "Resolved: " : "";
  return dump({{"text", prefix + plain(what.title)},
               {"attachments", json::array({{{"color", colour(what)},
                                             {"text", plain(what.text)},
                                             {"fields", fields}}})}});
}

std::string pagerduty(const notification& what,
                      const pagerduty_options& options) {
  json event{{"routing_key", options.routing_key},
             {"event_action", what.resolved ? "resolve" : "trigger"}};
  if (!what.key.empty())
    event["dedup_key"] = what.key;
  if (!what.resolved) {
    json details = what.details;
    if (!what.text.empty())
      details["text"] = what.text;
    event["payload"] = {{"summary", at_most(what.title, longest_summary)},
                        {"source", options.source},
                        {"severity", to_string(what.level)},
                        {"custom_details", std::move(details)}};
  }
  return dump(event);
}

} // namespace switchgear::payloads
