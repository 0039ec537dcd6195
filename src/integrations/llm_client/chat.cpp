#include "chat.hpp"

#include <nlohmann/json.hpp>

namespace switchgear {

namespace {

using json = nlohmann::json;

// More of an error than anybody reads.
constexpr std::size_t longest_error = 500;

json parse(std::string_view text) {
  return json::parse(text, nullptr, false);
}

std::string string_in(const json& object, const char* name) {
  const auto found = object.find(name);
  if (found == object.end() || !found->is_string())
    return {};
  return found->get<std::string>();
}

std::string error_in(const json& answer) {
  const auto found = answer.find("error");
  if (found == answer.end() || found->is_null())
    return {};
  if (found->is_string())
    return found->get<std::string>().substr(0, longest_error);
  if (!found->is_object())
    return "an error";
  auto text = string_in(*found, "message").substr(0, longest_error);
  return text.empty() ? "an error" : text;
}

} // namespace

std::string chat_body(const llm_request& what, const std::string& model) {
  json body{{"model", model}, {"stream", true}, {"messages", json::array()}};
  for (const auto& each : what.messages)
    body["messages"].push_back(
      {{"role", each.role}, {"content", each.content}});
  if (what.temperature)
    body["temperature"] = *what.temperature;
  if (what.max_tokens)
    body["max_tokens"] = *what.max_tokens;
  return body.dump(-1, ' ', false, json::error_handler_t::replace);
}

chat_event read_chat_event(std::string_view data) {
  chat_event result;
  const auto event = parse(data);
  if (!event.is_object()) {
    result.understood = false;
    return result;
  }
  result.error = error_in(event);
  const auto choices = event.find("choices");
  if (choices == event.end() || !choices->is_array() || choices->empty()
      || !choices->front().is_object())
    return result; // it may tell of something else, as of the usage
  const auto& choice = choices->front();
  result.finish_reason = string_in(choice, "finish_reason");
  if (const auto delta = choice.find("delta");
      delta != choice.end() && delta->is_object())
    result.text = string_in(*delta, "content");
  return result;
}

std::string read_chat_error(std::string_view body) {
  const auto answer = parse(body);
  return answer.is_object() ? error_in(answer) : std::string{};
}

} // namespace switchgear
